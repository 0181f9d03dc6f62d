"""시험 수집 (trial) shows what would be posted, and posts nothing."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from boards.models import Attachment, Post
from boardsite.dates import full_date
from collector.actions import trying
from collector.actions.collecting import claim, collect_source
from collector.actions.starting import CannotStart
from collector.actions.trials import ask_trial, end_trial
from collector.actions.trying import try_source
from collector.fetching.fetch import FetchFailed
from collector.models import SeenEntry, Source, Trial
from tests.boards.browsing import dangers
from tests.collector.conftest import item

pytestmark = [pytest.mark.any_database, pytest.mark.django_db]

PAGE = """<html><head><title>{title} | 너울골신문</title></head><body><article>
<h1>{title}</h1><p>{text}</p><p>둘째 단락도 꽤 길어서 본문으로 보이기에 충분한 말을 담고 있습니다.</p>
<p>셋째 단락까지 읽어야 기사 한 편을 다 읽은 셈입니다. 벚꽃은 다음 주에 활짝 핍니다.</p>
</article></body></html>"""


def address_of(source: Source) -> str:
    return f"/admin/collector/source/{source.pk}/try/"


@pytest.fixture
def at_once(monkeypatch):
    """Runs the process of the button within the request."""

    def start(*sources, is_trial=False):
        assert is_trial
        call_command("collect", sources=[each.pk for each in sources], is_trial=True)

    monkeypatch.setattr("collector.admin.source_operations.start", start)


@pytest.fixture
def started(monkeypatch) -> list:
    calls = []
    monkeypatch.setattr(
        "collector.admin.source_operations.start",
        lambda *sources, is_trial=False: calls.append(sources),
    )
    return calls


def outcomes(source) -> dict[str, str]:
    """Title → outcome, newest first; `+` marks articles that are shown."""
    found = Trial.objects.get(source=source).found
    return {each["title"]: ("+" if each["html"] else "") + each["outcome"] for each in found}


def tried(source) -> dict[str, str]:
    Trial.objects.all().delete()
    try_source(source)
    return outcomes(source)


def state_of_all() -> tuple:
    """Everything that a pass would change."""
    return (
        Post.objects.count(),
        SeenEntry.objects.count(),
        Attachment.objects.count(),
        list(Source.objects.values()),
    )


# -- what it shows ---------------------------------------------------------------------------------
def test_a_trial_shows_an_article_as_its_post_would_look(as_owner, source, paper, at_once):
    before = state_of_all()
    paper(
        item(
            1,
            title="벚꽃이 “활짝”",
            text="여의도에 벚꽃이 피었습니다.",
            more="<author>김기자</author>",
        )
    )
    page = as_owner.post(address_of(source), follow=True).text
    assert "올릴 글 1개" in page
    assert f"{full_date(Trial.objects.get().ended_at)}에 시험한 결과입니다." in page
    assert "벚꽃이 “활짝”" in page
    assert "<p>여의도에 벚꽃이 피었습니다.</p>" in page
    assert "ⓒ 너울골신문" in page
    assert state_of_all() == before


def test_a_trial_shows_the_posts_of_a_pass(source, paper):
    source.shows = Source.Shows.FULL
    source.save()
    paper(*(item(number, text=f"<p>기사 {number}의 &amp; 본문</p>") for number in range(1, 8)))
    tried(source)
    shown = {each["title"]: each["html"] for each in Trial.objects.get().found if each["html"]}
    assert len(shown) == source.first_posts
    claim(source)
    collect_source(source)
    assert {post.subject: post.body.html for post in Post.objects.all()} == shown


def test_it_shows_why_others_are_skipped(source, paper):
    paper(item(1), item(2))
    claim(source)
    collect_source(source)
    Source.objects.update(words_out="광고", hourly_limit=3)
    source.refresh_from_db()
    paper(item(5), item(4), item(3, title="광고입니다"), item(2), item(1))
    assert tried(source) == {
        "기사 4": "+올림",
        "기사 5": "한 시간 한도를 넘음",
        "광고입니다": "단어로 걸러짐",
        "기사 2": "이미 있음",
        "기사 1": "이미 있음",
    }


def test_the_first_time_older_articles_are_listed(source, paper):
    source.first_posts = 1
    paper(item(2), item(1))
    assert tried(source) == {"기사 2": "+올림", "기사 1": "첫 수집보다 오래됨"}


def test_a_source_that_is_off_can_be_tried(as_owner, source, paper, at_once):
    Source.objects.update(is_on=False)
    paper(item(1))
    assert "올릴 글 1개" in as_owner.post(address_of(source), follow=True).text


def test_no_more_than_some_are_shown(source, paper, monkeypatch):
    monkeypatch.setattr(trying, "SHOWN", 2)
    paper(*(item(number) for number in range(5, 0, -1)))
    assert [*tried(source).values()] == ["+올림", "+올림", "올림", "올림", "올림"]


def test_case_67_no_script_of_a_source_runs(as_owner, source, paper, at_once):
    Source.objects.update(shows="full")
    escaped = "&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;"
    evil = f"{escaped}<![CDATA[<b onclick=alert(1)>x</b>]]>"
    paper(item(1, title=evil, text=evil, link="javascript:alert(1)"))
    page = as_owner.post(address_of(source), follow=True).text
    shown = page.partition('<div class="trial">')[2]
    assert "올릴 글 1개" in shown
    assert dangers(shown) == []


def test_case_67_pictures_are_links_in_a_trial(source, paper):
    picture = '<![CDATA[<p>봄</p><img src="https://img.example/1.jpg" alt="벚꽃">]]>'
    for policy, is_linked in (("none", False), ("link", True), ("copy", True)):
        Source.objects.update(shows="full", pictures=policy)
        source.refresh_from_db()
        paper(item(1, text=picture))
        tried(source)
        html = Trial.objects.get().found[0]["html"]
        assert "<img" not in html
        assert ("https://img.example/1.jpg" in html) == is_linked
    assert not Attachment.objects.exists()
    assert {address for address, _etag in paper.asked} == {source.address}


# -- pages of articles -----------------------------------------------------------------------------
@pytest.fixture
def listing(source, paper):
    """The source as a listing page whose second article cannot be read."""
    Source.objects.update(kind="listing", link_rule="li a", shows="full")
    source.refresh_from_db()
    links = "".join(f'<li><a href="/news/{n}">벚꽃 소식 {n}</a></li>' for n in (1, 2, 3))
    paper.pages[source.address] = f"<html><body><ul>{links}</ul></body></html>"
    for number in (1, 3):
        text = f"벚꽃 소식 {number}의 첫 단락으로, 봄이 왔다는 이야기를 넉넉하게 늘어놓습니다."
        page = PAGE.format(title=f"벚꽃 소식 {number}", text=text)
        paper.pages[f"https://paper.example/news/{number}"] = page
    paper.pages["https://paper.example/news/2"] = FetchFailed("서버에 연결하지 못했습니다.")
    return source


def test_pages_of_a_listing_are_read(listing, paper):
    found = tried(listing)
    assert found["벚꽃 소식 1"] == "+올림"
    assert found["벚꽃 소식 2"] == "기사 페이지를 읽지 못함: 서버에 연결하지 못했습니다."
    assert "봄이 왔다는 이야기" in Trial.objects.get().found[0]["html"]
    assert not SeenEntry.objects.exists()


def test_wanted_words_are_searched_in_the_page(listing):
    listing.words_out = "봄이 왔다는"
    assert tried(listing)["벚꽃 소식 1"] == "단어로 걸러짐"


def test_no_page_is_read_when_the_time_is_up(listing, paper, monkeypatch):
    monkeypatch.setattr(trying, "SECONDS", -1)
    assert {*tried(listing).values()} == {f"기사 페이지를 읽지 못함: {trying.NO_TIME}"}
    assert len(paper.asked) == 1


def test_a_trial_does_not_wait_for_long_delays():
    attempt = trying._Attempt(Source())
    with pytest.raises(FetchFailed):
        attempt.fetcher._sleep(60)


# -- what goes wrong -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"failed": "서버를 찾지 못했습니다."}, "서버를 찾지 못했습니다."),
        ({"status": 404}, "HTTP 404"),
        ({"status": 410}, "없앴습니다(410)"),
    ],
)
def test_a_failure_is_shown_and_changes_nothing(as_owner, source, paper, at_once, answer, words):
    paper(**answer)
    before = state_of_all()
    assert words in as_owner.post(address_of(source), follow=True).text
    assert state_of_all() == before


def test_an_error_of_ours_is_shown_too(source, paper, monkeypatch):
    def broken(*args):
        raise RuntimeError

    monkeypatch.setattr(trying, "choose", broken)
    try_source(source)
    assert "서버 기록" in Trial.objects.get().error


def test_a_process_that_cannot_start_is_reported(as_owner, source, monkeypatch):
    def start(*sources, is_trial=False):
        raise CannotStart("수집을 시작하지 못했습니다.")

    monkeypatch.setattr("collector.admin.source_operations.start", start)
    assert "시작하지 못했습니다" in as_owner.post(address_of(source), follow=True).text


def test_a_source_that_is_taken_down_is_not_tried(as_owner, source, started):
    Source.objects.update(taken_down_at=timezone.now(), is_on=False)
    assert "모두 내린 곳입니다" in as_owner.post(address_of(source), follow=True).text
    assert started == []


# -- waiting ---------------------------------------------------------------------------------------
def test_the_page_reloads_until_the_trial_has_ended(as_owner, source, paper, started):
    response = as_owner.post(address_of(source), follow=True)
    assert response["Refresh"] == "2"
    assert "자동으로 새로 고칩니다" in response.text
    paper(item(1))
    try_source(source)
    response = as_owner.get(address_of(source))
    assert "Refresh" not in response
    assert "올릴 글 1개" in response.text


def test_a_second_submission_starts_nothing(as_owner, source, started):
    as_owner.post(address_of(source))
    as_owner.post(address_of(source))
    assert len(started) == 1


def test_after_a_minute_it_gives_up(as_owner, source, started):
    as_owner.post(address_of(source))
    Trial.objects.update(asked_at=timezone.now() - timedelta(seconds=61))
    response = as_owner.get(address_of(source))
    assert "Refresh" not in response
    assert "1분이 지나도 끝나지 않았습니다" in response.text
    as_owner.post(address_of(source))
    assert len(started) == 2


def test_a_late_trial_does_not_end_the_next_one(source):
    ask_trial(source)
    old = Trial.objects.get()
    Trial.objects.update(asked_at=timezone.now() - timedelta(seconds=61))
    assert ask_trial(source)
    end_trial(old, error="늦음")
    assert Trial.objects.get().ended_at is None


def test_before_the_first_trial(as_owner, source):
    assert "아직 시험해 보지 않았습니다" in as_owner.get(address_of(source)).text
