"""`manage.py collect`: a source's articles become posts, each once, with where they are from."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from django.utils.http import http_date

from accounts.models import Notification
from boards.actions.watching import watch_board
from boards.models import Post
from collector.models import SeenEntry, Source
from tests.collector.conftest import item

pytestmark = pytest.mark.django_db


def collect(source, *, expects=0) -> str:
    """As its turn comes; returns what was said."""
    Source.objects.filter(pk=source.pk).update(next_at=timezone.now(), claimed_until=timezone.now())
    out = StringIO()
    if expects:
        with pytest.raises(SystemExit) as ended:
            call_command("collect", stdout=out, stderr=out)
        assert ended.value.code == expects
    else:
        call_command("collect", stdout=out, stderr=out)
    source.refresh_from_db()
    return out.getvalue()


def subjects():
    return list(Post.objects.order_by("number").values_list("subject", flat=True))


# -- posting ---------------------------------------------------------------------------------------
def test_an_article_is_posted_with_where_it_is_from(source, paper, client, gatherer):
    paper(item(1, title="중국 AI, &amp;lsquo;딥시크&amp;rsquo; 쇼크 [PADO]"))
    assert "새 글 1개" in collect(source)
    post = Post.objects.get()
    assert post.author == gatherer
    page = client.get(post.get_absolute_url()).text
    assert "기사 1의 앞부분입니다." in page
    assert 'href="https://paper.example/news/1"' in page
    assert "너울골신문" in page
    assert "ⓒ 너울골신문" in page


def test_an_article_is_posted_once(source, paper):
    paper(item(1))
    collect(source)
    collect(source)
    assert subjects() == ["기사 1"]


def test_new_articles_follow_the_old_ones(source, paper):
    paper(item(1))
    collect(source)
    paper(item(2), item(1))
    collect(source)
    assert subjects() == ["기사 1", "기사 2"]


def test_the_first_time_only_the_newest_are_posted(source, paper):
    now = timezone.now()
    dated = [
        item(n, more=f"<pubDate>{http_date((now - timedelta(hours=n)).timestamp())}</pubDate>")
        for n in range(1, 9)
    ]
    paper(*dated)
    collect(source)
    assert subjects() == ["기사 5", "기사 4", "기사 3", "기사 2", "기사 1"]
    collect(source)
    assert len(subjects()) == 5


def test_without_dates_the_first_of_the_feed_is_the_newest(source, paper):
    Source.objects.update(first_posts=2)
    paper(item(3), item(2), item(1))
    collect(source)
    assert subjects() == ["기사 2", "기사 3"]


def test_a_post_is_dated_by_its_article(source, paper):
    at = timezone.now() - timedelta(hours=7)
    paper(item(1, more=f"<pubDate>{http_date(at.timestamp())}</pubDate>"))
    collect(source)
    assert abs(Post.objects.get().created_at - at) < timedelta(seconds=1)


@pytest.mark.parametrize(
    "date", ["Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 01 Jan 2099 00:00:00 GMT", "어제"]
)
def test_case_69_a_date_that_cannot_be_is_now(source, paper, date):
    paper(item(1, more=f"<pubDate>{date}</pubDate>"))
    collect(source)
    assert timezone.now() - Post.objects.get().created_at < timedelta(minutes=1)


def test_case_69_without_a_guid_an_article_is_posted_once(source, paper):
    without = item(1).replace("<guid>news-1</guid>", "")
    paper(without)
    collect(source)
    collect(source)
    assert subjects() == ["기사 1"]


def test_case_68_the_same_address_in_two_sources_is_one_post(source, paper, board, gatherer):
    other = Source.objects.create(
        name="딴 신문",
        address="https://other.example/feed",
        is_on=True,
        board=board,
        member=gatherer,
    )
    paper(item(1, link="https://paper.example/news/1?utm_source=a"))
    collect(source)
    paper(item(1, guid="another", link="https://paper.example/news/1?utm_source=b"))
    collect(other)
    assert subjects() == ["기사 1"]


def test_case_67_what_an_article_brings_is_cleaned_as_members_posts_are(source, paper, client):
    Source.objects.update(shows=Source.Shows.FULL)
    text = (
        '&lt;p onclick="x()"&gt;본문&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;'
        '&lt;form action="https://evil.example"&gt;&lt;input name="q"&gt;&lt;/form&gt;'
    )
    paper(item(1, text=text))
    collect(source)
    page = client.get(Post.objects.get().get_absolute_url()).text
    assert "본문" in page
    assert "alert(1)" not in page
    assert "onclick" not in page
    assert "evil.example" not in page


def test_the_title_alone_is_shown_where_no_more_is_allowed(source, paper, client):
    Source.objects.update(shows=Source.Shows.TITLE)
    paper(item(1))
    collect(source)
    page = client.get(Post.objects.get().get_absolute_url()).text
    assert "앞부분" not in page
    assert 'href="https://paper.example/news/1"' in page


def test_only_articles_with_the_words_that_are_wanted(source, paper):
    Source.objects.update(words_in="환율, 주식", words_out="광고")
    paper(item(1, title="환율이 올랐다"), item(2, title="날씨"), item(3, title="주식 광고"))
    collect(source)
    assert subjects() == ["환율이 올랐다"]


def test_watchers_of_the_board_are_left_in_peace(
    source, paper, board, minji, django_capture_on_commit_callbacks
):
    watch_board(member=minji, board=board)
    paper(item(1))
    with django_capture_on_commit_callbacks(execute=True):
        collect(source)
    assert subjects() == ["기사 1"]
    assert not Notification.objects.exists()


def test_case_70_no_more_than_an_hour_has_room_for(source, paper, monkeypatch):
    Source.objects.update(hourly_limit=2)
    paper(item(0))
    collect(source)
    paper(*(item(number) for number in range(1, 6)))
    collect(source)
    assert len(subjects()) == 2
    SeenEntry.objects.update(seen_at=timezone.now() - timedelta(hours=2))
    collect(source)
    assert len(subjects()) == 4


# -- asking ----------------------------------------------------------------------------------------
def test_nothing_new_costs_one_conditional_request(source, paper):
    asked = paper(item(1), etag='"v1"')
    collect(source)
    collect(source)
    assert asked == [(source.address, ""), (source.address, '"v1"')]
    assert subjects() == ["기사 1"]


def test_a_source_that_is_off_or_not_due_is_not_asked(source, paper):
    asked = paper(item(1))
    Source.objects.update(next_at=timezone.now() + timedelta(minutes=5))
    call_command("collect")
    Source.objects.update(next_at=timezone.now(), is_on=False)
    call_command("collect")
    assert asked == []


def test_a_source_that_another_collector_has_is_left_to_it(source, paper):
    asked = paper(item(1))
    Source.objects.update(
        next_at=timezone.now(), claimed_until=timezone.now() + timedelta(minutes=1)
    )
    call_command("collect")
    assert asked == []


# -- trouble ---------------------------------------------------------------------------------------
def test_a_source_in_trouble_says_why_and_waits_longer_each_time(source, paper):
    paper(failed="주소를 찾지 못했습니다.")
    waits = []
    for _ in range(8):
        assert "주소를 찾지 못했습니다." in collect(source, expects=1)
        waits.append(source.next_at - source.ran_at)
    assert source.error == "주소를 찾지 못했습니다."
    assert source.failures == 8
    assert waits == sorted(waits)
    assert timedelta(hours=23, minutes=59) < waits[-1] < timedelta(hours=24, minutes=1)


def test_a_source_that_recovers_is_well_again(source, paper):
    paper(failed="주소를 찾지 못했습니다.")
    collect(source, expects=1)
    paper(item(1))
    collect(source)
    assert (source.failures, source.error) == (0, "")
    assert subjects() == ["기사 1"]


def test_a_source_that_is_gone_is_switched_off(source, paper):
    paper(status=410)
    assert "410" in collect(source, expects=1)
    assert not source.is_on


def test_a_source_that_asks_for_time_gets_it(source, paper):
    paper(status=429, retry_after=7_200)
    collect(source, expects=1)
    assert source.next_at - source.ran_at > timedelta(minutes=119)


def test_one_bad_source_does_not_stop_the_others(source, paper, board, gatherer, monkeypatch):
    from collector.actions import collecting

    bad = Source.objects.create(
        name="가 신문", address="https://bad.example/feed", is_on=True, board=board, member=gatherer
    )
    paper(item(1))
    fetch = collecting.fetch

    def fetch_or_fail(address, **known):
        if address == bad.address:
            raise collecting.FetchFailed("받지 못했습니다.")
        return fetch(address, **known)

    monkeypatch.setattr(collecting, "fetch", fetch_or_fail)
    collect(source, expects=1)
    assert subjects() == ["기사 1"]


def test_a_fault_of_ours_does_not_stop_the_others(
    source, paper, board, gatherer, monkeypatch, caplog
):
    from collector.actions import collecting

    bad = Source.objects.create(
        name="가 신문", address="https://bad.example/feed", is_on=True, board=board, member=gatherer
    )
    paper(item(1))
    fetch = collecting.fetch

    def fetch_or_break(address, **known):
        if address == bad.address:
            raise ZeroDivisionError
        return fetch(address, **known)

    monkeypatch.setattr(collecting, "fetch", fetch_or_break)
    collect(source, expects=1)
    assert subjects() == ["기사 1"]
    assert "could not be collected" in caplog.text
    bad.refresh_from_db()
    assert (bad.failures, "서버 기록" in bad.error) == (1, True)


def test_what_is_no_feed_is_said(source, paper, monkeypatch):
    from collector.fetch import Fetched

    answer = Fetched(200, source.address, b"<html><p>hello</p></html>", "text/html", "", "", None)
    monkeypatch.setattr("collector.actions.collecting.fetch", lambda *args, **known: answer)
    collect(source, expects=1)
    assert source.error


def test_a_run_that_is_killed_leaves_nothing_half_posted(source, paper, monkeypatch):
    paper(item(1), item(2))
    save = SeenEntry.save

    def die(entry, *args, **kwargs):
        if kwargs.get("update_fields") == ["post"]:
            raise KeyboardInterrupt
        save(entry, *args, **kwargs)

    monkeypatch.setattr(SeenEntry, "save", die)
    Source.objects.update(next_at=timezone.now())
    with pytest.raises(KeyboardInterrupt):
        call_command("collect")
    assert not Post.objects.exists()
    assert not SeenEntry.objects.exists()
    monkeypatch.setattr(SeenEntry, "save", save)
    collect(source)
    assert len(subjects()) == 2


def test_the_owner_sees_how_each_source_is(source, paper, as_owner):
    paper(failed="주소를 찾지 못했습니다.")
    for _ in range(3):
        collect(source, expects=1)
    page = as_owner.get("/admin/collector/source/").text
    assert "3번 거듭 실패: 주소를 찾지 못했습니다." in page
    assert "수집하지 못하는 곳: 너울골신문" in as_owner.get("/admin/").text


def test_a_source_needs_a_robot_and_the_owner(as_owner, as_minji, minji, board):
    assert as_minji.get("/admin/collector/source/add/").status_code == 302
    form = {
        "name": "신문",
        "address": "https://paper.example/feed",
        "board": board.pk,
        "member": minji.pk,
        "shows": "excerpt",
        "interval": 60,
        "hourly_limit": 10,
        "first_posts": 5,
    }
    assert as_owner.post("/admin/collector/source/add/", form).status_code == 200
    assert not Source.objects.exists()
