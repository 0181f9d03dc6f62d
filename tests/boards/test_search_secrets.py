"""Only visitors who may read a secret post find it in a search or see it counted."""

import io

import pytest
from django.core.management import call_command

from boards import search
from boards.actions.comments import write_comment
from boards.actions.merging import merge_members
from boards.actions.posts import (
    delete_post,
    edit_post,
    hide_post,
    move_post,
    restore_post,
    write_post,
)
from boards.models import Post
from boards.queries.search import guests_find, readable_places
from boards.repair import recount
from tests.boards.browsing import finds, read
from tests.conftest import make_member
from tests.page import Page

pytestmark = pytest.mark.django_db
WORD, LONG = "수선화", "개나리꽃밭"


@pytest.fixture(autouse=True)
def counts_stay_true(db):
    yield
    assert recount(repairs=False) == []


@pytest.fixture
def secret(board, minji):
    return write_post(
        author=minji,
        board=board,
        subject=f"{WORD} 이야기",
        source=f"<p>{LONG} 사진</p>",
        is_secret=True,
    )


@pytest.fixture
def neighbour(log_in, other_board):
    """A moderator of another board."""
    member = make_member("neighbour", "옆집지킴이")
    other_board.moderators.add(member)
    return log_in(member)


QUESTIONS = [
    (WORD, ""),
    (LONG, ""),
    (WORD, "title"),
    (LONG, "text"),
    ("민지", "author"),
    ("꽃 사진", ""),
]


@pytest.mark.parametrize(("word", "field"), QUESTIONS)
def test_the_author_the_moderators_and_the_owner_find_it(
    as_minji, as_moderator, as_owner, secret, word, field
):
    for browser in (as_minji, as_moderator, as_owner):
        assert finds(browser, word, field) == ["/free/1/"]
        row = Page(read(browser, f"/search/?q={word}&field={field}")).one("ul", class_="results")
        assert "비밀글" in row.text


@pytest.mark.parametrize(("word", "field"), QUESTIONS)
def test_others_neither_find_it_nor_see_it_counted(
    as_guest, as_junho, neighbour, secret, word, field
):
    for browser in (as_guest, as_junho, neighbour):
        answer = browser.get("/search/", {"q": word, "field": field})
        assert answer.context["results"] == []
        assert answer.context["pages"].total == 0
        assert [tab.count for tab in answer.context["tabs"] if tab.is_current] == ["0건"]
        assert f"{WORD} 이야기" not in answer.text


def test_the_count_includes_only_secret_posts_that_the_visitor_may_read(
    as_junho, as_minji, as_owner, secret, board, junho
):
    for number in range(3):
        write_post(author=junho, board=board, subject=f"{WORD} {number}", source="")
    for browser, count in ((as_junho, 3), (as_minji, 4), (as_owner, 4)):
        answer = browser.get("/search/", {"q": WORD})
        assert (answer.context["pages"].total, len(answer.context["results"])) == (count, count)


def test_the_index_follows_changes_of_the_post(
    as_junho, as_minji, secret, minji, owner, other_board
):
    def found() -> tuple[int, int]:
        return len(finds(as_minji, WORD)), len(finds(as_junho, WORD))

    words = {"subject": secret.subject, "source": "<p>글</p>", "category": None}
    edit_post(post=secret, by=minji, **words, is_secret=False)
    assert found() == (1, 1)
    edit_post(post=Post.objects.get(), by=minji, **words, is_secret=True)
    assert found() == (1, 0)
    post = Post.objects.get()
    hide_post(post=post, by=owner)
    assert found() == (0, 0)
    restore_post(post=post, by=owner)
    assert found() == (1, 0)
    move_post(post=Post.objects.get(), board=other_board, by=owner)
    assert found() == (1, 0)
    delete_post(post=Post.objects.get(), by=owner)
    assert found() == (0, 0)
    assert search.posts.held(0, 100) == set()


def test_comments_of_a_secret_post_are_in_no_index(as_minji, secret, junho, minji, owner):
    write_comment(author=minji, post=secret, text="목련도 피었어요")
    assert finds(as_minji, "목련도", "comments") == []
    words = {"subject": secret.subject, "source": "", "category": None}
    edit_post(post=secret, by=minji, **words, is_secret=False)
    assert len(finds(as_minji, "목련도", "comments")) == 1
    edit_post(post=Post.objects.get(), by=minji, **words, is_secret=True)
    assert finds(as_minji, "목련도", "comments") == []
    assert search.comments.held(0, 100) == set()


def test_an_author_who_may_not_read_the_board_any_more_finds_nothing(as_minji, secret, board):
    type(board).objects.update(read_level=5)
    assert finds(as_minji, WORD) == []


def test_a_former_moderator_no_longer_finds_it(as_moderator, moderator, secret, board):
    assert finds(as_moderator, WORD) == ["/free/1/"]
    board.moderators.remove(moderator)
    assert finds(as_moderator, WORD) == []


def test_a_query_cannot_contain_a_private_index_term(as_junho, secret, board, junho):
    """Users cannot type the index terms that grant access."""
    for query in (f"ㅂ{board.pk}", f"ㅇ{junho.pk}", "ㅅ1", f'{WORD}" OR "ㅅ1', f"{WORD} ㅅ1"):
        assert finds(as_junho, query) == []


def test_popular_words_ignore_secret_posts(guest, secret):
    assert not guests_find(WORD, readable_places(guest))


def test_after_a_merge_the_remaining_account_finds_it(secret, minji, owner, log_in):
    kept = make_member("kept", "남는이")
    merge_members(kept=kept, gone=minji, by=owner)
    assert finds(log_in(kept), WORD) == ["/free/1/"]
    assert finds(log_in(owner), WORD) == ["/free/1/"]


def test_reindex_includes_secret_posts(as_minji, as_junho, secret):
    search.posts.clear()
    assert finds(as_minji, WORD) == []
    call_command("reindex", "posts", "--restart", stdout=io.StringIO())
    assert finds(as_minji, WORD) == ["/free/1/"]
    assert finds(as_junho, WORD) == []


def test_a_secret_post_missing_from_an_older_index_can_be_edited(as_minji, secret, minji):
    """Without a reindex after the update."""
    search.posts.clear()
    words = {"subject": secret.subject, "source": "", "category": None}
    edit_post(post=secret, by=minji, **words, is_secret=True)
    delete_post(post=Post.objects.get(), by=minji)
    assert search.posts.held(0, 100) == set()
