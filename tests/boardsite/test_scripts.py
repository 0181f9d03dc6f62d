"""run.sh and test.sh, in a copy of the project whose path has spaces and Hangul in it."""

import os
import re
import resource
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener, urlopen

import pytest

from tests.services import free_port, heed_signals

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 180  # seconds; a first start on a busy machine takes long
LEFT_BEHIND = (".git", ".venv*", ".env", "data", ".static", "__pycache__", ".hypothesis")


@pytest.fixture
def copy(tmp_path):
    """The project as a fresh clone, without generated files."""
    folder = tmp_path / "우리 동네 site"
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*LEFT_BEHIND))
    return folder


@pytest.fixture
def installed(copy):
    """A copy with everything installed: it borrows the .venv that runs these tests."""
    for name in ("requirements.txt", "requirements-dev.txt"):
        stamp = ROOT / ".venv" / name
        if not stamp.is_file() or stamp.read_bytes() != (ROOT / name).read_bytes():
            pytest.skip("this .venv was not made by ./test.sh")
    (copy / ".venv").symlink_to(ROOT / ".venv")
    return copy


def plain_environment(**more) -> dict:
    """Without the variables of the tests' own settings, and with a free port."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**inherited, "PORT": "0", "WEB_CONCURRENCY": "1", "HOUSEKEEPING": "off", **more}


class Site:
    """A site that ./run.sh serves, until `end`."""

    def __init__(self, folder: Path):
        self.process = subprocess.Popen(
            [folder / "run.sh"],
            cwd=folder.parent,
            env=plain_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            start_new_session=True,
            preexec_fn=heed_signals,
        )
        self.said = ""
        self.opener = build_opener(HTTPCookieProcessor(CookieJar()))
        while "멈추려면 Ctrl-C" not in self.said:
            line = self.process.stdout.readline()
            assert line, f"it ended, saying: {self.said}"
            self.said += line
        self.url = re.search(r"주소: (\S+)/\n", self.said)[1]

    def get(self, path, data=None):
        with self.opener.open(self.url + path, data, timeout=PATIENCE) as response:
            return response.status, response.read().decode()

    def end(self):
        """Sends one Ctrl-C to the whole group, as a terminal does."""
        os.killpg(self.process.pid, signal.SIGINT)
        rest = self.process.communicate(timeout=PATIENCE)[0]
        return self.process.returncode, rest


@pytest.fixture
def run():
    sites = []

    def run(folder):
        sites.append(Site(folder))
        return sites[-1]

    yield run
    for site in sites:
        if site.process.poll() is None:
            os.killpg(site.process.pid, signal.SIGKILL)
            site.process.communicate()


def stored(folder: Path) -> list[str]:
    database = sqlite3.connect(folder / "data" / "db.sqlite3")
    try:
        return list(database.iterdump())
    finally:
        database.close()


def seconds_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_run_starts_a_full_site_and_a_second_start_is_fast_and_changes_nothing(installed, run):
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.com", "-C", str(installed)]
    if shutil.which("git"):
        subprocess.run([*git, "init", "-q"], check=True)
        subprocess.run([*git, "add", "-A"], check=True)
        subprocess.run([*git, "commit", "-q", "-m", "a clone"], check=True)

    used = seconds_of_children()
    site = run(installed)
    assert site.get("/healthz")[0] == 200
    assert site.get("/")[0] == 200
    password = re.search(r"비밀번호: (\S+)\n", site.said)[1]
    form = site.get("/accounts/login/")[1]
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)[1]
    answers = {"login": "owner", "password": password, "csrfmiddlewaretoken": token}
    site.get("/accounts/login/", urlencode(answers).encode())
    assert site.get("/admin/")[0] == 200
    assert site.end() == (0, "")
    assert stat.S_IMODE((installed / ".env").stat().st_mode) == 0o600

    if shutil.which("git"):
        changes = subprocess.run(
            [*git, "status", "--porcelain"], check=True, capture_output=True, text=True
        )
        assert changes.stdout == ""

    first = seconds_of_children() - used  # of CPU: a sixth of that is enough to begin again
    before, key = stored(installed), (installed / ".env").read_text()
    used = seconds_of_children()
    site = run(installed)
    assert site.end() == (0, "")
    assert seconds_of_children() - used < first / 3
    assert "이미 있습니다" in site.said
    assert password not in site.said
    assert stored(installed) == before
    assert (installed / ".env").read_text() == key


def test_dev_shows_saved_changes_in_the_next_response(installed, tmp_path):
    """On an empty site: the test above fills one."""
    port = free_port()
    log = tmp_path / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [installed / "dev.sh"],
            cwd=installed.parent,
            env=plain_environment(PORT=str(port), DEMO="off"),
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=heed_signals,
        )

    def fetch() -> str:
        """The front page, once the server answers."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                with urlopen(f"http://127.0.0.1:{port}/", timeout=PATIENCE) as response:
                    return response.read().decode()
            except URLError:
                assert process.poll() is None, log.read_text("utf-8")
                assert time.monotonic() < end, log.read_text("utf-8")
                time.sleep(0.2)

    try:
        assert "봄빛 마당" not in fetch()
        footer = installed / "templates" / "ui" / "footer.jinja"
        footer.write_text(footer.read_text("utf-8") + "<p>봄빛 마당</p>", "utf-8")
        assert "봄빛 마당" in fetch()
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def run_script(script: Path, *arguments, **environment):
    return subprocess.run(
        [script, *arguments],
        cwd=script.parent.parent,
        env=plain_environment(**environment),
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
    )


def write_program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def test_arguments_of_test_go_to_pytest(installed):
    result = run_script(installed / "test.sh", "--version")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("pytest ")


@pytest.mark.parametrize(
    ("arguments", "workers"),
    [
        ([], True),
        (["-q"], True),
        (["-k", "test_page.py"], True),
        (["tests/boards"], True),
        (["tests/boards/test_csrf.py", "tests/test_nul.py"], True),
        (["-q", "--ignore", "tests/browser"], True),
        (["tests/test_nul.py"], False),
        (["tests/test_nul.py::test_it", "-x", "-k", "path or query"], False),
        (["-n", "3"], False),
        (["-n0", "tests/boards"], False),
        (["--numprocesses=2"], False),
        (["--pdb"], False),
        (["tests/boards", "-s"], False),
    ],
)
def test_many_files_run_in_parallel_and_one_by_itself(tmp_path, arguments, workers):
    """The script alone, with a Python that prints what it is asked to run."""
    for name in ("test.sh", "tools/venv.sh", "requirements.txt", "requirements-dev.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    write_program(tmp_path / ".venv/bin/python", 'printf "%s\\n" "$@"')
    for name in ("requirements.txt", "requirements-dev.txt"):
        shutil.copy(ROOT / name, tmp_path / ".venv" / name)
    result = run_script(tmp_path / "test.sh", *arguments)
    ours = ["-n", "auto", "--dist", "worksteal"] if workers else []
    assert result.stdout.splitlines() == ["-m", "pytest", *ours, *arguments]


def test_a_missing_venv_module_is_reported_with_the_package_to_install(copy, tmp_path):
    python = write_program(
        tmp_path / "bin" / "python3",
        f'case "$*" in *ensurepip*) exit 1;; *) exec "{sys.executable}" "$@";; esac',
    )
    result = run_script(copy / "run.sh", PYTHON=str(python))
    assert result.returncode == 1
    assert "apt install python3-venv\n" in result.stderr
    assert not (copy / ".venv").exists()


def test_an_old_python_is_reported(copy, tmp_path):
    tools = tmp_path / "bin"
    write_program(tools / "python3", "exit 1")
    for tool in ("dirname", "cmp", "sh"):
        (tools / tool).symlink_to(shutil.which(tool))
    result = run_script(copy / "run.sh", PATH=str(tools))
    assert result.returncode == 1
    assert result.stderr.startswith("Python 3.11 이상이 필요합니다.")
    assert not (copy / ".venv").exists()


def test_a_failed_installation_is_reported_and_repeated(copy):
    """If pip fails, .venv stays without the mark of a complete installation."""
    write_program(
        copy / ".venv" / "bin" / "python", 'case "$*" in *install*) exit 1;; *) exit 0;; esac'
    )
    for _ in range(2):
        result = run_script(copy / "run.sh")
        assert result.returncode == 1
        assert "설치하지 못했습니다." in result.stderr
        assert not (copy / ".venv" / "requirements.txt").exists()


PIN = re.compile(r"^([\w.\-\[\]]+==\S+)(.*?) \\$", re.MULTILINE)


@pytest.mark.parametrize(
    "name",
    [
        "requirements.txt",
        "requirements-s3.txt",
        "requirements-dev.txt",
        "requirements-newest.txt",
    ],
)
def test_requirements_are_pinned_with_hashes_and_name_no_registry(name):
    text = (ROOT / name).read_text()
    assert len(PIN.findall(text)) == len(re.findall(r"^[\w]", text, re.MULTILINE))
    assert "://" not in text
    assert not re.search(r"^--", text, re.MULTILINE)


def test_the_requirements_of_the_tests_hold_those_of_the_site():
    """So that run.sh and test.sh can share one .venv without undoing each other's installation."""
    site, with_s3, tests = (  # which Pythons need it may differ
        {pin for pin, _marker in PIN.findall((ROOT / name).read_text())}
        for name in ("requirements.txt", "requirements-s3.txt", "requirements-dev.txt")
    )
    assert site <= with_s3 <= tests
