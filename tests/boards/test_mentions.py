"""'@별명' in a comment links to the member's page."""

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from boards.actions.comments import edit_comment, write_comment
from boards.actions.mentions import with_mentions
from boards.models import Comment
from boards.text import mentions
from tests.boards.browsing import comment_form, dangers, read
from tests.boards.test_write_post import SCRIPTS
from tests.conftest import make_member
from tests.page import Page

pytestmark = pytest.mark.any_database

KNOWN = ("민지", "민지아빠", "김민지", "minji", "minjilee", "회원1")


# -- parsing ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@민지", ["민지"]),
        ("안녕 @민지 반가워", ["민지"]),
        ("안녕@민지", ["민지"]),
        ("(@민지)", ["민지"]),
        ("@민지, @김민지", ["민지", "김민지"]),
        ("@민지 @민지 @민지", ["민지"]),
        ("@민지@minji", ["민지", "minji"]),
        # particles and titles
        ("@민지야", ["민지"]),
        ("@민지님", ["민지"]),
        ("@민지님께서는 어떠신지", ["민지"]),
        ("@민지랑 @김민지한테도", ["민지", "김민지"]),
        ("@민지입니다.", ["민지"]),
        ("@minji님", ["minji"]),
        ("@minji그거", ["minji"]),
        # the longest name, and no name within another
        ("@민지아빠는", ["민지아빠"]),
        ("@민지아", ["민지"]),
        ("@민지연", []),
        ("@민지ok", []),
        ("@minjilee", ["minjilee"]),
        ("@minjil", []),
        ("@회원12", []),
        ("@회원1은", ["회원1"]),
        # lower-cased as accounts.text.names does
        ("@MinJi", ["minji"]),
        ("@min.ji", ["minji"]),
        ("@ｍｉｎｊｉ", ["minji"]),
        ("@minji.", ["minji"]),
        ("@minji... @민지!", ["minji", "민지"]),
        ("@min-ji.com", []),
        # no mentions
        ("@", []),
        ("@ 민지", []),
        ("@@민지", []),
        ("a@minji.com", []),
        ("me.too@minji", []),
        ("/@민지", []),
        ("@누구세요", []),
        ('<a href="https://x.kr/@민지">https://x.kr/?q=@민지</a> @minji', ["minji"]),
        ("&lt;@민지&gt;", ["민지"]),
        ("@민지&lt;b&gt;", ["민지"]),
    ],
)
def test_mentioned_names_are_found(text, names):
    assert mentions.keys_in(text, KNOWN) == names
    assert set(names) <= mentions.names_in(text)


def test_a_mention_becomes_a_link():
    pages = {"민지": "/members/minji/"}
    assert mentions.linked("<p>@민지야&amp;<br>@준호야</p>", pages) == (
        '<p><a class="mention" href="/members/minji/">@민지</a>야&amp;<br>@준호야</p>'
    )


def test_at_most_ten_members_are_mentioned():
    html = mentions.linked("@민지 " * 12, {"민지": "/members/minji/"})
    assert html.count("<a ") == 10


@pytest.mark.parametrize("text", ["@" * 10_000, "@민지" + "이야" * 5_000, "@가나" * 3_000])
def test_parsing_takes_bounded_time(text):
    start = time.thread_time()
    assert len(mentions.names_in(text)) <= 150
    mentions.linked(text, {"민지": "/members/minji/"})
    assert time.thread_time() - start < 5


# -- in a comment ----------------------------------------------------------------------------------
def test_a_mention_links_to_the_member(as_junho, as_guest, minji, post):
    as_junho.post("/free/1/comments/write/", comment_form("@민지야, 잘 봤어"))
    comment = Comment.objects.get()
    assert comment.text == "@민지야, 잘 봤어"
    item = Page(read(as_guest, "/free/1/")).one("li", id=comment.anchor)
    link = item.one("a", class_="mention")
    assert (link["href"], link.text) == ("/members/minji/", "@민지")


def test_an_unknown_name_stays_text(as_guest, junho, post):
    gone = make_member("gone", "떠난이", is_active=False)
    comment = write_comment(author=junho, post=post, text=f"@아무개 @{gone.nickname}")
    assert comment.html == "<p>@아무개 @떠난이</p>"


def test_an_edit_parses_mentions_again(junho, minji, post):
    comment = write_comment(author=junho, post=post, text="@준호")
    comment = edit_comment(comment=comment, text="@민지")
    assert comment.html == '<p><a class="mention" href="/members/minji/">@민지</a></p>'


def test_mentioned_members_are_returned_with_the_text(minji, junho):
    assert with_mentions("@준호 @민지님 @아무개 @준호야 https://x.kr/@민지")[1] == [junho, minji]
    assert with_mentions("아무도")[1] == []


def test_mentions_take_one_query_and_none_without_an_at_sign(minji, junho):
    for text, queries in (("@민지 @준호 @아무개 " * 9, 1), ("https://pado.kr 안녕", 0)):
        with CaptureQueriesContext(connection) as captured:
            with_mentions(text)
        assert len(captured) == queries


def test_no_script_gets_through(as_guest, junho, minji, post):  # case 47
    for script in SCRIPTS:
        write_comment(author=junho, post=post, text=f"@민지{script} {script}@민지 @{script}")
    page = read(as_guest, "/free/1/")
    assert dangers(page) == []
    assert {link["href"] for link in Page(page).all("a", class_="mention")} == {"/members/minji/"}


def test_a_textarea_in_a_comment_stays_text_in_its_form(as_junho, junho, minji, post):  # case 43
    text = "</textarea><script>alert(1)</script> @민지"
    comment = write_comment(author=junho, post=post, text=text)
    page = read(as_junho, f"/free/1/comments/{comment.pk}/edit/")
    assert dangers(page) == []
    assert Page(page).one("textarea", name="text").text == text


# -- a reply that is shown beside its parent -------------------------------------------------------
def test_below_the_fifth_level_the_form_mentions_the_author_of_the_parent(as_minji, junho, post):
    comment = write_comment(author=junho, post=post, text="하나")
    for text in ("둘", "셋", "넷", "다섯"):
        assert "@준호 </textarea>" not in read(as_minji, f"/free/1/?reply={comment.pk}")
        comment = write_comment(author=junho, post=post, text=text, parent=comment)
    assert "@준호 </textarea>" in read(as_minji, f"/free/1/?reply={comment.pk}")
