"""Votes, scraps, messages and points of the sample."""

from accounts.models import Member, Message, PointEntry
from boards.actions.posts import delete_post
from boards.actions.reactions import unvote_post
from boards.models import AnonymousVotes, Post, PostVote, Scrap, Vote
from boards.repair import recount
from tests.importer.conftest import move

BALANCES = {"admin": 113, "hong": 1497, "kimys": 973, "leemj": 989, "parkjh": 1017, "choisy": 1013}


def test_votes(moved):
    recount()
    counts = {
        (post.board.slug, post.number): (post.like_count, post.dislike_count)
        for post in Post.objects.exclude(like_count=0, dislike_count=0).select_related("board")
    }
    assert counts == {
        ("free", 2): (3, 1),
        ("economics", 2): (2, 0),
        ("economics", 3): (0, 1),
        ("gallery", 1): (2, 0),
    }


def test_counts_of_people_who_are_gone_stay(moved):
    old, table = moved, f"{moved.prefix}write_free"
    before = old.staging.query(f"SELECT wr_good, wr_nogood FROM {table} WHERE wr_id = '2'")[0]
    old.staging.query(f"UPDATE {table} SET wr_good = '40', wr_nogood = '0' WHERE wr_id = '2'")
    try:
        move(old)
    finally:
        old.staging.query(
            f"UPDATE {table} SET wr_good = ?, wr_nogood = ? WHERE wr_id = '2'", before
        )
    recount()
    assert recount() == []
    post = Post.objects.get(board__slug="free", number=2)
    assert (post.like_count, post.dislike_count) == (40, 1)  # a row is a vote, whatever the counter
    unvote_post(post=post, member=post.votes.filter(value=Vote.LIKE).first().member)
    assert recount() == []
    move(old)
    recount()
    post.refresh_from_db()
    assert post.like_count == 2
    assert not AnonymousVotes.objects.exists()


def test_scraps(moved):
    assert {
        (each.member.username, each.post.board.slug, each.post.number)
        for each in Scrap.objects.all()
    } == {
        ("kimys", "free", 2),
        ("leemj", "economics", 2),
        ("hong", "gallery", 2),
        ("hong", "economics", 3),
    }


def test_messages_are_one_row_for_both_sides(moved, client):
    recount()
    assert Message.objects.count() == 4
    first = Message.objects.order_by("pk").first()
    assert (first.sender.username, first.receiver.username) == ("hong", "kimys")
    assert first.text == "안녕하세요, 쪽지 보냅니다.\n다음 주에 뵙죠."
    assert [each.read_at is not None for each in Message.objects.order_by("pk")] == [0, 1, 0, 0]
    assert Member.objects.get(username="kimys").unread_message_count == 1
    assert not Message.objects.filter(deleted_by_sender=True).exists()
    client.login(username="kimys", password="kim#2026")
    assert "쪽지 보냅니다." in client.get(first.get_absolute_url()).text


def test_each_side_may_have_deleted_its_copy(old, db, minji, junho):
    table = f"{old.prefix}memo"
    old.staging.query(f"CREATE TEMP TABLE kept AS SELECT * FROM {table}")
    old.staging.query(f"DELETE FROM {table} WHERE me_id IN ('2', '3')")
    try:
        move(old)
    finally:
        old.staging.query(f"DELETE FROM {table}")
        old.staging.query(f"INSERT INTO {table} SELECT * FROM kept")
    sides = [
        (each.sender.username, each.deleted_by_sender, each.deleted_by_receiver)
        for each in Message.objects.order_by("pk")
    ]
    assert sides[:2] == [("hong", True, False), ("kimys", False, True)]


def test_points(moved):
    recount()
    assert dict(Member.objects.values_list("username", "points")) == BALANCES
    assert PointEntry.objects.count() == 44
    kinds = PointEntry.objects.filter(member__username="hong").values_list("kind", "about")
    post = Post.objects.get(board__slug="free", number=2)
    assert ("signup", "signup") in kinds
    assert ("write", f"post:{post.pk}") in kinds


def test_points_are_taken_back_with_the_post(moved):
    recount()
    post = Post.objects.get(board__slug="free", number=13)
    delete_post(post=post, by=Member.objects.get(username="admin"))
    hong = Member.objects.get(username="hong")
    assert hong.points == BALANCES["hong"] - 10


def test_the_second_run_changes_nothing(moved):
    counts = [model.objects.count() for model in (PostVote, Scrap, Message, PointEntry)]
    move(moved)
    assert [model.objects.count() for model in (PostVote, Scrap, Message, PointEntry)] == counts
