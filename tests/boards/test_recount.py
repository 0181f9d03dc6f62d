"""Counts stay true through hundreds of random deeds; damaged ones are found and mended."""

import contextlib
import random
import re
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db.models import F

from accounts.actions.points import NotEnoughPoints
from accounts.models import Member, PointEntry
from boards import search
from boards.actions import comments, copying, earning, managing, posts, purging, reactions
from boards.actions.files import store_file, store_picture
from boards.models import Board, Category, Comment, Post, PostBucket, State, Vote
from boards.models.posts import MAX_REPLY_DEPTH
from boards.repair import recount
from boards.text.richtext import text_of
from boardsite.korean import fold
from tests.boards.browsing import document, picture
from tests.conftest import make_member

DEEDS = 200


class Town:
    """Members who do things at random, each deed by the same actions as on the site.

    Every text holds a word of its own (`w17x`), by which the index is asked afterwards.
    """

    def __init__(self, seed: int, group, owner):
        self.random = random.Random(seed)
        self.group, self.owner, self.words = group, owner, 0
        self.members = [make_member(f"member{n}", f"회원{n}") for n in range(3)]
        self.boards = [
            Board.objects.create(
                group=group, slug=f"board{n}", name=f"게시판{n}", secret_posts=secret
            )
            for n, secret in enumerate(["no", "optional", "always"])
        ]
        for board in self.boards[:2]:
            for name in ("질문", "잡담"):
                Category.objects.create(board=board, name=name)

    def give_points(self):
        """Boards give and take points from now on, and reading costs."""
        for board in self.boards:
            board.write_points, board.comment_points, board.liked_points = 10, 3, 2
            board.read_points, board.download_points = -7, -4
            board.save()

    def word(self) -> str:
        self.words += 1
        return f"w{self.words}x"

    def some(self, model):
        """A row of `model`, published or not; None while there is none."""
        pks = list(model.objects.order_by("pk").values_list("pk", flat=True))
        return model.objects.get(pk=self.random.choice(pks)) if pks else None

    def maybe(self, chance: float = 0.3) -> bool:
        return self.random.random() < chance

    def words_of_post(self, board: Board) -> dict:
        return {
            "subject": f"제목 {self.word()}",
            "source": f"<p>본문 <b>{self.word()}</b></p>",
            "category": self.random.choice([None, *board.categories.all()]),
            "is_notice": self.maybe(0.1),
            "is_secret": self.maybe(),
            "links": ["https://pado.kr/"] * self.random.randint(0, 2),
        }

    def files(self, member) -> list:
        if not self.maybe(0.2):
            return []
        return [
            store_file(uploader=member, upload=document(), limit=1000),
            store_picture(uploader=member, upload=picture(), is_inline=False),
        ]

    # -- the deeds: each takes what it needs, and does nothing while that is not there -------------
    def write_post(self):
        member, board = self.random.choice(self.members), self.random.choice(self.boards)
        posts.write_post(
            author=member, board=board, files=self.files(member), **self.words_of_post(board)
        )

    def reply_post(self):
        if (post := self.some(Post)) and post.depth < MAX_REPLY_DEPTH:
            posts.write_post(
                author=self.random.choice(self.members),
                board=post.board,
                answer_to=post,
                **self.words_of_post(post.board),
            )

    def edit_post(self):
        if post := self.some(Post):
            removed = [each for each in post.attachments.all() if self.maybe()]
            by = self.random.choice([post.author, self.owner])
            files = self.files(by)
            words = self.words_of_post(post.board)
            posts.edit_post(post=post, by=by, files=files, removed_files=removed, **words)

    def move_post(self):
        if post := self.some(Post):
            board = self.random.choice(self.boards)
            category = self.random.choice([None, *board.categories.all()])
            posts.move_post(post=post, board=board, category=category, by=self.owner)

    def judge_post(self):
        deed = self.random.choice(
            [posts.delete_post, posts.hide_post, posts.restore_post, posts.restore_post]
        )
        if post := self.some(Post):
            deed(post=post, by=self.owner)

    def manage_posts(self):
        deed = self.random.choice(list(managing.CHANGES))
        board = self.random.choice(self.boards)
        pks = self.random.sample(range(1, 60), 4)
        category = board.categories.first() if deed in ("move", "category") else None
        more = {"board": board} if deed == "move" else {"within": board}
        some = Post.objects.filter(number__in=pks)
        managing.manage_posts(posts=some, deed=deed, by=self.owner, category=category, **more)

    def copy_posts(self):
        if post := self.some(Post):
            board = self.random.choice(self.boards)
            copying.copy_posts(posts=[post], board=board, by=self.owner, within=post.board)

    def purge_post(self):
        if post := Post.objects.filter(state=State.DELETED).order_by("pk").first():
            purging.purge_post(post=post)

    def write_comment(self):
        if post := self.some(Post):
            parent = self.random.choice([None, *post.comments.order_by("pk")])
            comments.write_comment(
                author=self.random.choice(self.members),
                post=post,
                text=self.word(),
                parent=parent,
                is_secret=self.maybe(),
            )

    def edit_comment(self):
        if comment := self.some(Comment):
            is_secret = self.random.choice([None, True, False])
            comments.edit_comment(comment=comment, text=self.word(), is_secret=is_secret)

    def judge_comment(self):
        deed = self.random.choice(
            [comments.delete_comment, comments.hide_comment, comments.restore_comment]
        )
        if comment := self.some(Comment):
            deed(comment=comment, by=self.owner)

    def pay_post(self):
        if post := self.some(Post):
            with contextlib.suppress(NotEnoughPoints):
                earning.pay_post(post=post, member=self.random.choice(self.members))

    def vote_on_post(self):
        if post := self.some(Post):
            self.vote(reactions.vote_post, reactions.unvote_post, post=post)

    def vote_on_comment(self):
        if comment := self.some(Comment):
            self.vote(reactions.vote_comment, reactions.unvote_comment, comment=comment)

    def vote(self, deed, undoing, **written):
        member, value = self.random.choice(self.members), self.random.choice([*Vote, None])
        if value is None:
            undoing(member=member, **written)
        else:
            deed(member=member, value=value, **written)

    def live(self, deeds: int) -> None:
        often: dict[Callable, int] = {
            self.write_post: 5,
            self.reply_post: 4,
            self.edit_post: 4,
            self.move_post: 2,
            self.judge_post: 4,
            self.manage_posts: 3,
            self.purge_post: 1,
            self.copy_posts: 2,
            self.write_comment: 6,
            self.edit_comment: 2,
            self.judge_comment: 4,
            self.vote_on_post: 3,
            self.pay_post: 3,
            self.vote_on_comment: 5,
        }
        for deed in self.random.choices(list(often), often.values(), k=deeds):
            deed()


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
