"""Times in words, made by the browser: pages are cached for everybody."""

import datetime

import pytest
from django.utils import timezone

from boards.actions.comments import write_comment
from boards.models import Comment, Post
from tests.browser.steps import expect


def written(what, **ago) -> datetime.datetime:
    """Lets `what` have been written so long ago."""
    at = timezone.now() - datetime.timedelta(**ago)
    type(what).objects.filter(pk=what.pk).update(created_at=at)
    return timezone.localtime(at)


@pytest.mark.parametrize(
    ("ago", "words"),
    [({"minutes": 3, "seconds": 1}, "3분 전"), ({"hours": 5, "minutes": 1}, "5시간 전")],
)
def test_lists_and_comments_say_how_long_ago(ago, words, open_page, post, junho):
    at = written(post, **ago)
    written(write_comment(author=junho, post=post, text="네"), **ago)
    for path, place in (
        ("/free/", ".posts time"),
        ("/", ".latest time"),
        ("/free/1/", ".comment time"),
    ):
        time = open_page(path).locator(place).first
        expect(time).to_have_text(words)
        expect(time).to_have_attribute("title", f"{at:%Y-%m-%d %H:%M}")


def test_after_a_day_they_say_when(open_page, post, junho):
    at = written(post, days=2)
    expect(open_page("/free/").locator(".posts time")).to_have_text(f"{at:%m-%d}")


def test_a_slow_clock_shows_the_time_itself(open_page, post):
    at = written(post, minutes=-10)
    expect(open_page("/free/").locator(".posts time")).to_contain_text(f"{at:%M}")


def test_without_scripts_the_time_itself_is_there(open_page, post, junho):
    at = written(post, minutes=3)
    written(write_comment(author=junho, post=post, text="네"), minutes=3)
    assert Post.objects.count() == Comment.objects.count() == 1
    page = open_page("/free/1/", javascript=False)
    expect(page.locator(".comment time")).to_have_text(f"{at:%y-%m-%d %H:%M}")
    assert page.locator(".posts time").text_content() in (f"{at:%H:%M}", f"{at:%m-%d}")
