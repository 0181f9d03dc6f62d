"""When fewer people may read a board, nobody keeps the subjects of its posts in his 알림."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions.notifications import notify, read_notifications
from accounts.models import Notification
from boards.actions.boards import copy_settings
from boards.actions.narrowing import forget_unreadable
from boards.actions.posts import move_post, write_post
from boards.actions.watching import watch_board
from boards.models import Post
from tests.boards.test_manage_boards_in_admin import BOARDS, GROUPS, board_fields
from tests.conftest import make_member

pytestmark = pytest.mark.usefixtures("side_by_side")  # forgotten once the deed is committed


@pytest.fixture
def told(board, other_board, minji, junho, moderator):
    """minji writes in both boards; junho and the moderator of the first one are told."""
    for place in (board, other_board):
        for watcher in (junho, moderator):
            watch_board(board=place, member=watcher)
        write_post(author=minji, board=place, subject="비밀 회의록", source="<p>본문</p>")
    return places


def places(member) -> list[str]:
    """The addresses of what `member` has been told; his count agrees."""
    member.refresh_from_db()
    rows = Notification.objects.filter(member=member)
    assert member.unread_notification_count == rows.filter(is_read=False).count()
    return sorted(rows.values_list("address", flat=True))


def save(client, board, **changes):
    fields = board_fields(board.group, slug=board.slug, name=board.name, skin="list")
    fields["moderators"] = [*board.moderators.values_list("pk", flat=True)]
    address = f"{BOARDS}{board.pk}/change/"
    assert client.post(address, fields | changes).status_code == 302


@pytest.mark.parametrize("change", [{"read_level": 5}, {"list_level": 5}, {"audience": "adult"}])
def test_who_may_not_read_it_any_more_keeps_no_subject(
    told, as_owner, as_junho, board, junho, moderator, change
):
    assert told(junho) == told(moderator) == ["/free/1/", "/qna/1/"]
    save(as_owner, board, **change)
    assert told(junho) == ["/qna/1/"]
    assert told(moderator) == ["/free/1/", "/qna/1/"]  # he still reads it
    assert "/free/1/" not in as_junho.get("/notifications/").text


def test_other_changes_cost_nobody_a_line(told, as_owner, board, junho):
    save(as_owner, board, name="새 이름", write_level=9)
    save(as_owner, board, read_level=2)
    assert told(junho) == ["/free/1/", "/qna/1/"]


def test_nor_does_who_moderates_no_more(told, as_owner, board, moderator):
    save(as_owner, board, read_level=5)
    save(as_owner, board, read_level=5, moderators=[])
    assert told(moderator) == ["/qna/1/"]


def test_a_group_made_private_and_who_is_taken_out_of_it(
    told, as_owner, group, board, junho, moderator
):
    sora = make_member("sora", "소라")
    fields = {"slug": group.slug, "name": group.name, "position": 0, "is_private": "on"}
    address = f"{GROUPS}{group.pk}/change/"
    assert as_owner.post(address, fields | {"members": [junho.pk, sora.pk]}).status_code == 302
    assert told(junho) == ["/free/1/", "/qna/1/"]
    assert told(moderator) == ["/free/1/"]
    assert as_owner.post(address, fields | {"members": [sora.pk]}).status_code == 302
    assert told(junho) == []


def test_settings_that_are_copied_from_a_closed_board(told, board, other_board, junho):
    board.read_level = 9
    board.save()
    copy_settings(source=board, targets=[other_board], chosen=["writers"])
    assert told(junho) == ["/free/1/", "/qna/1/"]
    copy_settings(source=board, targets=[other_board], chosen=["readers"])
    assert told(junho) == ["/free/1/"]  # the source itself was not changed by this deed


def test_lines_of_any_kind_also_of_what_was_moved_there_and_read(
    told, as_owner, board, other_board, minji, junho, owner
):
    post = write_post(author=junho, board=other_board, subject="옮긴 글", source="<p>글</p>")
    about = {"title": "옮긴 글", "address": post.get_absolute_url(), "about": f"post:{post.pk}"}
    notify(member=junho, kind="like", **about)
    read_notifications(member=junho, about=f"post:{post.pk}")
    move_post(post=post, board=board, by=owner)
    assert Notification.objects.filter(about=about["about"]).exists()
    save(as_owner, board, read_level=5)
    assert not Notification.objects.filter(about=about["about"]).exists()
    assert told(junho) == ["/free/2/", "/qna/1/"]  # that his own post was moved


def test_what_was_told_of_another_board_and_moved_since(
    told, as_owner, board, other_board, junho, owner
):
    move_post(post=Post.objects.get(board=other_board), board=board, by=owner)
    assert told(junho) == ["/free/1/", "/qna/1/"]
    save(as_owner, board, read_level=5)
    assert told(junho) == []


def test_pays_as_many_queries_for_many_as_for_few(told, board):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            forget_unreadable(board.pk)
        return len(queries)

    members = [make_member(f"person{number}", f"사람{number}") for number in range(12)]
    type(board).objects.update(read_level=5)
    about = f"post:{Post.objects.get(board=board).pk}"
    counts = []
    for some in (members[:2], members[2:]):
        for member in some:
            notify(member=member, kind="word", title="글", address="/free/1/", about=about)
        counts.append(cost())
        assert not Notification.objects.filter(member__in=some).exists()
    assert counts[0] >= counts[1]
