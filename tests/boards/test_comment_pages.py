"""Comments of a post are paginated: each is on one page, its address opens that page, and there are
two orders.
"""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from boards.actions.comments import write_comment
from boards.actions.posts import move_post, write_post
from boards.actions.withholding_comments import delete_comment
from boards.models import Comment, Post
from boards.permissions import access
from boards.queries.comments import COMMENTS_SHOWN, _counted, _counts
from boardsite.caching.ttl_cache import TTLCache
from boardsite.caching.versioned_cache import VersionedCache
from tests.boards.browsing import comment_form, finds, read
from tests.crowd import fill_comments
from tests.page import Page

FREE = "/free/1/"
NOTHING = "없는 페이지입니다."


def shown(browser, address: str = FREE) -> list[int]:
    """Return the comments on the page at `address`, placeholders included, from top to bottom."""
    found = re.findall(r' id="comment-(\d+)"', read(browser, address))
    return [int(pk) for pk in found]


def landing(browser, address: str) -> bool:
    """Return whether the fragment of `address` exists on the page that it opens."""
    return f' id="{address.partition("#")[2]}"' in read(browser, address)


@pytest.fixture
def crowd(post, minji, junho):
    """Return `crowd(count)`, which writes so many comments in threads of seven and returns them in
    order.
    """
    return lambda count: fill_comments(post, [minji, junho], count)


def take_away(comments: list[Comment]) -> None:
    Comment.objects.filter(pk__in=[comment.pk for comment in comments]).update(state="deleted")


# -- speed -----------------------------------------------------------------------------------------
def test_a_post_with_twenty_thousand_comments_takes_as_many_queries_as_one_with_three(
    as_junho, crowd, monkeypatch
):  # case 84
    # No cache may expire in the middle of the test.
    for each in (*VersionedCache._all, *TTLCache._all):
        monkeypatch.setattr(each, "seconds", 10**9)

    def queries(address: str) -> int:
        # creates the settings; if the page was not cached, the visit is recorded
        as_junho.get(address)
        as_junho.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert as_junho.get(address).status_code == 200
        return len(captured)

    first = crowd(3)[0]
    few = queries(FREE)
    assert queries(first.get_absolute_url()) == few
    small = len(as_junho.get(FREE).content)
    Comment.objects.all().delete()
    comments = crowd(20_000)
    for address in (FREE, f"{FREE}?comments=100", f"{FREE}?order=newest&comments=50"):
        # counted by a query of its own because there is more than one page
        assert queries(address) == few + 1
    assert queries(comments[12_345].get_absolute_url()) == few + 2
    assert len(shown(as_junho)) == COMMENTS_SHOWN
    assert len(as_junho.get(FREE).content) < small + COMMENTS_SHOWN * 1500
    assert NOTHING in read(as_junho, f"{FREE}?comments=101", status=404)


def test_loaded_comments_are_counted_as_the_database_counts_them(board, crowd, post, minji, junho):
    comments = crowd(30)
    take_away(comments[3:9])
    for number, comment in enumerate(comments):
        liked = {"like_count": number % 7, "is_secret": number % 4 == 0}
        Comment.objects.filter(pk=comment.pk).update(**liked)
    Comment.objects.filter(pk=comments[20].pk).update(author=None)
    for visitor in (minji, junho):
        can = access(visitor, board)
        for seen in (None, 0, comments[15].pk, comments[-1].pk):
            shown = list(Comment.objects.filter(post=post).shown())
            counted = _counted(can, shown, seen)
            asked = _counts(can, post, "", "", seen)
            assert counted.pop("first_new", 0) == (asked.pop("first_new", 0) or 0)
            assert counted | {"before": 0} == asked


# -- pages -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("order", ["", "newest"])
def test_every_comment_is_on_exactly_one_page(as_guest, crowd, order):
    comments = crowd(505)
    pages = [shown(as_guest, f"{FREE}?order={order}&comments={page}") for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [200, 200, 105]
    threads = [comments[start : start + 7] for start in range(0, 505, 7)]
    if order:
        threads.reverse()
    assert [*pages[0], *pages[1], *pages[2]] == [
        comment.pk for thread in threads for comment in thread
    ]


def test_up_to_two_hundred_comments_fit_on_one_page(as_guest, crowd):
    crowd(COMMENTS_SHOWN)
    page = Page(read(as_guest, FREE))
    assert not page.one("section", id="comments").all("nav", class_="pages")


def test_page_links_stand_above_and_below_the_list(as_guest, crowd):
    crowd(201)
    page = Page(read(as_guest, f"{FREE}?order=newest"))
    above, below = page.one("section", id="comments").all("nav", class_="pages")
    assert above["aria-label"] != below["aria-label"]
    for links in (above, below):
        assert links.one("a", rel="next")["href"] == f"{FREE}?order=newest&comments=2#comments"
    second = Page(read(as_guest, f"{FREE}?comments=2")).one("section", id="comments")
    assert second.all("a", rel="prev")[0]["href"] == f"{FREE}#comments"


@pytest.mark.parametrize("number", ["0", "2", "1000000000", "-1", "abc", "1e1", "", "١", "1\1"])
def test_a_page_beyond_the_last_one_is_not_found(as_guest, post, comment, number):  # case 82
    answer = as_guest.get(FREE, {"comments": number})
    assert answer.status_code == 404
    assert NOTHING in answer.content.decode()


def test_a_post_without_comments_has_a_first_page(as_guest, post):
    assert "등록된 댓글이 없습니다." in read(as_guest, f"{FREE}?comments=1")


@pytest.mark.parametrize("query", ["", "?comments=2", "?comment={pk}", "?reply={pk}"])
def test_other_visitors_cannot_open_any_comment_page_of_a_secret_post(
    as_guest, as_junho, as_minji, as_owner, crowd, query
):  # case 19
    comments = crowd(201)
    Post.objects.update(is_secret=True)
    address = FREE + query.format(pk=comments[200].pk)
    for browser in (as_guest, as_junho):
        assert "댓글 2" not in read(browser, address, status=403)
    for friend in (as_minji, as_owner):
        assert "댓글 2" in read(friend, address)


# -- deleted comments ------------------------------------------------------------------------------
def test_a_placeholder_stands_above_a_reply_on_the_next_page(as_guest, crowd):
    comments = crowd(204)  # comment 197 begins a thread, and comment 201 replies to comment 200
    take_away([comments[196], comments[197], comments[199]])
    assert shown(as_guest)[196:] == [comment.pk for comment in comments[196:200]]
    assert read(as_guest, FREE).count("삭제된 댓글입니다.") == 3
    assert shown(as_guest, f"{FREE}?comments=2") == [comment.pk for comment in comments[200:]]
    take_away(comments[200:203])
    assert shown(as_guest)[196:] == [comments[place].pk for place in (196, 197, 198, 203)]
    assert NOTHING in read(as_guest, f"{FREE}?comments=2", status=404)


def test_deleted_comments_leave_no_empty_pages(as_guest, crowd):
    comments = crowd(700)
    take_away(comments[7:693])
    kept = comments[:7] + comments[693:]
    assert shown(as_guest) == [comment.pk for comment in kept]
    assert shown(as_guest, f"{FREE}?order=newest") == [c.pk for c in kept[7:] + kept[:7]]
    assert as_guest.get(f"{FREE}?comments=2").status_code == 404


def test_comments_at_the_same_positions_of_another_post_are_not_counted(
    as_guest, crowd, minji, post
):
    comments = crowd(8)
    take_away(comments[:7])
    other = write_post(author=minji, board=post.board, subject="다른 글", source="다른 글")
    Comment.objects.create(post=other, path=comments[1].path, depth=1, author_name="", html="")
    assert shown(as_guest) == [comments[7].pk]


# -- the address of a comment ----------------------------------------------------------------------
@pytest.mark.parametrize("order", ["", "newest"])
def test_the_address_of_a_comment_opens_its_page(as_guest, crowd, order):
    comments = crowd(505)
    pages = [shown(as_guest, f"{FREE}?order={order}&comments={page}") for page in (1, 2, 3)]
    for place in (0, 199, 200, 201, 399, 400, 504):
        asked = comments[place].pk
        (page,) = [page for page in pages if asked in page]
        assert shown(as_guest, f"{FREE}?order={order}&comment={asked}") == page


def test_the_date_links_to_the_comment(as_guest, crowd):
    comment = crowd(300)[250]
    item = Page(read(as_guest, f"{FREE}?comments=2")).one("li", id=comment.anchor)
    assert item.one("a", class_="muted")["href"] == comment.get_absolute_url()


def test_the_address_stays_valid_when_new_comments_push_it_to_the_next_page(
    as_guest, crowd, junho, post
):
    comments = crowd(200)
    address = comments[-1].get_absolute_url()
    for _ in range(5):
        write_comment(author=junho, post=post, text="대답", parent=comments[0])
    assert comments[-1].pk not in shown(as_guest)
    assert landing(as_guest, address)


def test_writing_editing_and_deleting_return_to_the_comment(as_junho, crowd):
    comments = crowd(405)
    sent = as_junho.post(f"{FREE}comments/write/", comment_form("맨 끝 댓글"))
    assert landing(as_junho, sent.url)
    sent = as_junho.post(
        f"{FREE}comments/write/", comment_form("가운데 대답", parent=comments[210].pk)
    )
    reply = Comment.objects.latest("pk")
    assert landing(as_junho, sent.url)
    assert reply.pk in shown(as_junho, f"{FREE}?comments=2")
    sent = as_junho.post(f"{FREE}comments/{reply.pk}/edit/", comment_form("고친 대답"))
    assert landing(as_junho, sent.url)
    sent = as_junho.post(f"{FREE}comments/{reply.pk}/delete/")
    assert shown(as_junho, sent.url) == shown(as_junho, f"{FREE}?comments=2")


def test_the_search_and_the_author_s_page_link_to_the_comment(as_guest, crowd, junho, post):
    crowd(300)
    comment = write_comment(author=junho, post=post, text="유채꽃도 피었더군요")
    (hit,) = finds(as_guest, "유채꽃", field="comments")
    assert hit == comment.get_absolute_url()
    assert Page(read(as_guest, "/members/junho/")).all("a", href=hit)
    assert landing(as_guest, hit)


def test_the_reply_form_opens_at_its_comment(as_junho, as_guest, crowd):
    comments = crowd(405)
    page = Page(read(as_junho, f"{FREE}?comments=2&order=newest"))
    (link,) = [
        a["href"] for a in page.one("li", id=comments[200].anchor).all("a") if a.text == "답변"
    ]
    page = Page(read(as_junho, link))
    form = page.one("li", id=comments[200].anchor).one("form")
    assert form.one("input", name="parent")["value"] == str(comments[200].pk)
    assert landing(as_junho, form.one("a")["href"])  # 취소
    for order in ("", "newest"):
        found = shown(as_junho, f"{FREE}?order={order}&comments=2")
        assert shown(as_junho, f"{FREE}?order={order}&reply={comments[200].pk}") == found
    assert 'name="parent"' not in read(as_guest, link)


def test_a_refused_reply_reopens_the_form_at_its_comment(as_junho, crowd):
    comments = crowd(405)
    sent = as_junho.post(f"{FREE}comments/write/", comment_form("", parent=comments[300].pk))
    assert sent.status_code == 422
    item = Page(sent.content).one("li", id=comments[300].anchor)
    assert "댓글을 입력해 주세요." in item.text


@pytest.mark.parametrize("order", ["", "order=newest&amp;"])
def test_a_refused_comment_stays_on_the_page_of_its_form(as_junho, crowd, order):
    crowd(201)
    address = f"{FREE}?{order}comments=2".replace("&amp;", "&")
    form = Page(read(as_junho, address)).one("form", id="write-comment")
    sent = as_junho.post(form["action"], comment_form(""))
    assert sent.status_code == 422
    page = Page(sent.content)
    there = [item["id"] for item in page.all("li", class_="comment")]
    assert there == [f"comment-{pk}" for pk in shown(as_junho, address)]
    assert page.one("form", id="write-comment")["action"] == form["action"]


@pytest.mark.parametrize("name", ["comment", "reply"])
def test_an_invalid_comment_id_opens_the_first_page(as_junho, crowd, name):  # case 53
    comments = crowd(201)
    for asked in ("0", "-1", "x", "1\1", "9" * 30, "١", "1 or 1=1", "999999", ""):
        page = Page(as_junho.get(FREE, {name: asked}).content)
        assert page.all("li", id=comments[0].anchor), asked


def test_the_id_of_a_comment_of_another_post_opens_the_first_page(as_guest, crowd, minji, post):
    comments = crowd(201)
    other = write_post(author=minji, board=post.board, subject="다른 글", source="다른 글")
    elsewhere = write_comment(author=minji, post=other, text="다른 글의 댓글")
    assert shown(as_guest, f"{FREE}?comment={elsewhere.pk}") == [c.pk for c in comments[:200]]


def test_the_address_of_a_deleted_comment_opens_its_former_page(as_guest, crowd, junho):
    comments = crowd(400)
    delete_comment(comment=comments[-1], by=junho)
    address = comments[-1].get_absolute_url()
    assert shown(as_guest, address) == [comment.pk for comment in comments[200:399]]
    take_away(comments[200:])
    assert shown(as_guest, address) == [comment.pk for comment in comments[:200]]


def test_the_old_address_of_a_comment_of_a_moved_post_redirects_to_it(
    as_guest, crowd, owner, post, other_board
):
    comments = crowd(201)
    address = comments[200].get_absolute_url()
    move_post(post=post, board=other_board, by=owner)
    answer = as_guest.get(address)
    assert (answer.status_code, answer.url) == (301, f"/qna/1/?comment={comments[200].pk}")
    assert landing(as_guest, f"{answer.url}#{comments[200].anchor}")


# -- newest first ----------------------------------------------------------------------------------
def test_newest_threads_come_first_with_their_replies_below_them(as_guest, junho, post):
    def answer(parent=None):
        return write_comment(author=junho, post=post, text="대답", parent=parent)

    one, two = answer(), answer()
    one_one = answer(one)
    two_one = answer(two)
    one_one_one = answer(one_one)
    three, one_two = answer(), answer(one)
    oldest = [one, one_one, one_one_one, one_two, two, two_one, three]
    newest = [three, two, two_one, one, one_one, one_one_one, one_two]
    for order, expected in (("", oldest), ("nonsense", oldest), ("newest", newest)):
        assert shown(as_guest, f"{FREE}?order={order}") == [comment.pk for comment in expected]


def test_the_order_can_be_chosen_where_it_makes_a_difference(as_guest, junho, post):
    first = write_comment(author=junho, post=post, text="하나")
    write_comment(author=junho, post=post, text="대답", parent=first)
    assert "최신순" not in read(as_guest, FREE)
    write_comment(author=junho, post=post, text="둘")
    for address, current in ((FREE, "등록순"), (f"{FREE}?order=newest", "최신순")):
        links = Page(read(as_guest, address)).one("section", id="comments").one("p", class_="sort")
        assert [a["href"] for a in links.all("a")] == [
            f"{FREE}#comments",
            f"{FREE}?order=newest#comments",
        ]
        assert links.one("a", **{"aria-current": "true"}).text == current
