"""`manage.py collect` posts each article of a source once, with its origin."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from django.utils.http import http_date

from accounts.models import Member, Notification
from boards.actions.watching import watch_board
from boards.models import Board, Category, Post
from collector.fetching.fetch import FetchFailed
from collector.models import SeenEntry, Source
from tests.collector.conftest import (
    collect,
    collect_all,
    item,
    subjects,
)

pytestmark = pytest.mark.django_db


# -- posting ---------------------------------------------------------------------------------------
def test_an_article_is_posted_with_where_it_is_from(source, paper, client, robot):
    author = '<dc:creator xmlns:dc="http://purl.org/dc/elements/1.1/">김등대 기자</dc:creator>'
    paper(item(1, title="중국 AI, &amp;lsquo;딥시크&amp;rsquo; 쇼크 [PADO]", more=author))
    assert "새 글 1개" in collect(source)
    post = Post.objects.get()
    assert post.author == robot
    page = client.get(post.get_absolute_url()).text
    assert "기사 1의 앞부분입니다." in page
    assert 'href="https://paper.example/news/1"' in page
    assert "너울골신문" in page
    assert "글쓴이: 김등대 기자" in page
    assert '<span class="badge">로봇</span>' in page
    assert "ⓒ 너울골신문" in page


def test_notes_about_rights_are_for_the_staff(source, paper, client):
    Source.objects.update(permission="편집장과 통화함", contact="editor@paper.example")
    paper(item(1))
    collect(source)
    page = client.get(Post.objects.get().get_absolute_url()).text
    assert "편집장" not in page
    assert "editor@" not in page


def test_a_post_is_of_the_category_of_its_source(source, paper, board):
    category = Category.objects.create(board=board, name="경제", position=1)
    Source.objects.update(category=category)
    paper(item(1))
    collect(source)
    assert Post.objects.get().category == category


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
    ("hours", "is_kept"), [(-29 * 24, True), (-31 * 24, False), (-3000 * 24, False), (2, False)]
)
def test_a_post_is_dated_within_the_last_thirty_days(source, paper, hours, is_kept):
    """Otherwise it would appear far down in the list, or stay on top for long."""
    at = timezone.now() + timedelta(hours=hours)
    paper(item(1, more=f"<pubDate>{http_date(at.timestamp())}</pubDate>"))
    collect(source)
    expected = at if is_kept else timezone.now()
    assert abs(Post.objects.get().created_at - expected) < timedelta(minutes=1)


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


@pytest.mark.parametrize("pictures", Source.Pictures.values)
def test_case_67_an_article_is_cleaned_like_a_members_post(source, paper, client, pictures):
    Source.objects.update(shows=Source.Shows.FULL, pictures=pictures)
    paper.pages["https://evil.example/photo.jpg"] = b"no picture"
    text = (
        '&lt;p onclick="x()"&gt;본문&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;'
        '&lt;form action="https://evil.example"&gt;&lt;input name="q"&gt;&lt;/form&gt;'
        '&lt;iframe src="https://evil.example/frame"&gt;&lt;/iframe&gt;'
        '&lt;img src="https://evil.example/pixel" width="1" height="1"&gt;'
        '&lt;img src="https://evil.example/photo.jpg" onerror="x()" alt="항구"&gt;'
    )
    paper(item(1, text=text))
    collect(source)
    page = client.get(Post.objects.get().get_absolute_url()).text
    assert "본문" in page
    for bad in ("alert(1)", "onclick", "onerror", "/frame", "/pixel"):
        assert bad not in page
    assert 'src="https://evil.example' not in page
    assert 'action="https://evil.example' not in page
    assert ("https://evil.example/photo.jpg" in page) == (pictures != Source.Pictures.NONE)


@pytest.mark.parametrize(
    "text",
    [
        '<!--><img src="{}">-->',
        '<!-- a --!><img src="{}">-->',
        '<img alt="a<b" src="{}">',
        "<img title='\"<' src='{}'>",
        '<image src="{}">',
        '<p title="<!--"><img src="{}"></p>',
    ],
)
def test_case_67_a_picture_that_only_browsers_find_is_not_shown_from_there(
    source, paper, client, text
):
    Source.objects.update(shows=Source.Shows.FULL)
    text = text.format("https://evil.example/counts.gif")
    paper(item(1, text=f"<![CDATA[<p>본문</p>{text}]]>"))
    collect(source)
    page = client.get(Post.objects.get().get_absolute_url()).text
    assert "본문" in page
    assert 'src="https://evil.example' not in page


@pytest.mark.any_database
@pytest.mark.parametrize(
    "text",
    [
        "<p>본문</p><!-- ",
        "<p>본문</p><style>p {",
        "<p>본문</p><title>",
        "<p>본문</p><svg>",
        "<p>본문</p><textarea>",
        "<p>본문</p><plaintext>",
        '<p>본문</p><p title="',
        "<p>본문</p><ul><li><a href='https://paper.example/'>",
    ],
)
def test_no_article_swallows_the_lines_below_it(source, paper, text):
    Source.objects.update(shows=Source.Shows.FULL)
    paper(item(1, text=f"<![CDATA[{text}]]>"))
    collect(source)
    html = Post.objects.get().body.html
    assert "<p>본문</p>" in html
    assert '<p>원문: <a href="https://paper.example/news/1"' in html
    assert "<br>ⓒ 너울골신문<br>" in html
    assert f'<br><a href="/sources/{source.pk}/complain/"' in html


ENGLISH = "The lighthouse of Neoulgol (너울골) shines farther at half the cost."


@pytest.mark.any_database
@pytest.mark.parametrize("shows", [Source.Shows.EXCERPT, Source.Shows.FULL])
@pytest.mark.parametrize(
    ("claimed", "text", "lang"),
    [
        ("en-GB", ENGLISH, "en-gb"),
        ("ko", ENGLISH, ""),
        ("", ENGLISH, ""),
        ("en-US", "등대가 RSS보다 멀리 비춘다.", ""),
        ("ja", "灯台は遠くを照らす。", "ja"),
    ],
)
def test_a_foreign_article_names_its_language(source, paper, claimed, text, lang, shows):
    """For screen readers. A Korean text is Korean whatever its site declares."""
    Source.objects.update(shows=shows)
    language = f"<dc:language>{claimed}</dc:language>" if claimed else ""
    paper(item(1, title=text, text=text, more=language))
    paper.feed = paper.feed.replace("<rss ", '<rss xmlns:dc="http://purl.org/dc/elements/1.1/" ')
    collect(source)
    html = Post.objects.get().body.html
    assert text in html
    if lang:
        article, _, below = html.partition("</div>")
        assert article.startswith(f'<div lang="{lang}">')
        assert text in article
        assert "원문" in below
    else:
        assert "lang=" not in html


def test_only_the_title_is_shown_if_no_more_is_allowed(source, paper, client):
    Source.objects.update(shows=Source.Shows.TITLE)
    paper(item(1))
    collect(source)
    page = client.get(Post.objects.get().get_absolute_url()).text
    assert "앞부분" not in page
    assert 'href="https://paper.example/news/1"' in page


def test_only_articles_with_the_wanted_words(source, paper):
    Source.objects.update(words_in="환율, 주식", words_out="광고")
    paper(item(1, title="환율이 올랐다"), item(2, title="날씨"), item(3, title="주식 광고"))
    collect(source)
    assert subjects() == ["환율이 올랐다"]


def test_watchers_of_the_board_are_not_notified(
    source, paper, board, minji, django_capture_on_commit_callbacks
):
    watch_board(member=minji, board=board)
    paper(item(1))
    with django_capture_on_commit_callbacks(execute=True):
        collect(source)
    assert subjects() == ["기사 1"]
    assert not Notification.objects.exists()


def test_case_70_no_more_than_the_hourly_limit(source, paper):
    Source.objects.update(hourly_limit=2)
    paper(item(0))
    collect(source)
    paper(*(item(number) for number in range(1, 6)))
    collect(source)
    assert len(subjects()) == 2
    SeenEntry.objects.update(seen_at=timezone.now() - timedelta(hours=2))
    collect(source)
    assert len(subjects()) == 4


def test_case_70_after_a_week_of_silence_the_oldest_come_first_by_the_hour_and_quietly(
    source, paper, board, minji, django_capture_on_commit_callbacks
):
    watch_board(member=minji, board=board)
    paper(item(999))
    collect(source)
    now = timezone.now().replace(microsecond=0)
    dates = {n: now - timedelta(hours=n) for n in range(1, 151)}
    paper(
        *(
            item(n, more=f"<pubDate>{http_date(at.timestamp())}</pubDate>")
            for n, at in dates.items()
        ),
        etag='"v2"',
    )
    with django_capture_on_commit_callbacks(execute=True):
        collect(source)
    posts = Post.objects.exclude(subject="기사 999").order_by("number")
    # One was posted within this hour already.
    assert [post.subject for post in posts] == [f"기사 {n}" for n in range(150, 141, -1)]
    assert [post.created_at for post in posts] == [dates[n] for n in range(150, 141, -1)]
    assert not Notification.objects.exists()
    assert source.etag == ""  # so that the next pass gets the rest


# -- a post like any other -------------------------------------------------------------------------
def test_a_collected_post_is_read_counted_searched_and_commented_on(
    source, paper, as_minji, client
):
    paper(item(1, title="버스 요금 인상"))
    collect(source)
    post = Post.objects.get()
    as_minji.get(post.get_absolute_url())
    as_minji.post(f"{post.get_absolute_url()}comments/write/", {"text": "너무 올랐네요"})
    post.refresh_from_db()
    assert (post.view_count, post.comment_count) == (1, 1)
    assert "너무 올랐네요" in client.get(post.get_absolute_url()).text
    assert "버스 요금" in client.get("/search/", {"q": "요금"}).text


def test_the_page_names_where_the_article_stands_as_the_canonical_one(source, paper, client):
    paper(item(1))
    collect(source)
    assert Post.objects.get().body.origin == "https://paper.example/news/1"
    page = client.get(Post.objects.get().get_absolute_url()).text
    assert '<link rel="canonical" href="https://paper.example/news/1">' in page


def test_a_post_links_to_the_complaint_form(source, paper, client):
    paper(item(1))
    collect(source)
    page = client.get(Post.objects.get().get_absolute_url()).text
    assert f'href="/sources/{source.pk}/complain/"' in page
    assert "저작권 신고" in page


def test_the_collector_earns_no_points_and_is_in_no_ranking(
    points_on, source, paper, board, client, as_minji, minji
):
    Board.objects.update(write_points=10, read_points=-5)
    paper(item(1))
    collect(source)
    as_minji.get(Post.objects.get().get_absolute_url())
    source.member.refresh_from_db()
    assert source.member.points == 0
    assert not source.member.point_entries.exists()
    Member.objects.filter(pk=source.member_id).update(points=5_000)
    Member.objects.filter(pk=minji.pk).update(points=10)
    page = client.get("/ranking/").text
    assert "민지" in page
    assert "수집기" not in page


# -- asking ----------------------------------------------------------------------------------------
def test_nothing_new_costs_one_conditional_request(source, paper):
    asked = paper(item(1), etag='"v1"')
    collect(source)
    collect(source)
    assert asked == [(source.address, ""), (source.address, '"v1"')]
    assert subjects() == ["기사 1"]


def test_a_feed_with_only_a_date_is_requested_with_it(source, paper):
    date = "Wed, 25 Nov 2026 06:01:00 GMT"
    paper(item(1), last_modified=date)
    collect(source)
    paper(item(2), item(1), last_modified=date)  # not returned if the request has the date
    collect(source)
    assert subjects() == ["기사 1"]
    paper(item(2), item(1), last_modified="Wed, 25 Nov 2026 07:00:00 GMT")
    collect(source)
    assert subjects() == ["기사 1", "기사 2"]


@pytest.mark.parametrize("minutes", [10, 1440])
def test_a_source_is_fetched_again_after_its_interval(source, paper, minutes):
    Source.objects.update(interval=minutes)
    paper(item(1))
    collect(source)
    assert source.next_at - source.ran_at == timedelta(minutes=minutes)


def test_a_source_that_is_off_or_not_due_is_not_fetched(source, paper):
    asked = paper(item(1))
    Source.objects.update(next_at=timezone.now() + timedelta(minutes=5))
    call_command("collect")
    Source.objects.update(next_at=timezone.now(), is_on=False)
    call_command("collect")
    assert asked == []


def test_a_source_claimed_by_another_collector_is_skipped(source, paper):
    asked = paper(item(1))
    Source.objects.update(
        next_at=timezone.now(), claimed_until=timezone.now() + timedelta(minutes=1)
    )
    call_command("collect")
    assert asked == []


# -- trouble ---------------------------------------------------------------------------------------
def test_a_failing_source_says_why_and_waits_longer_each_time(source, paper):
    paper(failed="주소를 찾지 못했습니다.")
    waits = []
    for _ in range(8):
        assert "주소를 찾지 못했습니다." in collect(source, expects=1)
        waits.append(source.next_at - source.ran_at)
    assert source.error == "주소를 찾지 못했습니다."
    assert source.failures == 8
    assert waits == sorted(waits)
    assert timedelta(hours=23, minutes=59) < waits[-1] < timedelta(hours=24, minutes=1)


def test_a_source_that_recovers_has_no_error(source, paper):
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


def test_a_source_that_asks_us_to_wait_is_obeyed(source, paper):
    paper(status=429, retry_after=7_200)
    collect(source, expects=1)
    assert source.next_at - source.ran_at > timedelta(minutes=119)


@pytest.fixture
def bad(source, board, robot):
    """Another paper's feed, which is visited first."""
    return Source.objects.create(
        name="가 신문",
        address="https://bad.example/feed",
        is_on=True,
        board=board,
        member=robot,
        next_at=timezone.now() - timedelta(hours=1),
    )


def test_one_bad_source_does_not_stop_the_others(source, bad, paper):
    paper(item(1))
    paper.pages[bad.address] = FetchFailed("받지 못했습니다.")
    assert "받지 못했습니다." in collect_all(source, bad, expects=1)
    assert subjects() == ["기사 1"]


def test_an_error_of_ours_does_not_stop_the_others(source, bad, paper, monkeypatch, caplog):
    paper(item(1))
    paper.pages[bad.address] = None  # a value that no code expects
    collect_all(source, bad, expects=1)
    assert subjects() == ["기사 1"]
    assert "could not be collected" in caplog.text
    bad.refresh_from_db()
    assert (bad.failures, "서버 기록" in bad.error) == (1, True)


def test_one_article_that_cannot_be_shown_does_not_stop_the_others(source, paper):
    Source.objects.update(shows=Source.Shows.FULL)
    bomb = f"<![CDATA[{'<b>x' * 10_001}]]>"
    paper(item(3), item(2, text=bomb), item(1))
    collect(source)
    assert subjects() == ["기사 1", "기사 3"]
    assert (source.failures, source.error) == (0, "")
    paper(item(3, text=bomb), item(1))  # a change that cannot be shown
    collect(source)
    collect(source)
    assert subjects() == ["기사 1", "기사 3"]
    assert not Post.objects.exclude(revisions=None).exists()


def test_a_response_that_is_no_feed_is_reported(source, paper):
    paper.pages[source.address] = "<html><p>hello</p></html>"
    collect(source, expects=1)
    assert source.error


def test_a_run_that_is_killed_leaves_nothing_half_posted(source, paper, monkeypatch):
    paper(item(1), item(2))
    save = SeenEntry.save

    def die(entry, *args, **kwargs):
        if "post" in kwargs.get("update_fields", ()):
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


def test_the_owner_sees_the_state_of_each_source(source, paper, as_owner):
    paper(failed="주소를 찾지 못했습니다.")
    for _ in range(3):
        collect(source, expects=1)
    page = as_owner.get("/admin/collector/source/").text
    assert "3번 잇달아 실패: 주소를 찾지 못했습니다." in page
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
