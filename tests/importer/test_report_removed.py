"""What the cleaning of HTML removes is counted by kind, with examples."""

import time

import pytest
from django.core.management import call_command

from boardsite.text import richtext
from importer.reading.removed import Removed
from tests.importer.conftest import SAMPLE


def removed(source: str) -> dict[str, int]:
    found = Removed()
    found.look("free 1", source, richtext.clean(source))
    return dict(found.counts)


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("source", "counts"),
    [
        ("<p>안녕 <b>하세요</b></p>", {}),
        ("<h1>제목</h1>", {}),
        ('<p><script>alert("<b>")</script>글</p>', {"<script>": 1, "<b>": 1}),
        ('<a href="javascript:x()" onclick="y()">글</a>', {"스크립트 주소": 1, "onclick=": 1}),
        ('<p class="a" style="position: fixed; color: red">글</p>', {"class=": 1, "style: position": 1}),
        ('<form action="/x"><input name="a"></form>', {"<form>": 1, "<input>": 1, "action=": 1, "name=": 1}),
        ('<img src="http://old.kr/data/editor/2611/a.png" alt="a">', {}),  # gets its new address
        ('<iframe src="https://evil.example/"></iframe>', {"<iframe>": 1, "src=": 1}),
        ("1 < 2 그리고 3 <4", {}),
    ],
)  # fmt: skip
def test_each_kind(source, counts):
    assert removed(source) == counts


@pytest.mark.any_database
def test_examples_name_the_text_and_the_place():
    found = Removed()
    for number in range(5):
        source = f"<p>글 {number}</p>\n<script>evil()</script>"
        found.look(f"free {number}", source, richtext.clean(source))
    (line,) = found.lines()
    assert line.startswith("<script> 5개 (예: free 0 '<script>evil()</script>' / free 1")
    assert "free 3" not in line


@pytest.mark.any_database
def test_hostile_text_takes_no_time():
    began = time.thread_time()
    for source in ('<a "' * 50_000, "<a x='" * 30_000, "<" * 200_000, "<a " + "b=" * 90_000):
        Removed().look("free 1", source, "")
    Removed().look("free 1", "<b>" * 100_000, "")
    assert time.thread_time() - began < 20


def test_the_command_names_what_is_lost(db, capsys):
    call_command("import_gnuboard5", dump=SAMPLE / "g5.sql")
    said = capsys.readouterr().out
    assert "이 사이트에 없는 설정:" in said
    assert "보안을 위해 본문에서 지운 것:" in said
    assert "<b> 1개 (예: 서명 leemj '<b>^^</b>')" in said
