"""Many people act on the same few posts at the same moment: no action fails and no counter drifts."""

import threading
import time
import uuid
from functools import partial

import pytest
from django.db import connections, transaction

from boards import search
from boards.actions.comments import write_comment
from boards.actions.posts import (
    PostGone,
    delete_post,
    edit_post,
    hide_post,
    move_post,
    restore_post,
    write_post,
)
from boards.actions.reactions import vote_post
from boards.models import Category, Comment, Post
from boards.repair import recount
from boards.views import writing
from tests.boards.browsing import all_at_once, comment_form, post_form
from tests.boards.moderating import set_category


def write(author, board, subject):
    return write_post(author=author, board=board, subject=subject, source=f"<p>{subject} 본문</p>")


def repeatedly(*actions, times=4):
    """Return a function that runs these actions in turn, several times."""

    def run():
        for _ in range(times):
            for action in actions:
                action()

    return run


def in_the_end(action):
    """Retry `action` while the post it writes below is deleted; the test restores that post."""
    until = time.monotonic() + 120
    while True:
        try:
            return action()
        except PostGone:
            assert time.monotonic() < until
            time.sleep(0.01)


def below(author, post, text):
    in_the_end(partial(write_comment, author=author, post=post, text=text))


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
                partial(below, minji, second, "민지의 댓글"),
                partial(below, junho, first, "준호의 댓글"),
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
    assert recount(repairs=False) == []
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
    assert recount(repairs=False) == []


def answer(author, post, subject, **more):
    more |= {"author": author, "board": post.board, "reply_to": post}
    return in_the_end(partial(write_post, subject=subject, source=f"<p>{subject} 본문</p>", **more))


def test_reply_posts_comments_and_changes_of_their_thread_at_once(
    side_by_side, minji, junho, owner, board, other_board
):
    """Members who write below a thread find it while others move, edit and judge it."""
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
                partial(below, minji, first, "댓글"),
                partial(below, junho, root, "댓글"),
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
    assert recount(repairs=False) == []
    posts = Post.objects.order_by("pk")
    root.refresh_from_db()
    assert len(posts) == 11
    assert {(post.board_id, post.thread) for post in posts} == {(root.board_id, root.number)}
    assert {post.category_id for post in posts} == {root.category_id}
    assert all(post.is_secret for post in posts)
    assert [post.depth for post in posts if post.subject == "답의 답"] == [2] * 4
    assert len({post.path for post in posts}) == 11


def test_the_same_text_with_many_tokens_at_once_is_one_post(side_by_side, minji, board):
    """Attack case 114: each form that a program opens has a token of its own."""
    words = {"author": minji, "board": board, "subject": "광고", "source": "<p>사세요</p>"}
    made = all_at_once([partial(write_post, submission=uuid.uuid4(), **words) for _ in range(12)])
    assert len({post.pk for post in made}) == 1
    assert Post.objects.count() == 1
    assert recount(repairs=False) == []


def test_the_same_comment_with_many_tokens_at_once_is_one_comment(side_by_side, minji, board):
    """Attack case 114."""
    post = write(minji, board, "글")
    words = {"author": minji, "post": post, "text": "사세요"}
    made = all_at_once(
        [partial(write_comment, submission=uuid.uuid4(), **words) for _ in range(12)]
    )
    assert len({comment.pk for comment in made}) == 1
    assert Comment.objects.count() == 1


def test_different_texts_at_once_are_all_written(side_by_side, minji, junho, board):
    words = {"board": board, "source": "<p>봄</p>"}
    who = [(author, number) for author in (minji, junho) for number in range(3)]
    all_at_once(
        [
            partial(write_post, author=each, subject=f"글 {n}", submission=uuid.uuid4(), **words)
            for each, n in who
        ]
    )
    assert Post.objects.count() == 6


@pytest.mark.parametrize("take_away", [delete_post, hide_post])
@pytest.mark.parametrize("what", ["comment", "reply post"])
def test_nothing_is_written_below_a_post_that_is_being_deleted(
    side_by_side, as_junho, owner, minji, board, monkeypatch, take_away, what
):
    """Attack case 115: the view found the post, and the transaction must check again."""
    post = write(minji, board, "사라질 글")
    has_found, is_going = threading.Event(), threading.Event()
    keeps = writing.keeps_rules

    def rules_later(form, can) -> bool:
        has_found.set()
        return is_going.wait(30) and keeps(form, can)

    monkeypatch.setattr(writing, "keeps_rules", rules_later)
    address, form = {
        "comment": ("/free/1/comments/write/", comment_form("늦은 댓글")),
        "reply post": ("/free/1/reply/", post_form(subject="늦은 답변")),
    }[what]
    answers = []

    def send() -> None:
        try:
            answers.append(as_junho.post(address, form))
        finally:
            connections.close_all()

    late = threading.Thread(target=send)
    late.start()
    assert has_found.wait(30)
    with transaction.atomic():
        take_away(post=post, by=owner)
        is_going.set()
        late.join(0.3)  # it waits for the lock
        assert late.is_alive()
    late.join(30)
    assert answers[0].status_code == 410
    assert "그 사이에 글이 삭제되어" in answers[0].content.decode()
    assert (Post.objects.count(), Comment.objects.count()) == (1, 0)
    assert recount(repairs=False) == []
