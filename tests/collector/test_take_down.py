"""글 모두 내리기 hides everything of a source in one step, and can be undone (case 71)."""

from contextlib import suppress

import pytest
from django.core.management import call_command
from django.db.models import QuerySet

from boards.actions.comments import write_comment
from boards.actions.links import add_link
from boards.actions.posts import delete_post, hide_post, restore_post, write_post
from boards.models import ModerationEntry, Post, State
from boards.repair import recount
from collector.actions import taking_down
from collector.actions.taking_down import finish_all, put_back, take_down, unfinished_sources
from collector.models import SeenEntry, Source, SourceEvent
from tests.boards.browsing import all_at_once, finds, read
from tests.collector.conftest import item

pytestmark = pytest.mark.django_db

LISTS = ["/", "/free/", "/new/", "/feed/", "/free/feed/", "/free/feed/atom/", "/sitemap/free/1.xml"]
Hidden = SeenEntry.Hidden


def article(source: Source, number: int, **fields) -> SeenEntry:
    """An article with a post."""
    post = write_post(
        author=source.member,
        board=source.board,
        subject=f"너울골 소식 {number}",
        source="<p>등대에 불이 켜졌습니다.</p>",
        is_quiet=True,
    )
    return seen(source, number, post=post, title=post.subject, **fields)


def seen(source: Source, number: int, **fields) -> SeenEntry:
    address = f"https://{source.name}.example/{number}"
    return SeenEntry.objects.create(
        source=source, guid_key=f"{number}", address=address, **{"title": "등대"} | fields
    )


@pytest.fixture
def articles(source) -> list[SeenEntry]:
    return [article(source, number) for number in range(1, 4)]


def states() -> list[str]:
    return list(Post.objects.order_by("number").values_list("state", flat=True))


# -- what is to be seen ----------------------------------------------------------------------------
def test_case_71_one_step_hides_everything(
    as_guest, as_junho, owner, junho, board, source, articles
):
    write_comment(author=junho, post=articles[0].post, text="등대지기 만세")
    hers = write_post(author=junho, board=board, subject="준호의 글", source="<p>불이 밝다</p>")
    for place in LISTS:
        page = read(as_guest, place)
        assert [f"/free/{n}/" in page for n in (1, 2, 3, 4)] == [True] * 4, place
    assert finds(as_guest, "등대") == ["/free/3/", "/free/2/", "/free/1/"]

    assert take_down(source=source, by=owner, reason="신문사가 그만 싣기를 바람") == 0

    for browser in (as_guest, as_junho):
        for number in (1, 2, 3):
            assert browser.get(f"/free/{number}/").status_code == 410
        for place in LISTS:
            page = read(browser, place)
            assert [f"/free/{n}/" in page for n in (1, 2, 3, 4)] == [False] * 3 + [True], place
        assert finds(browser, "등대") == finds(browser, "등대지기", field="comments") == []
    assert as_guest.get(hers.get_absolute_url()).status_code == 200
    assert recount(repairs=False) == []


def test_nothing_more_is_collected(owner, source, articles, paper):
    take_down(source=source, by=owner)
    source.refresh_from_db()
    assert not source.is_on
    assert source.taken_down_at
    call_command("collect")
    assert paper.asked == []
    Source.objects.update(is_on=True)  # by mistake
    call_command("collect")
    assert paper.asked == []


def test_another_source_of_the_same_robot_keeps_its_posts(as_guest, owner, source, other, articles):
    article(other, 4)
    take_down(source=source, by=owner)
    assert as_guest.get("/free/4/").status_code == 200


def test_taking_down_is_logged_with_member_and_reason(owner, source, articles):
    take_down(source=source, by=owner, reason="편지를 받음")
    event = SourceEvent.objects.get()
    assert (event.kind, event.by, event.text) == ("taken_down", owner, "편지를 받음")
    entries = ModerationEntry.objects.all()
    assert {(each.operation, each.moderator) for each in entries} == {("hide", owner)}
    assert {each.reason for each in entries} == {"너울골신문의 글을 모두 내림: 편지를 받음"}


def test_two_submissions_are_done_and_logged_once(owner, source, articles):
    for _ in range(2):
        assert take_down(source=source, by=owner) == 0
    assert SourceEvent.objects.count() == 1
    assert ModerationEntry.objects.count() == 3


def test_a_source_without_posts_is_taken_down_too(owner, source):
    seen(source, 1)
    assert take_down(source=source, by=owner) == 0
    assert not unfinished_sources().exists()


# -- 다른 곳 ---------------------------------------------------------------------------------------
def test_its_links_are_removed_from_other_posts(as_guest, owner, source, other):
    entry = article(other, 1)
    also = seen(source, 9, post=entry.post, is_also=True)
    add_link(post=entry.post, url=also.address, name="다른 곳: 너울골신문")
    assert "다른 곳: 너울골신문" in read(as_guest, "/free/1/")
    take_down(source=source, by=owner)
    page = read(as_guest, "/free/1/")
    assert "다른 곳" not in page
    assert also.address not in page
    put_back(source=source, by=owner)
    assert "다른 곳: 너울골신문" in read(as_guest, "/free/1/")
    entry.post.refresh_from_db()
    assert entry.post.link_count == entry.post.links.count() == 1


def test_the_link_of_a_withdrawn_article_does_not_come_back(as_guest, owner, source, other):
    entry = article(other, 1)
    seen(source, 9, post=entry.post, is_also=True, hidden=Hidden.GONE)
    take_down(source=source, by=owner)
    put_back(source=source, by=owner)
    assert not entry.post.links.exists()
    assert SeenEntry.objects.get(source=source).hidden == Hidden.GONE


def test_its_own_posts_are_hidden_with_the_links_of_others(
    as_guest, owner, source, other, articles
):
    also = seen(other, 9, post=articles[0].post, is_also=True)
    add_link(post=articles[0].post, url=also.address, name="다른 곳: 한빛신문")
    take_down(source=source, by=owner)
    put_back(source=source, by=owner)
    assert "다른 곳: 한빛신문" in read(as_guest, "/free/1/")


# -- putting back ----------------------------------------------------------------------------------
def test_putting_back_restores_everything(as_guest, owner, junho, source, articles):
    write_comment(author=junho, post=articles[0].post, text="등대지기 만세")
    take_down(source=source, by=owner)
    assert put_back(source=source, by=owner, reason="허락을 받음") == 0
    for place in LISTS:
        page = read(as_guest, place)
        assert [f"/free/{n}/" in page for n in (1, 2, 3)] == [True] * 3, place
    assert finds(as_guest, "등대") == ["/free/3/", "/free/2/", "/free/1/"]
    assert len(finds(as_guest, "등대지기", field="comments")) == 1
    assert recount(repairs=False) == []
    assert not SeenEntry.objects.exclude(hidden=Hidden.NO).exists()
    source.refresh_from_db()
    assert (source.taken_down_at, source.is_on) == (None, False)
    event = SourceEvent.objects.first()
    assert (event.kind, event.by, event.text) == ("put_back", owner, "허락을 받음")


def test_earlier_decisions_of_moderators_are_not_undone(owner, moderator, source, articles):
    hide_post(post=articles[0].post, by=moderator)
    delete_post(post=articles[1].post, by=moderator)
    take_down(source=source, by=owner)
    put_back(source=source, by=owner)
    assert states() == [State.HIDDEN, State.DELETED, State.PUBLISHED]


def test_decisions_of_moderators_meanwhile_are_not_undone(owner, moderator, source, articles):
    take_down(source=source, by=owner)
    first, second, third = [each.post for each in articles]
    for post in (first, second):
        restore_post(post=post, by=moderator)
    hide_post(post=second, by=moderator, reason="다시 보니 아님")
    delete_post(post=third, by=moderator)
    assert finish_all() == 0
    assert states() == [State.PUBLISHED, State.HIDDEN, State.DELETED]
    put_back(source=source, by=owner)
    assert states() == [State.PUBLISHED, State.HIDDEN, State.DELETED]


def test_putting_back_a_visible_source_does_nothing(owner, source, articles):
    assert put_back(source=source, by=owner) == 0
    assert not SourceEvent.objects.exists()
    assert states() == [State.PUBLISHED] * 3


def test_down_back_and_down_again(owner, source, articles):
    for _ in range(2):
        take_down(source=source, by=owner)
        assert states() == [State.HIDDEN] * 3
        put_back(source=source, by=owner)
        assert states() == [State.PUBLISHED] * 3
    assert recount(repairs=False) == []


def test_a_post_restored_by_a_person_is_hidden_and_restored_too(owner, source, articles):
    articles[0].hidden = Hidden.GONE
    articles[0].save()
    take_down(source=source, by=owner)
    assert states() == [State.HIDDEN] * 3
    put_back(source=source, by=owner)
    assert states() == [State.PUBLISHED] * 3


# -- much of it, and killed ------------------------------------------------------------------------
class Killed(BaseException):
    """The process is killed by a signal."""


@pytest.fixture
def killed_after(monkeypatch):
    """Kills the next operation at the post with this number, inside a chunk."""

    def kill(chunk: int) -> None:
        managed, count = taking_down.manage_posts, iter(range(1, 100))

        def manage(**what):
            done = managed(**what)
            if next(count) == chunk:
                monkeypatch.setattr(taking_down, "manage_posts", managed)
                raise Killed
            return done

        monkeypatch.setattr(taking_down, "manage_posts", manage)

    return kill


@pytest.fixture
def single(monkeypatch):
    """One post per chunk."""
    monkeypatch.setattr(taking_down, "CHUNK", 1)
    monkeypatch.setattr(taking_down, "PAUSE", 0)


def test_the_collect_command_does_the_rest(owner, source, articles, single):
    assert take_down(source=source, by=owner, reason="편지", patience=0) == 2
    assert states() == [State.PUBLISHED, State.PUBLISHED, State.HIDDEN], "the newest first"
    call_command("collect")
    assert states() == [State.HIDDEN] * 3
    assert {each.moderator for each in ModerationEntry.objects.all()} == {owner}
    assert put_back(source=source, by=owner, patience=0) == 2
    call_command("collect")
    assert states() == [State.PUBLISHED] * 3
    assert recount(repairs=False) == []


@pytest.mark.parametrize("chunk", [1, 2, 3])
def test_killed_at_any_point_it_can_continue(owner, source, articles, single, killed_after, chunk):
    killed_after(chunk)
    with pytest.raises(Killed):
        take_down(source=source, by=owner)
    hidden = SeenEntry.objects.filter(hidden=Hidden.TAKEN_DOWN)
    assert hidden.count() == states().count(State.HIDDEN) == chunk - 1, "each or not at all"
    assert finish_all() == 0
    assert states() == [State.HIDDEN] * 3
    killed_after(chunk)
    with pytest.raises(Killed):
        put_back(source=source, by=owner)
    assert finish_all() == 0
    assert states() == [State.PUBLISHED] * 3
    assert not unfinished_sources().exists()
    assert recount(repairs=False) == []


def test_a_post_is_hidden_with_its_mark_or_not_at_all(owner, source, articles, monkeypatch):
    """Without the mark put_back would leave the post hidden for ever."""
    update = QuerySet.update

    def die(rows, **values):
        if rows.model is SeenEntry and "hidden" in values:
            raise Killed
        return update(rows, **values)

    monkeypatch.setattr(QuerySet, "update", die)
    with pytest.raises(Killed):
        take_down(source=source, by=owner)
    assert states() == [State.PUBLISHED] * 3


def test_putting_back_before_everything_was_hidden(owner, source, articles, single):
    take_down(source=source, by=owner, patience=0)
    assert put_back(source=source, by=owner) == 0
    assert states() == [State.PUBLISHED] * 3
    assert not unfinished_sources().exists()


def test_a_finished_one_costs_the_command_one_query(
    owner, source, other, articles, django_assert_num_queries
):
    take_down(source=source, by=owner)
    with django_assert_num_queries(1):
        assert finish_all() == 0


def test_taking_down_while_articles_are_posted_leaves_none(side_by_side, owner, source, paper):
    """Whichever comes first: posting checks within its transaction, and take_down waits for
    that."""
    Source.objects.update(first_posts=20, hourly_limit=20)
    paper(*[item(number) for number in range(12)])

    def collect() -> None:
        with suppress(SystemExit):
            call_command("collect", jobs=1)

    all_at_once([collect, lambda: take_down(source=source, by=owner)])
    assert not Post.objects.published().exists()
    assert finish_all() == 0
    assert not SeenEntry.objects.filter(post__isnull=False).exclude(hidden=Hidden.TAKEN_DOWN)
    assert recount(repairs=False) == []


def test_two_submissions_at_once(side_by_side, owner, source, articles):
    all_at_once([lambda: take_down(source=source, by=owner)] * 2)
    assert states() == [State.HIDDEN] * 3
    assert ModerationEntry.objects.count() == 3
    assert SourceEvent.objects.count() == 1
    assert recount(repairs=False) == []
