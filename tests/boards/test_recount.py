"""Counts stay true through hundreds of random deeds; damaged ones are found and mended."""

import re

import pytest
from django.core.management import call_command
from django.db.models import F

from accounts.models import Member, PointEntry
from boards import search
from boards.models import Board, Comment, Post, PostBucket, State
from boards.repair import recount
from boards.text.richtext import text_of
from boardsite.korean import fold
from tests.boards.townspeople import Town

DEEDS = 200


def found(index: search.Index, word: str) -> list[int]:
    return index.find(search.ask(word), limit=10)


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_random_deeds_leave_nothing_to_mend(seed, group, owner, points_on):
    town = Town(seed, group, owner)
    town.give_points()
    town.live(DEEDS)
    assert recount(mend=False) == []
    assert Post.objects.count() > 10
    assert Comment.objects.count() > 10
    assert len(set(PointEntry.objects.values_list("kind", flat=True))) >= 4

    # The oracle: each word of each text that was ever written, looked for in the rows themselves.
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
        assert sorted(found(search.posts, word)) == sorted(there)  # a copy has the same words
        assert found(search.comments, word) == [pk for pk, text in remarks.items() if word in text]


def test_the_index_knows_the_board_and_the_author(group, owner):
    """The pieces by which a search is narrowed; a moved post must have left its old board's."""
    town = Town(5, group, owner)
    town.live(DEEDS)
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
def test_a_damaged_count_is_found_and_mended(damage, comment):
    assert recount(mend=False) == []
    DAMAGE[damage]()
    drifts = recount(mend=False)
    assert drifts
    assert recount(mend=False) == drifts, "asking mends nothing"
    assert recount() == drifts
    assert recount(mend=False) == []


def test_a_drift_says_what_it_was(post):
    Board.objects.update(post_count=41)
    (drift,) = recount()
    assert re.fullmatch(r"board \d+ post_count: 41 → 1", str(drift))


def test_the_command_mends_or_only_says(post, capsys):
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
