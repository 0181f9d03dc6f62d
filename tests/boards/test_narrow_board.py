"""When fewer people may read a board, the others lose their 알림 (notifications) about its posts."""

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

pytestmark = pytest.mark.usefixtures("side_by_side")  # notifications are deleted on commit


@pytest.fixture
def addresses(board, other_board, minji, junho, moderator):
    """minji writes in both boards; junho and the moderator of the first one are notified."""
    for place in (board, other_board):
        for watcher in (junho, moderator):
            watch_board(board=place, member=watcher)
        write_post(author=minji, board=place, subject="비밀 회의록", source="<p>본문</p>")
    return places


def places(member) -> list[str]:
    """Return the addresses in the notifications of `member`; asserts their unread count."""
    member.refresh_from_db()
    rows = Notification.objects.filter(member=member)
    assert member.unread_notification_count == rows.filter(read_at=None).count()
    return sorted(rows.values_list("address", flat=True))


def save(client, board, **changes):
    fields = board_fields(board.group, slug=board.slug, name=board.name, skin="list")
    fields["moderators"] = [*board.moderators.values_list("pk", flat=True)]
    address = f"{BOARDS}{board.pk}/change/"
    assert client.post(address, fields | changes).status_code == 302


@pytest.mark.parametrize("change", [{"read_level": 5}, {"list_level": 5}, {"audience": "adult"}])
def test_a_member_who_may_no_longer_read_the_board_loses_its_notifications(
    addresses, as_owner, as_junho, board, junho, moderator, change
):
    assert addresses(junho) == addresses(moderator) == ["/free/1/", "/qna/1/"]
    save(as_owner, board, **change)
    assert addresses(junho) == ["/qna/1/"]
    assert addresses(moderator) == ["/free/1/", "/qna/1/"]  # junho still reads this one
    assert "/free/1/" not in as_junho.get("/notifications/").text


def test_other_changes_delete_no_notification(addresses, as_owner, board, junho):
    save(as_owner, board, name="새 이름", write_level=9)
    save(as_owner, board, read_level=2)
    assert addresses(junho) == ["/free/1/", "/qna/1/"]


def test_a_former_moderator_loses_the_notifications(addresses, as_owner, board, moderator):
    save(as_owner, board, read_level=5)
    save(as_owner, board, read_level=5, moderators=[])
    assert addresses(moderator) == ["/qna/1/"]


def test_making_a_group_private_and_removing_a_member_delete_notifications(
    addresses, as_owner, group, board, junho, moderator
):
    sora = make_member("sora", "소라")
    fields = {"slug": group.slug, "name": group.name, "position": 0, "is_private": "on"}
    address = f"{GROUPS}{group.pk}/change/"
    assert as_owner.post(address, fields | {"members": [junho.pk, sora.pk]}).status_code == 302
    assert addresses(junho) == ["/free/1/", "/qna/1/"]
    assert addresses(moderator) == ["/free/1/"]
    assert as_owner.post(address, fields | {"members": [sora.pk]}).status_code == 302
    assert addresses(junho) == []


def test_copying_settings_of_a_closed_board_deletes_notifications(
    addresses, board, other_board, junho
):
    board.read_level = 9
    board.save()
    copy_settings(source=board, targets=[other_board], chosen=["writers"])
    assert addresses(junho) == ["/free/1/", "/qna/1/"]
    copy_settings(source=board, targets=[other_board], chosen=["readers"])
    assert addresses(junho) == ["/free/1/"]  # only the target board changed


def test_notifications_of_every_kind_about_moved_and_read_posts_are_deleted(
    addresses, as_owner, board, other_board, minji, junho, owner
):
    post = write_post(author=junho, board=other_board, subject="옮긴 글", source="<p>글</p>")
    about = {"title": "옮긴 글", "address": post.get_absolute_url(), "about": f"post:{post.pk}"}
    notify(member=junho, kind="like", **about)
    read_notifications(member=junho, about=f"post:{post.pk}")
    move_post(post=post, board=board, by=owner)
    assert Notification.objects.filter(about=about["about"]).exists()
    save(as_owner, board, read_level=5)
    assert not Notification.objects.filter(about=about["about"]).exists()
    assert addresses(junho) == ["/free/2/", "/qna/1/"]  # about the move of junho's own post


def test_a_notification_about_a_post_moved_from_another_board_is_deleted(
    addresses, as_owner, board, other_board, junho, owner
):
    move_post(post=Post.objects.get(board=other_board), board=board, by=owner)
    assert addresses(junho) == ["/free/1/", "/qna/1/"]
    save(as_owner, board, read_level=5)
    assert addresses(junho) == []


def test_many_notifications_take_as_many_queries_as_few(addresses, board):
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
