"""Counters stay correct through hundreds of random actions; damaged counters are found and
repaired.
"""

import re

import pytest
from django.core.management import call_command
from django.db.models import F

from accounts.models import Member, PointEntry
from boards import search
from boards.models import Board, Comment, Post, PostBucket, State
from boards.repair import recount
from boardsite.text.korean import fold
from boardsite.text.richtext import text_of
from tests.boards.townspeople import Town

OPERATIONS = 200


def found(index: search.Index, word: str) -> list[int]:
    return index.find(search.ask(word), limit=10)


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_random_actions_leave_no_drift(seed, group, owner, points_on):
    town = Town(seed, group, owner)
    town.give_points()
    town.live(OPERATIONS)
    assert recount(repairs=False) == []
    assert Post.objects.count() > 10
    assert Comment.objects.count() > 10
    assert len(set(PointEntry.objects.values_list("kind", flat=True))) >= 4

    # The test looks for each word of each text that was ever written in the rows themselves.
    texts = {
        post.pk: fold(f"{post.subject} {text_of(post.body.html)}")
        for post in Post.objects.published().filter(is_secret=False).select_related("body")
    }
    remarks = {
        comment.pk: fold(comment.text)
        for comment in Comment.objects.published().filter(
            is_secret=False, post__state=State.PUBLISHED, post__is_secret=False
        )
    }
    for number in range(1, town.words + 1):
        word = f"w{number}x"
        there = [pk for pk, text in texts.items() if word in text]
        assert sorted(found(search.posts, word)) == sorted(there)  # a copy contains the same words
        said = [pk for pk, text in remarks.items() if word in text]
        assert sorted(found(search.comments, word)) == sorted(said)


def test_the_index_contains_board_and_author(group, owner):
    """These terms narrow a search. A moved post must have left the index of its old board."""
    town = Town(5, group, owner)
    town.live(OPERATIONS)
    everywhere = ["제목", "본문"]
    for board in town.boards:
        visible = Post.objects.published().filter(is_secret=False, board=board)
        question = search.ask(everywhere[0], boards=[board.pk])
        assert set(search.posts.find(question, limit=500)) == {post.pk for post in visible}
    for member in town.members:
        visible = Post.objects.published().filter(is_secret=False, author=member)
        question = search.ask(everywhere[1], author_id=member.pk)
        assert set(search.posts.find(question, limit=500)) == {post.pk for post in visible}


# -- damage ----------------------------------------------------------------------------------------
DAMAGE = {
    "member points": lambda: Member.objects.update(points=9),
    "post comments": lambda: Post.objects.update(comment_count=F("comment_count") + 3),
    "post likes": lambda: Post.objects.update(like_count=9),
    "post dislikes": lambda: Post.objects.update(dislike_count=9),
    "comment likes": lambda: Comment.objects.update(like_count=9),
    "comment dislikes": lambda: Comment.objects.update(dislike_count=9),
    "post pictures": lambda: Post.objects.update(picture_count=9),
    "post files": lambda: Post.objects.update(file_count=9),
    "board posts": lambda: Board.objects.update(post_count=0),
    "board comments": lambda: Board.objects.update(comment_count=9),
    "member posts": lambda: Post.objects.get().author._meta.model.objects.update(post_count=9),
    "member comments": lambda: Comment.objects.get().author._meta.model.objects.update(
        comment_count=9
    ),
    "bucket too many": lambda: PostBucket.objects.update(count=9),
    "bucket lost": lambda: PostBucket.objects.all().delete(),
    "bucket too much": lambda: PostBucket.objects.create(
        board=Board.objects.get(), category_id=77, bucket=3, count=1
    ),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_counter_is_found_and_repaired(damage, comment):
    assert recount(repairs=False) == []
    DAMAGE[damage]()
    drifts = sorted(map(str, recount(repairs=False)))  # PostgreSQL gives rows in any order
    assert drifts
    assert sorted(map(str, recount(repairs=False))) == drifts, "checking repairs nothing"
    assert sorted(map(str, recount())) == drifts
    assert recount(repairs=False) == []


def test_nickname_claims_changed_by_an_old_version_are_repaired(minji, junho):
    """An older version ran until the restart, so it left an old claim or wrote none."""
    old = minji.nickname_claim
    Member.objects.filter(pk=minji.pk).update(
        nickname="소라", nickname_key="소라", nickname_shape="소라"
    )
    Member.objects.filter(pk=junho.pk).update(nickname_claim="")
    drifts = [str(drift) for drift in recount()]
    assert drifts == [
        f"member {minji.pk} nickname_claim: {old} → 소라",
        f"member {junho.pk} nickname_claim:  → {junho.nickname_shape}",
    ]
    for member, shape in ((minji, "소라"), (junho, junho.nickname_shape)):
        member.refresh_from_db()
        assert member.nickname_claim == shape
    assert recount() == []


def test_a_nickname_that_resembles_another_has_no_claim(minji, junho):
    same = minji.nickname_shape
    Member.objects.filter(pk=junho.pk).update(nickname="민지", nickname_shape=same)
    (drift,) = recount()
    assert (drift.stored, drift.true) == (junho.nickname_claim, "")
    minji.refresh_from_db()
    assert minji.nickname_claim == same
    assert recount() == []


def test_a_drift_describes_the_old_and_the_new_value(post):
    Board.objects.update(post_count=41)
    (drift,) = recount()
    assert re.fullmatch(r"board \d+ post_count: 41 → 1", str(drift))


def test_the_command_repairs_or_only_reports(post, capsys):
    call_command("recount", "--check")
    assert "어긋난 숫자 0개" in capsys.readouterr().out
    Board.objects.update(post_count=41)
    with pytest.raises(SystemExit) as end:
        call_command("recount", "--check")
    assert end.value.code == 1
    assert "post_count: 41 → 1" in capsys.readouterr().out
    call_command("recount")
    assert "어긋난 숫자 1개" in capsys.readouterr().out
    assert Board.objects.get().post_count == 1
