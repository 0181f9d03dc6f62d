"""The texts of the interface follow docs/glossary.md: one name for each thing, one level of
politeness."""

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest

from tests.sources import ROOT, parsed_sources, templates

HANGUL = re.compile("[가-힣]")
GETTEXT = {"_", "_t", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext"}
UNWRAPPED = {"help", "verbose_name", "verbose_name_plural", "title"}  # assigned in classes
TRANSLATE = re.compile(
    r"""(?:\{%-?\s*(?:block)?trans(?:late)?\s+|_\(\s*)(?:"([^"]*)"|'([^']*)')"""
    r"""|\{%-?\s*blocktrans(?:late)?\b[^%]*%\}(.*?)\{%-?\s*endblocktrans""",
    re.DOTALL,
)
SCRIPT = re.compile(r"""//[^\n]*|/\*.*?\*/|"([^"\n]*)"|'([^'\n]*)'|`([^`]*)`""", re.DOTALL)
ROW = re.compile(r"^\| `(.+?)` \| (.*?) \| (.*?) \|$", re.MULTILINE)


def in_python() -> Iterator[tuple[str, str]]:
    for path, tree in parsed_sources():
        if "migrations" in path.parts or "demo" in path.parts:
            continue  # messages of models are in the models
        for node in ast.walk(tree):
            for constant in messages_of(node):
                yield path.as_posix(), constant


def messages_of(node: ast.AST) -> Iterator[str]:
    """The arguments of gettext, and the labels that Django shows itself."""
    if isinstance(node, ast.Call):
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        values = node.args if name in GETTEXT else []
        values = values + [each.value for each in node.keywords if each.arg in UNWRAPPED]
    elif isinstance(node, ast.Assign):
        names = {getattr(target, "id", "") for target in node.targets}
        values = [node.value] if names & UNWRAPPED else []
    else:
        return
    for value in values:
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield value.value


def in_templates() -> Iterator[tuple[str, str]]:
    for path in templates():
        for found in TRANSLATE.findall((ROOT / path).read_text("utf-8")):
            yield path.as_posix(), " ".join("".join(found).split())
    for path in sorted((ROOT / "templates").rglob("*.txt")):
        for found in TRANSLATE.findall(path.read_text("utf-8")):
            yield path.relative_to(ROOT).as_posix(), " ".join("".join(found).split())


def in_scripts() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "static/js").rglob("*.js")):
        for found in SCRIPT.findall(path.read_text("utf-8")):
            yield path.relative_to(ROOT).as_posix(), "".join(found)


@cache
def messages() -> list[tuple[str, str]]:
    """(file, message) for every Korean message."""
    found = [*in_python(), *in_templates(), *in_scripts()]
    return [(path, text) for path, text in found if HANGUL.search(text)]


def rejected() -> dict[str, str]:
    """Rejected pattern → replacement."""
    text = (ROOT / "docs/glossary.md").read_text("utf-8").partition("\n## Rejected\n")[2]
    rows = ROW.findall(text)
    return {pattern.replace(r"\|", "|"): instead for pattern, instead, _why in rows}


def test_no_message_uses_a_rejected_word():
    """Lists what to say instead, and where."""
    found = [
        (instead, path, text)
        for pattern, instead in rejected().items()
        for path, text in messages()
        if re.search(pattern, text)
    ]
    assert found == []


def test_all_kinds_of_messages_are_read():
    said = {text for _path, text in messages()}
    assert len(said) > 1_500
    assert {
        "회원정보가 수정되었습니다.",  # a view
        "게시판 관리자",  # a model
        "본문 바로가기",  # a template
        "복사했습니다.",  # a script
        "2단계 인증이 꺼졌습니다",  # a mail
    } <= said


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("이 글을 지웠다.", True),
        ("'%s'을(를) 지웠습니다.", True),
        ("%s 님께 보냈습니다.", True),
        ("사이트 주인이 봅니다.", True),
        ("비밀번호를 입력하세요.", True),
        ("회원님, 안녕하세요.", False),
        ("글을 지웠습니다. 다시 해 주세요.", False),
        ("저작권자의 허락을 받아 적어 두세요.", False),
    ],
)
def test_the_patterns_find_their_examples(text, is_found):
    assert any(re.search(pattern, text) for pattern in rejected()) is is_found


def test_the_words_of_the_seed_page_stay():
    said = {text for _path, text in messages()}
    for words in (
        "본문 바로가기", "사이트 내 전체검색", "페이지 정보", "작성자", "댓글", "조회", "작성일", "본문", "댓글목록",
        "등록된 댓글이 없습니다.", "회원로그인", "회원가입", "사이트 정보", "회사명", "대표", "주소", "사업자 등록번호",
        "전화", "팩스", "통신판매업신고번호", "개인정보 보호책임자", "접속자집계", "오늘", "어제", "최대", "전체",
    ):  # fmt: skip
        assert words in said, words
