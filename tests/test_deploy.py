"""The examples in deploy/ are well-formed and name only what exists."""

import configparser
import os
import re
import shutil
import subprocess
import sys
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
import yaml
from django.core.management import get_commands, load_command_class

from boardsite.server.timetable import CHORES
from tests.collector.sources_server import write_certificate
from tests.services import missing
from tests.sources import ROOT

DEPLOY = ROOT / "deploy"
UNITS = DEPLOY / "systemd"
PLACE = "/srv/boardsite"
DOCUMENTED = set(
    re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs/settings.md").read_text("utf-8"), re.MULTILINE)
)
"""The variables of docs/settings.md."""


def unit(path: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=False, delimiters="=")
    parser.optionxform = str
    parser.read_string(path.read_text("utf-8"))
    return parser


def variables_of(path: Path) -> set[str]:
    lines = re.findall(r"^Environment=(\w+)=", path.read_text("utf-8"), re.MULTILINE)
    return set(lines)


TIMERS = sorted(UNITS.glob("*.timer"))
SERVICES = sorted(UNITS.glob("*.service"))
SYSTEMD_ANALYZE = shutil.which("systemd-analyze")


# -- systemd ---------------------------------------------------------------------------------------
def chore_of(timer: Path) -> str:
    return re.fullmatch(r"boardsite-chore@(\w+)\.service", unit(timer)["Timer"]["Unit"])[1]


def test_each_chore_has_one_timer_and_each_timer_a_chore():
    assert sorted(chore_of(timer) for timer in TIMERS) == sorted(CHORES)
    assert set(CHORES) <= set(get_commands())


@pytest.mark.parametrize("timer", TIMERS, ids=lambda path: path.stem)
def test_a_timer_runs_as_often_as_the_server_would(timer):
    calendar = unit(timer)["Timer"]["OnCalendar"]
    every = {"*:*": 60, "*:0/5": 300, "*:2/5": 300, "*-*-* 04:17:00 Asia/Seoul": 86_400}
    every |= {"*:37": 3600, "Sun *-*-* 05:17:00 Asia/Seoul": 7 * 86_400}
    assert every[calendar] == CHORES[chore_of(timer)]
    assert timer.stem == "boardsite-" + chore_of(timer).replace("_", "-")
    assert unit(timer)["Install"]["WantedBy"] == "timers.target"


def test_a_chore_runs_as_the_server_runs_it():
    words = unit(UNITS / "boardsite-chore@.service")["Service"]["ExecStart"].split()
    assert words == [f"{PLACE}/.venv/bin/python", "manage.py", "%i", "--verbosity=0"]


def test_the_service_starts_existing_commands_and_leaves_the_chores_to_the_timers():
    service = unit(UNITS / "boardsite.service")["Service"]
    program = ROOT / Path(service["ExecStart"]).relative_to(PLACE)
    assert os.access(program, os.X_OK)
    assert "Environment=HOUSEKEEPING=off" in (UNITS / "boardsite.service").read_text("utf-8")


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.stem)
def test_a_unit_sets_only_documented_variables(path):
    assert variables_of(path) <= DOCUMENTED | {"PYTHONUTF8", "XDG_CACHE_HOME"}


def test_files_named_in_the_operators_page_exist():
    page = (ROOT / "docs/operating.md").read_text("utf-8")
    korean = (ROOT / "docs/operating.ko.md").read_text("utf-8")
    assert set(re.findall(r"manage\.py ([a-z_]+)", korean)) <= set(get_commands())
    enabled = re.search(r"boardsite-\{([a-z,-]+)\}\.timer", page)[1].split(",")
    others = re.findall(r"boardsite-([a-z-]+)\.timer", page)
    assert {f"boardsite-{name}" for name in (*enabled, *others)} == {each.stem for each in TIMERS}
    assert set(re.findall(r"manage\.py ([a-z_]+)", page)) <= set(get_commands())
    files = re.findall(r"`(deploy/[\w./]+)`", page)
    assert files
    assert all((ROOT / file).exists() for file in files)


def test_systemd_accepts_the_units(tmp_path):
    if not SYSTEMD_ANALYZE:
        missing("no systemd-analyze here", required_by="REQUIRE_SERVICES")
    for path in (*SERVICES, *TIMERS):
        text = path.read_text("utf-8").replace(f"{PLACE}/.venv/bin/python", sys.executable)
        (tmp_path / path.name).write_text(text.replace(PLACE, str(ROOT)), "utf-8")
    names = [str(tmp_path / path.name) for path in (*SERVICES, *TIMERS)]
    said = subprocess.run(
        [SYSTEMD_ANALYZE, "verify", "--man=no", *names],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={**os.environ, "SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
    )
    ours = [line for line in said.stderr.splitlines() if "boardsite" in line]
    assert (said.returncode, ours) == (0, [])


# -- containers ------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))


def test_compose_runs_the_site_the_collector_and_the_database(compose):
    profiles = {name: service.get("profiles") for name, service in compose["services"].items()}
    always = dict.fromkeys(("web", "collector", "postgres"))
    assert profiles == always | {"web2": ["many"], "replica": ["many"], "redis": ["redis", "many"]}
    volumes = {
        volume.partition(":")[0]
        for service in compose["services"].values()
        for volume in service.get("volumes", [])
    }
    files = {volume for volume in volumes if volume.startswith("./")}
    assert volumes - files == set(compose["volumes"])
    assert all((DEPLOY / file).is_file() for file in files)


def test_the_collector_of_compose_understands_its_command(compose):
    python, manage, name, *arguments = compose["services"]["collector"]["command"]
    assert (python, name) == ("python", "collect")
    command = load_command_class(get_commands()[name], name)
    assert command.create_parser(manage, name).parse_args(arguments).watch


def test_compose_keeps_data_and_listens_on_localhost_only(compose):
    for name in ("web", "web2", "collector"):
        service = compose["services"][name]
        assert f"data:{service['environment']['DATA_DIR']}" in service["volumes"]
        assert set(service["environment"]) <= DOCUMENTED
    assert compose["services"]["web"]["ports"] == ["127.0.0.1:8000:8000"]
    assert compose["services"]["web2"]["ports"] == ["127.0.0.1:8001:8000"]
    hidden = ("postgres", "replica", "redis")
    assert not any("ports" in compose["services"][name] for name in hidden)
    context = DEPLOY / compose["services"]["web"]["build"]["context"]
    assert (context / compose["services"]["web"]["build"]["dockerfile"]).is_file()


def test_no_log_of_compose_grows_without_limit(compose):
    for name, service in compose["services"].items():
        assert service["logging"]["options"]["max-size"], name


def test_compose_requires_its_secrets(compose):
    environment = compose["services"]["web"]["environment"]
    assert environment["SECRET_KEY"].startswith("${SECRET_KEY:?")
    assert "${POSTGRES_PASSWORD:?" in environment["DATABASE_URL"]


def dockerfile() -> list[tuple[str, str]]:
    lines = (DEPLOY / "Dockerfile").read_text("utf-8").splitlines()
    found = [line.split(" ", 1) for line in lines if line and not line.startswith("#")]
    return [(word, rest) for word, rest in found]


def test_the_image_contains_what_it_runs_and_no_secret():
    instructions = dockerfile()
    assert ("USER", "boardsite") in instructions
    left_out = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").split("\n")
    assert {".env", "**/.env", "data", ".git"} <= set(left_out)
    for word, rest in instructions:
        if word in ("CMD", "HEALTHCHECK"):
            script = re.search(r'"([\w/.]+\.py)"', rest)[1]
            assert (ROOT / script).is_file()
            assert script.split("/")[0] not in left_out
    assert '"quickstart"' in dict(instructions)["CMD"]
    assert "quickstart" in get_commands()
    variables = re.findall(
        r"(\w+)=", " ".join(rest for word, rest in instructions if word == "ENV")
    )
    own = {"PYTHONUTF8", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}
    assert set(variables) - own <= DOCUMENTED


@pytest.fixture
def answering():
    """A server that answers with the requested status."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(server.status if self.path == "/healthz" else 404)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.status = 200
    Thread(target=server.serve_forever, args=(0.005,), daemon=True).start()
    with closing(server.socket):
        yield server
        server.shutdown()


def is_alive(port: int) -> bool:
    environment = {"SITE_URL": "https://board.example.org", "PORT": str(port)}
    program = [sys.executable, DEPLOY / "is_alive.py"]
    return subprocess.run(program, env=environment, timeout=120, check=False).returncode == 0


@pytest.mark.parametrize(
    ("status", "alive"), [(200, True), (301, False), (400, False), (500, False)]
)
def test_a_container_is_alive_while_the_site_answers(answering, status, alive):
    answering.status = status
    assert is_alive(answering.server_port) == alive


def test_a_container_without_a_response_is_not_alive(answering):
    answering.shutdown()
    answering.socket.close()
    assert not is_alive(answering.server_port)


# -- Caddy -----------------------------------------------------------------------------------------
def test_caddy_has_the_sites_limit_and_address(settings):
    caddy = (DEPLOY / "Caddyfile").read_text("utf-8")
    largest = int(re.search(r"max_size (\d+)MiB", caddy)[1])
    assert largest == settings.UPLOAD_LIMIT // 2**20 + 1
    assert "reverse_proxy 127.0.0.1:8000 {" in caddy
    assert caddy.count("{") == caddy.count("}")


# -- nginx -----------------------------------------------------------------------------------------
NGINX_PROGRAM = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
NGINX = (DEPLOY / "nginx.conf").read_text("utf-8")


def test_nginx_sends_the_trusted_headers_and_has_the_sites_limits(settings):
    for header in ("Host $host", "X-Forwarded-For $remote_addr", "X-Forwarded-Proto $scheme"):
        assert f"proxy_set_header {header};" in NGINX
    largest = int(re.search(r"client_max_body_size (\d+)m;", NGINX)[1])
    assert largest == settings.UPLOAD_LIMIT // 2**20 + 1
    assert f"alias {PLACE}/data/media/;" in NGINX
    named = set(re.findall(r"\b([A-Z]+_[A-Z_]+)\b", NGINX))
    assert named - {"UPLOAD_LIMIT_MB"} <= DOCUMENTED
    assert NGINX.count("{") == NGINX.count("}")


def test_nginx_accepts_the_configuration(tmp_path):
    if not NGINX_PROGRAM:
        missing("no nginx here", required_by="REQUIRE_SERVICES")
    both = str(write_certificate(tmp_path / "both.pem", "board.example.org"))
    site = re.sub(r"/etc/letsencrypt\S*\.pem", both, NGINX)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    own = [f"{kind}_temp_path {tmp_path}/{kind};" for kind in kinds]
    http = " ".join(["access_log off;", *own, site])
    whole = tmp_path / "nginx.conf"
    whole.write_text(
        f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ {http} }}", "utf-8"
    )
    said = subprocess.run(
        [NGINX_PROGRAM, "-t", "-p", tmp_path, "-c", whole],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert said.returncode == 0, said.stderr
