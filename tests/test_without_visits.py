"""The site works without the visitor counter: by a setting, or with its folder deleted."""

import json
import shutil
from pathlib import Path

import pytest

from tests.programs import NEW_SITE, output_of
from tests.sources import ROOT

PROGRAM = (
    NEW_SITE
    + """
import json, sys
from django.db import connection

assert "visits" not in settings.INSTALLED_APPS

from accounts.models import Member
from boards.actions.posts import write_post
from boards.models import Board, BoardGroup

owner = Member.objects.create_superuser("owner", "owner@example.com", "x", nickname="운영자")
group = BoardGroup.objects.create(slug="community", name="커뮤니티")
board = Board.objects.create(group=group, slug="free", name="자유게시판")
post = write_post(author=owner, board=board, subject="봄나들이", source="<p>벚꽃</p>")

agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
pages = {}
for name in ("guest", "owner"):
    client = Client(headers={"host": "localhost", "user-agent": agent})
    if name == "owner":
        client.force_login(owner)
    for address in ADDRESSES:
        answer = client.get(address)
        pages[f"{name} {address}"] = [answer.status_code, answer.content.decode()]

from boardsite.server import timetable
chores = timetable.site_chores()
call_command("tidy", verbosity=0)

print(json.dumps({
    "pages": pages,
    "chores": [command[2] for command, _every in chores],
    "commands": sorted(get_commands()),
    "modules": sorted(name for name in sys.modules if name.split(".")[0] == "visits"),
    "tables": connection.introspection.table_names(),
}))
"""
)

FOR_ALL = ["/", "/free/", "/free/1/", "/search/?q=벚꽃"]
FOR_GUEST = ["/accounts/login/", "/robots.txt"]
FOR_OWNER = ["/admin/", "/members/owner/", "/admin/accounts/member/"]


def copy_without_visits(folder: Path) -> Path:
    """The program after the folder was deleted. Templates of the counter may remain."""
    unwanted = {ROOT: {"visits", "tests", "bench", "data", "docs"}}

    def leave_out(path, names):
        gone = unwanted.get(Path(path), set())
        return [name for name in names if name in gone | {"__pycache__"} or name[0] == "."]

    return shutil.copytree(ROOT, folder / "program", ignore=leave_out)


@pytest.fixture(scope="module", params=["VISITS=off", "the folder is gone"])
def site(request, tmp_path_factory):
    """What the program reports about itself without the counter."""
    folder = tmp_path_factory.mktemp("without-visits")
    is_off = request.param == "VISITS=off"
    program = ROOT if is_off else copy_without_visits(folder)
    addresses = f"ADDRESSES = {[*FOR_ALL, *FOR_GUEST, *FOR_OWNER, '/visits/now/']!r}\n"
    switch = {"VISITS": "off"} if is_off else {}
    said = output_of(addresses + PROGRAM, folder, root=program, **switch)
    return json.loads(said.splitlines()[-1])


@pytest.mark.parametrize("reader", ["guest", "owner"])
def test_pages_show_without_the_counts(site, reader):
    for address in FOR_ALL + (FOR_GUEST if reader == "guest" else FOR_OWNER):
        status, page = site["pages"][f"{reader} {address}"]
        assert status == 200, address
        assert "접속자집계" not in page, address
        assert 'src="/visits/' not in page, address
        assert 'href="/visits/' not in page, address
    assert "사이트 정보" in site["pages"][f"{reader} /"][1]
    assert "봄나들이" in site["pages"][f"{reader} /search/?q=벚꽃"][1]


def test_its_pages_are_gone(site):
    assert [site["pages"][f"{name} /visits/now/"][0] for name in ("guest", "owner")] == [404, 404]


def test_its_chore_is_not_run(site):
    assert "settle_visits" not in site["commands"]
    assert set(site["chores"]) >= {"tidy", "mail_notifications"}
    assert "settle_visits" not in site["chores"]


def test_none_of_its_modules_is_loaded_and_none_of_its_rows_stored(site):
    assert site["modules"] == []
    assert [table for table in site["tables"] if table.startswith("visits_")] == []
