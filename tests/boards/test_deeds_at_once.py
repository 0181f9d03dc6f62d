"""Many people at the same few posts in the same moment: nothing fails, nothing drifts."""

from functools import partial

import pytest

from boards import search
from boards.actions.comments import write_comment
from boards.actions.managing import set_category
from boards.actions.posts import (
    delete_post,
    edit_post,
    hide_post,
    move_post,
    restore_post,
    write_post,
)
from boards.actions.reactions import vote_post
from boards.models import Category, Post
from boards.repair import recount
from tests.boards.browsing import all_at_once


def write(author, board, subject):
    return write_post(author=author, board=board, subject=subject, source=f"<p>{subject} 본문</p>")


def repeatedly(*deeds, times=4):
    """One person who does these deeds in turn, several times."""

    def run():
        for _ in range(times):
            for deed in deeds:
                deed()

    return run


def found(word: str) -> list[int]:
    return search.posts.find(search.ask(word), limit=20)


def test_moves_edits_comments_and_judgements_at_once(
    side_by_side, minji, junho, owner, board, other_board
):
    first, second = write(minji, board, "첫째"), write(junho, other_board, "둘째")
    words = {"subject": "고친 제목", "source": "<p>고친 본문</p>"}
    all_at_once(
        [
            repeatedly(
                partial(move_post, post=first, board=other_board, by=owner),
                partial(move_post, post=first, board=board, by=owner),
            ),
            repeatedly(
                partial(move_post, post=second, board=board, by=owner),
                partial(move_post, post=second, board=other_board, by=owner),
            ),
            repeatedly(
                partial(edit_post, post=first, by=minji, **words),
                partial(edit_post, post=second, by=junho, **words),
            ),
            repeatedly(
                partial(write_comment, author=minji, post=second, text="민지의 댓글"),
                partial(write_comment, author=junho, post=first, text="준호의 댓글"),
            ),
            repeatedly(
                partial(hide_post, post=first, by=owner),
                partial(restore_post, post=first, by=owner),
                partial(delete_post, post=second, by=owner),
                partial(restore_post, post=second, by=owner),
            ),
            repeatedly(
                partial(write, minji, board, "새 글"), partial(write, junho, other_board, "새 글")
            ),
            repeatedly(
                partial(vote_post, post=first, member=junho, value=1),
                partial(vote_post, post=second, member=minji, value=-1),
            ),
        ]
    )
    assert recount(mend=False) == []
    assert Post.objects.filter(subject="새 글").count() == 8
    assert found("고친") == [second.pk, first.pk]
    assert found("둘째") == found("첫째") == []


@pytest.mark.parametrize("round_", range(3))
def test_an_edit_that_waits_for_a_move_is_found_by_its_new_words(
    side_by_side, minji, owner, board, other_board, round_
):
    post = write(minji, board, "옛날")
    all_at_once(
        [
            partial(move_post, post=post, board=other_board, by=owner),
            partial(edit_post, post=post, by=minji, subject="요즘", source="<p>요즘 글</p>"),
        ]
    )
    assert found("요즘") == [post.pk]
    assert found("옛날") == []
    assert recount(mend=False) == []


def answer(author, post, subject, **more):
    more |= {"author": author, "board": post.board, "answer_to": post}
    return write_post(subject=subject, source=f"<p>{subject} 본문</p>", **more)


def test_answers_comments_and_ways_of_their_thread_at_once(
    side_by_side, minji, junho, owner, board, other_board
):
    """Whoever writes below a thread that is moved, changed and judged finds it where it is."""
    categories = [Category.objects.create(board=board, name=name) for name in ("질문", "후기")]
    root = write(minji, board, "물음")
    first = answer(junho, root, "첫 답")
    second = answer(minji, root, "다음 답")
    words = {"subject": "물음", "source": "<p>고친 본문</p>", "is_secret": True}
    all_at_once(
        [
            repeatedly(
                partial(move_post, post=root, board=other_board, by=owner),
                partial(move_post, post=root, board=board, by=owner),
            ),
            repeatedly(
                partial(answer, junho, root, "새 답"), partial(answer, minji, first, "답의 답")
            ),
            repeatedly(
                partial(write_comment, author=minji, post=first, text="댓글"),
                partial(write_comment, author=junho, post=root, text="댓글"),
            ),
            repeatedly(
                partial(hide_post, post=first, by=owner),
                partial(restore_post, post=first, by=owner),
            ),
            repeatedly(
                *(partial(set_category, post=root, category=each, by=owner) for each in categories)
            ),
            repeatedly(
                partial(edit_post, post=second, by=minji, subject="다음 답", source=""),
                partial(edit_post, post=root, by=minji, **words),
                times=2,
            ),
            repeatedly(
                partial(delete_post, post=second, by=owner),
                partial(restore_post, post=second, by=owner),
            ),
        ]
    )
    assert recount(mend=False) == []
    posts = Post.objects.order_by("pk")
    root.refresh_from_db()
    assert len(posts) == 11
    assert {(post.board_id, post.thread) for post in posts} == {(root.board_id, root.number)}
    assert {post.category_id for post in posts} == {root.category_id}
    assert all(post.is_secret for post in posts)
    assert [post.depth for post in posts if post.subject == "답의 답"] == [2] * 4
    assert len({post.path for post in posts}) == 11
