"""Reading position: at their next visit members see a link to the first comment written since."""

import datetime

from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from boards.actions.comments import write_comment
from boards.actions.reading import Mark, mark_read
from boards.models import ReadMark
from tests.boards.browsing import read
from tests.crowd import fill_comments
from tests.page import Page

FREE = "/free/1/"
SENTENCE = "지난번에 보신 뒤 새 댓글"


def test_the_next_visit_links_to_the_first_new_comment(as_junho, post, minji):
    write_comment(author=minji, post=post, text="하나")
    assert SENTENCE not in read(as_junho, FREE)
    new = [write_comment(author=minji, post=post, text=text) for text in ("둘", "셋")]
    page = Page(read(as_junho, FREE))
    link = page.one("p", class_="continue").one("a")
    assert link.text == "지난번에 보신 뒤 새 댓글 2개"
    assert link["href"] == new[0].get_absolute_url()
    marked = [row["id"] for row in page.all("li", class_="comment") if row.all(class_="mark-new")]
    assert marked == [comment.anchor for comment in new]
    assert SENTENCE not in read(as_junho, FREE)


def test_comments_on_an_unopened_page_stay_new(as_junho, post, minji):
    fill_comments(post, [minji], 201)
    read(as_junho, FREE)
    for _ in range(2):
        link = Page(read(as_junho, FREE)).one("p", class_="continue").one("a")
        assert "1개" in link.text
    assert "mark-new" in read(as_junho, link["href"].partition("#")[0])
    assert SENTENCE not in read(as_junho, FREE)


def test_own_comments_are_not_new(as_junho, post, junho):
    read(as_junho, FREE)
    write_comment(author=junho, post=post, text="내 댓글")
    assert SENTENCE not in read(as_junho, FREE)


def test_guests_have_no_reading_position(as_reader, post, comment):
    read(as_reader, FREE)
    assert not ReadMark.objects.exists()


def test_robots_head_requests_and_prefetches_do_not_move_the_reading_position(
    as_junho, junho, post
):
    as_junho.head(FREE)
    as_junho.get(FREE, headers={"sec-purpose": "prefetch"})
    robot = Client(headers={"user-agent": "Yeti/1.1"})
    robot.force_login(junho)
    robot.get(FREE)
    assert not ReadMark.objects.exists()


def test_opening_an_older_page_does_not_move_the_position_back(post, junho):
    mark_read([Mark(junho.pk, post.pk, 7)])
    mark_read([Mark(junho.pk, post.pk, 3)])
    assert ReadMark.objects.get().comment == 7


def test_tidy_deletes_reading_positions_after_half_a_year(post, junho, minji):
    for member, days in ((junho, 179), (minji, 181)):
        mark_read([Mark(member.pk, post.pk, 0)])
        at = timezone.now() - datetime.timedelta(days=days)
        ReadMark.objects.filter(member=member).update(at=at)
    call_command("tidy")
    assert ReadMark.objects.get().member == junho
