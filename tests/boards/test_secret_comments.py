"""Secret comments are visible only to their author, the post's author, moderators, and the author
of the parent comment.
"""

import pytest

from boards import search
from boards.actions.comments import edit_comment, write_comment
from boards.actions.posts import edit_post, hide_post, move_post, restore_post
from boards.actions.reports import report_comment
from boards.actions.withholding_comments import delete_comment, hide_comment, restore_comment
from boards.models import Board, Comment, Post
from boards.permissions import access
from boards.repair import recount
from tests.boards.browsing import comment_form, finds, read
from tests.conftest import make_member
from tests.page import Page

FREE = "/free/1/"
WRITE = "/free/1/comments/write/"
SECRET = "계좌번호는 1234"
MASK = "비밀댓글입니다."


@pytest.fixture
def asker(db):
    """The author of the public comment to which the secret one replies."""
    return make_member("asker", "질문이")


@pytest.fixture
def secret(post, asker, junho):
    """junho's secret reply to asker, below minji's post."""
    asked = write_comment(author=asker, post=post, text="얼마인가요?")
    return write_comment(author=junho, post=post, parent=asked, text=SECRET, is_secret=True)


@pytest.fixture
def people(guest, minji, junho, asker, moderator, owner):
    """Return {name: (visitor, whether they may read the secret comment)}."""
    return {
        "guest": (guest, False),
        "passerby": (make_member("passerby", "나그네"), False),
        "other moderator": (make_member("elsewhere", "다른지킴이"), False),
        "author of the post": (minji, True),
        "its author": (junho, True),
        "whom it answers": (asker, True),
        "moderator": (moderator, True),
        "owner": (owner, True),
    }


@pytest.fixture
def browse(as_guest, log_in):
    return lambda visitor: log_in(visitor) if visitor.is_authenticated else as_guest


# -- readers (case 20) -----------------------------------------------------------------------------
def test_the_readers_of_a_secret_comment(people, browse, secret, other_board):
    other_board.moderators.add(people["other moderator"][0])
    for name, (visitor, may) in people.items():
        page = Page(read(browse(visitor), FREE))
        item = page.one("li", id=secret.anchor)
        assert (SECRET in page.html) == may, name
        assert (MASK in item.text) == (not may), name
        assert "준호" in item.text
        can = access(visitor, secret.post.board)
        assert can.may_read_comment(Comment.objects.get(pk=secret.pk)) == may, name
        assert (secret in Comment.objects.visible_to(visitor)) == may, name


def test_the_parent_s_author_reads_a_secret_reply_below_the_fifth_level(
    as_guest, log_in, post, junho, asker
):
    between = make_member("between", "중간이")
    comment = write_comment(author=between, post=post, text="하나")
    for text in ("둘", "셋", "넷"):
        comment = write_comment(author=between, post=post, text=text, parent=comment)
    asked = write_comment(author=asker, post=post, text="다섯", parent=comment)
    secret = write_comment(author=junho, post=post, text=SECRET, parent=asked, is_secret=True)
    assert secret.depth == asked.depth == 4
    assert SECRET in read(log_in(asker), FREE)
    assert SECRET not in read(log_in(between), FREE)


def test_forms_reveal_nothing(people, browse, secret):  # case 20
    base = f"/free/1/comments/{secret.pk}/"
    for name, (visitor, may) in people.items():
        browser = browse(visitor)
        may_edit = name in ("its author", "moderator", "owner")
        for form in ("edit", "delete"):
            assert (
                SECRET in read(browser, base + f"{form}/", 200 if may_edit else 403)
            ) == may_edit
        sent = browser.post(f"{base}edit/", comment_form("남의 말"))
        assert sent.status_code == (302 if may_edit else 403)
        Comment.objects.filter(pk=secret.pk).update(text=SECRET, html=f"<p>{SECRET}</p>")
        may_report = may and visitor.is_authenticated and name != "its author"
        assert (SECRET in read(browser, base + "report/", 200 if may_report else 403)) == may_report
        assert SECRET not in read(browser, f"{FREE}?reply={secret.pk}") or may


def test_only_its_readers_reply_to_a_secret_comment(people, browse, secret):
    for name, (visitor, may) in people.items():
        sent = browse(visitor).post(WRITE, comment_form(f"대답 {name}", parent=secret.pk))
        assert sent.status_code == (302 if may else 403), name
        assert SECRET not in sent.content.decode()


def test_a_secret_comment_appears_nowhere_else(people, browse, secret):
    for name, (visitor, may) in people.items():
        browser = browse(visitor)
        assert finds(browser, "계좌번호", field="comments") == [], name
        assert (SECRET in read(browser, "/members/junho/")) == may, name
        for address in ("/", "/new/", "/feed/", "/free/feed/", "/free/"):
            assert SECRET not in read(browser, address), (name, address)


def test_a_report_shows_it_to_moderators(as_moderator, as_guest, minji, secret):
    report_comment(comment=secret, member=minji, reason="privacy")
    assert SECRET in read(as_moderator, "/reports/")
    assert SECRET not in read(as_guest, "/reports/", 403)


# -- writing ---------------------------------------------------------------------------------------
def test_a_member_checks_a_box(as_junho, as_guest, post):
    assert Page(read(as_junho, FREE)).one("input", name="is_secret", type="checkbox")
    as_junho.post(WRITE, comment_form(SECRET, is_secret="on"))
    assert Comment.objects.get().is_secret
    assert SECRET not in read(as_guest, FREE)
    assert recount(repairs=False) == []
    as_junho.post(WRITE, comment_form("열린 말"))
    assert not Comment.objects.latest("pk").is_secret


def test_a_board_without_secret_comments_accepts_none(as_junho, board, post):  # case 34
    Board.objects.update(secret_comments=False)
    assert 'name="is_secret"' not in read(as_junho, FREE)
    as_junho.post(WRITE, comment_form("열린 말", is_secret="on"))
    comment = Comment.objects.get()
    assert not comment.is_secret
    edit = f"/free/1/comments/{comment.pk}/edit/"
    as_junho.post(edit, comment_form("고친 말", is_secret="on"))
    assert not Comment.objects.get().is_secret
    Comment.objects.update(is_secret=True)  # written while the board had them
    as_junho.post(edit, comment_form("다시 고친 말"))
    assert Comment.objects.get().is_secret


def test_a_reply_to_a_secret_comment_is_secret_unless_unchecked(as_minji, secret):
    def box(address: str) -> bool:
        return "checked" in Page(read(as_minji, address)).one("input", name="is_secret").attributes

    assert box(f"{FREE}?reply={secret.pk}")
    assert not box(f"{FREE}?reply={secret.parent_id}")
    assert not box(FREE)


def test_a_form_with_errors_keeps_the_checkbox(as_junho, post):
    sent = as_junho.post(WRITE, comment_form("", is_secret="on"))
    assert sent.status_code == 422
    assert "checked" in Page(sent.content).one("input", name="is_secret").attributes


def test_the_same_text_as_a_secret_comment_is_another_comment(as_junho, post):
    as_junho.post(WRITE, comment_form("같은 말"))
    as_junho.post(WRITE, comment_form("같은 말", is_secret="on"))
    assert [comment.is_secret for comment in Comment.objects.order_by("pk")] == [False, True]


# -- changing it -----------------------------------------------------------------------------------
def test_an_edit_changes_the_secrecy_and_the_search_follows(as_junho, as_guest, secret):  # case 21
    edit = f"/free/1/comments/{secret.pk}/edit/"
    assert "checked" in Page(read(as_junho, edit)).one("input", name="is_secret").attributes
    as_junho.post(edit, comment_form(SECRET))
    assert SECRET in read(as_guest, FREE)
    assert len(finds(as_guest, "계좌번호", field="comments")) == 1
    as_junho.post(edit, comment_form(SECRET, is_secret="on"))
    assert SECRET not in read(as_guest, FREE)
    assert finds(as_guest, "계좌번호", field="comments") == []


def test_the_search_index_never_contains_a_secret_comment(secret, owner, minji, other_board):
    """Whatever happens to the comment and its post. The test reads the index itself, without the
    permission filter.
    """

    def found() -> list[int]:
        return search.comments.find(search.ask("계좌번호"), limit=5)

    for action in (hide_comment, restore_comment, delete_comment, restore_comment):
        action(comment=secret, by=owner)
        assert found() == []
    post = Post.objects.get()
    for action in (hide_post, restore_post):
        action(post=post, by=owner)
        assert found() == []
    move_post(post=post, board=other_board, by=owner)
    for is_secret in (True, False):
        edit_post(post=post, by=minji, subject="봄", source="<p>봄</p>", is_secret=is_secret)
        assert found() == []
    edit_comment(comment=secret, text=SECRET, is_secret=False)
    assert found() == [secret.pk]
    assert recount(repairs=False) == []


def test_reindex_omits_secret_comments(secret):
    assert list(Comment.objects.searchable()) == [secret.parent]
    assert not Comment.objects.get(pk=secret.pk).is_searchable
