"""A small town whose people do things at random, for tests of what must hold whatever they do."""

import contextlib
import random
from collections.abc import Callable, Iterator

from accounts.actions.points import NotEnoughPoints
from boards.actions import comments, copying, earning, managing, posts, purging, reactions
from boards.actions.files import store_file, store_picture
from boards.models import Board, Category, Comment, Post, State, Vote
from boards.models.posts import MAX_REPLY_DEPTH
from tests.boards.browsing import document, picture
from tests.conftest import make_member


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
        for _deed in self.days(deeds):
            pass

    def days(self, deeds: int) -> Iterator[str]:
        """Does so many things, and says after each what it was."""
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
            yield deed.__name__
