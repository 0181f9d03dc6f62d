"""Posts of articles that their paper withdraws are hidden, as the source's rule says."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Notification
from boards.actions.links import add_link
from boards.actions.posts import hide_post, restore_post, write_post
from boards.models import ModerationEntry, State
from collector.actions import withdrawing
from collector.actions.taking_down import put_back, take_down
from collector.actions.withdrawing import look_again
from collector.fetching.fetch import Fetched, FetchFailed
from collector.fetching.fetcher import Fetcher
from collector.models import SeenEntry, Source, SourceEvent
from tests.collector.sources_server import let_in, serving

DAY = timedelta(days=1)
MISSING = Source.WhenGone.MISSING
GONE = Source.WhenGone.GONE


@pytest.fixture
def article(source):
    """`article(1)` creates an article of `source`, two days old, with its post."""

    def collect(number: int, *, age: timedelta = 2 * DAY, **fields) -> SeenEntry:
        fields.setdefault(
            "post",
            write_post(
                author=source.member,
                board=source.board,
                subject=f"기사 {number}",
                source=f"<p>기사 {number}의 앞부분입니다.</p>",
                is_quiet=True,
            ),
        )
        return SeenEntry.objects.create(
            source=source,
            guid_key=str(number),
            address=f"https://paper.example/news/{number}",
            title=f"기사 {number}",
            seen_at=timezone.now() - age,
            **fields,
        )

    return collect


class Paper(Fetcher):
    """Returns a status or an error for each page; 200 by default."""

    def __init__(self, pages: dict[int, int | FetchFailed]):
        self.pages, self.asked = pages, []

    def fetch(self, address: str, **known) -> Fetched:
        number = int(address.rpartition("/")[2])
        self.asked.append(number)
        answer = self.pages.get(number, 200)
        if isinstance(answer, FetchFailed):
            raise answer
        return Fetched(answer, address, b"", "", "", "", None)


def look(source: Source, pages=(), *, rule: str = "") -> tuple[int, list[int]]:
    """Sets the rule and checks the pages once. Returns how many posts went, and the requested
    pages."""
    if rule:
        source.when_gone = rule
        source.save(update_fields=["when_gone"])
    paper = Paper(dict(pages))
    return look_again(source, paper), paper.asked


def a_day_later(source: Source) -> None:
    for entry in source.entries.exclude(checked_at=None):
        entry.checked_at -= DAY
        entry.save(update_fields=["checked_at"])


def state(entry: SeenEntry) -> str:
    entry.refresh_from_db()
    entry.post.refresh_from_db()
    return entry.post.state


# -- What goes -------------------------------------------------------------------------------------
@pytest.mark.parametrize("rule", [GONE, MISSING])
def test_hides_a_post_whose_article_was_deleted(source, article, rule):
    gone, other = article(1), article(2)
    assert look(source, {1: 410}, rule=rule) == (1, [1, 2])
    assert (state(gone), gone.hidden) == (State.HIDDEN, SeenEntry.Hidden.GONE)
    assert (state(other), other.hidden) == (State.PUBLISHED, "")


def test_is_gone_from_the_list_and_is_in_the_logs(source, article, board, as_guest):
    article(1)
    look(source, {1: 410})
    assert "기사 1" not in as_guest.get(board.get_absolute_url()).content.decode()
    entry = ModerationEntry.objects.get()
    assert (entry.operation, entry.moderator, entry.reason) == (
        ModerationEntry.Operation.HIDE,
        source.member,
        "원문이 사라짐(HTTP 410)",
    )
    event = SourceEvent.objects.get()
    assert (event.source, event.kind, event.by) == (source, SourceEvent.Kind.GONE, None)
    assert event.text == "기사 1 https://paper.example/news/1"
    assert not Notification.objects.exists()


def test_hides_a_post_whose_article_is_missing_on_two_days(source, article):
    entry = article(1)
    assert look(source, {1: 404}, rule=MISSING) == (0, [1])
    assert state(entry) == State.PUBLISHED
    assert look(source, {1: 404}) == (0, [])  # counted once a day
    a_day_later(source)
    assert look(source, {1: 404}) == (1, [1])
    assert state(entry) == State.HIDDEN


def test_a_page_that_is_back_resets_the_count(source, article):
    entry = article(1)
    for status in (404, 200, 404, 304, 404):
        assert look(source, {1: status}, rule=MISSING) == (0, [1])
        a_day_later(source)
    assert state(entry) == State.PUBLISHED


def test_a_missing_page_is_not_a_deleted_one(source, article):
    entry = article(1)
    for _day in range(4):
        assert look(source, {1: 404}, rule=GONE) == (0, [1])
        a_day_later(source)
    assert state(entry) == State.PUBLISHED


def test_keeps_everything_if_the_owner_wants_it(source, article):
    entry = article(1)
    assert look(source, {1: 410}, rule=Source.WhenGone.KEEP) == (0, [])
    assert state(entry) == State.PUBLISHED


@pytest.mark.parametrize("answer", [500, 429, 503, FetchFailed("…"), FetchFailed("…", status=403)])
def test_keeps_a_post_whose_page_fails_for_another_reason(source, article, answer):
    entry = article(1, misses=1)
    assert look(source, {1: answer}, rule=MISSING) == (0, [1])
    assert (state(entry), entry.misses) == (State.PUBLISHED, 1)
    assert look(source, {1: answer}) == (0, [])


def test_only_a_link_is_removed_from_another_papers_post(source, article, post):
    """The entry `is_also`: the post belongs to the other paper."""
    entry = article(1, post=post, is_also=True)
    add_link(post=post, url="https://third.example/1", name="다른 곳: 한빛신문")
    add_link(post=post, url=entry.address, name="다른 곳: 너울골신문")
    assert look(source, {1: 410}) == (1, [1])
    assert (state(entry), entry.hidden) == (State.PUBLISHED, SeenEntry.Hidden.GONE)
    assert [link.url for link in post.links.all()] == ["https://third.example/1"]
    assert entry.post.link_count == 1
    a_day_later(source)
    assert look(source, {1: 410}) == (0, [])


def test_taking_down_and_back_brings_no_lost_link_back(source, article, post, owner):
    entry = article(1, post=post, is_also=True)
    add_link(post=post, url=entry.address, name="다른 곳: 너울골신문")
    look(source, {1: 410})
    take_down(source=source, by=owner)
    put_back(source=source, by=owner)
    assert not post.links.exists()
    assert (state(entry), entry.hidden) == (State.PUBLISHED, SeenEntry.Hidden.GONE)


# -- What stays as somebody decided it -------------------------------------------------------------
def test_a_post_restored_by_a_moderator_stays(source, article, moderator):
    entry = article(1)
    look(source, {1: 410})
    restore_post(post=entry.post, by=moderator)
    a_day_later(source)
    assert look(source, {1: 410}) == (0, [])
    assert state(entry) == State.PUBLISHED


def test_a_post_hidden_by_a_moderator_is_left_alone(source, article, moderator):
    entry = article(1)
    hide_post(post=entry.post, by=moderator)
    assert look(source, {1: 410}) == (0, [])
    assert (state(entry), entry.hidden) == (State.HIDDEN, "")


def test_a_post_hidden_meanwhile_by_a_moderator_is_left_alone(source, article, moderator):
    """This happens while the page is being fetched."""
    entry = article(1)

    class Slow(Paper):
        def fetch(self, address, **known):
            hide_post(post=entry.post, by=moderator)
            return super().fetch(address)

    assert look_again(source, Slow({1: 410})) == 0
    assert (state(entry), entry.hidden) == (State.HIDDEN, "")
    assert not SourceEvent.objects.exists()


def test_a_post_purged_meanwhile_is_no_error(source, article):
    entry = article(1)

    class Slow(Paper):
        def fetch(self, address, **known):
            SeenEntry.objects.update(post=None)
            return super().fetch(address)

    assert look_again(source, Slow({1: 410})) == 0
    entry.refresh_from_db()
    assert entry.hidden == ""


def test_fetches_the_page_over_the_network(source, article, monkeypatch):
    """Over a real socket, with robots.txt."""
    with serving() as paper:
        let_in(monkeypatch, paper)
        gone, kept, shut = article(1), article(2), article(3)
        for entry in (gone, kept, shut):
            path = f"/news/{entry.guid_key}"
            SeenEntry.objects.filter(pk=entry.pk).update(address=paper.address(path))
            paper.put(path, b"news", status=410 if entry == gone else 200)
        paper.put("/robots.txt", b"User-agent: *\nDisallow: /news/3")
        assert look_again(source, Fetcher(sleep=lambda seconds: None)) == 1
        assert [asked.path for asked in paper.asked] == ["/robots.txt", "/news/1", "/news/2"]
    assert state(gone) == State.HIDDEN
    assert state(kept) == state(shut) == State.PUBLISHED


# -- How often, and of which -----------------------------------------------------------------------
def test_checks_five_pages_a_pass_the_longest_waiting_first(source, article):
    for number in range(1, 8):
        article(number, age=2 * DAY + number * timedelta(hours=1))
    assert look(source) == (0, [7, 6, 5, 4, 3])
    article(8)
    assert look(source) == (0, [2, 1, 8])
    assert look(source) == (0, [])
    a_day_later(source)
    assert look(source)[1] == [7, 6, 5, 4, 3]


@pytest.mark.parametrize(
    ("age", "is_asked"),
    [
        (timedelta(hours=23), False),
        (timedelta(hours=25), True),
        (timedelta(days=29), True),
        (timedelta(days=31), False),
    ],
)
def test_checks_articles_of_a_month(source, article, age, is_asked):
    article(1, age=age)
    assert bool(look(source)[1]) == is_asked


def test_checks_nothing_without_a_page_or_a_post(source, article):
    article(1, post=None)
    SeenEntry.objects.filter(pk=article(2).pk).update(address="")
    assert look(source) == (0, [])


def test_checks_nothing_of_other_sources(source, article, other_board, robot):
    article(1)
    other = Source.objects.create(
        name="한빛신문", address="https://other.example/", board=other_board, member=robot
    )
    assert look(other) == (0, [])


@pytest.mark.parametrize("answer", [429, 503, FetchFailed("…", wait=60)])
def test_stops_when_the_site_asks_to_stay_away(source, article, answer):
    for number in range(1, 4):
        article(number, age=(9 - number) * DAY)
    assert look(source, {2: answer}) == (0, [1, 2])


def test_continues_where_it_was_killed(source, article, monkeypatch):
    """Each result is recorded separately; its consequences are all done or none."""
    first, second = article(1, age=3 * DAY), article(2)

    def die(**kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        killed.setattr(withdrawing.SourceEvent.objects, "create", die)
        with pytest.raises(KeyboardInterrupt):
            look(source, {2: 410})
    assert (state(second), second.hidden, second.checked_at) == (State.PUBLISHED, "", None)
    assert look(source, {2: 410}) == (1, [2])
    assert (state(first), state(second)) == (State.PUBLISHED, State.HIDDEN)


def test_a_month_of_posts_costs_few_queries(source, article, django_assert_max_num_queries):
    for number in range(1, 21):
        article(number)
    with django_assert_max_num_queries(1 + 2 * withdrawing.MOST):
        look(source)
