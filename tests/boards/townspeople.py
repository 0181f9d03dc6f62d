"""A small town whose members act at random, for tests of invariants."""

import contextlib
import random
from collections.abc import Callable, Iterator

from accounts.actions.points import NotEnoughPoints
from boards.actions import comments, copying, earning, managing, polls, posts, purging, reactions
from boards.actions import withholding_comments as withholding
from boards.actions.files import store_file, store_picture
from boards.models import Board, Category, Comment, Poll, Post, State, Vote
from boards.models.posts import MAX_REPLY_DEPTH
from boards.queries.post_fields import PollFields
from tests.boards.browsing import document, picture
from tests.conftest import make_member


class Town:
    """Members who act at random, with the same actions as on the site.

    Every text contains a unique word (`w17x`), which the tests search in the index afterwards.
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
        """From now on boards give and charge points, and reading costs points."""
        for board in self.boards:
            board.write_points, board.comment_points, board.liked_points = 10, 3, 2
            board.read_points, board.download_points = -7, -4
            board.save()

    def word(self) -> str:
        self.words += 1
        return f"w{self.words}x"

    def some(self, model):
        """Return a random row of `model`, published or not, or None."""
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
            **({"poll": self.poll()} if self.maybe() else {}),
        }

    def poll(self) -> PollFields:
        return PollFields(
            question=self.random.choice(["어디로?", "언제?"]),
            options=("하나", "둘", "셋"),
            most_choices=self.random.choice([1, 2]),
            results=self.random.choice([*Poll.Results]),
            is_changeable=self.maybe(0.5),
            takes_opinions=self.maybe(0.5),
        )

    def files(self, member) -> list:
        if not self.maybe(0.2):
            return []
        return [
            store_file(uploader=member, upload=document(), limit=1000),
            store_picture(uploader=member, upload=picture(), is_inline=False),
        ]

    # -- the actions: each takes the rows it needs, and does nothing if there are none -------------
    def write_post(self):
        member, board = self.random.choice(self.members), self.random.choice(self.boards)
        posts.write_post(
            author=member, board=board, files=self.files(member), **self.words_of_post(board)
        )

    def reply_post(self):
        if (post := self.some(Post)) and post.depth < MAX_REPLY_DEPTH:
            with contextlib.suppress(posts.PostGone):  # deleted or hidden
                posts.write_post(
                    author=self.random.choice(self.members),
                    board=post.board,
                    reply_to=post,
                    **self.words_of_post(post.board),
                )

    def edit_post(self):
        if post := self.some(Post):
            removed = [each for each in post.attachments.all() if self.maybe()]
            by = self.random.choice([post.author, self.owner])
            files = self.files(by)
            words = self.words_of_post(post.board)
            with contextlib.suppress(polls.PollStarted):
                posts.edit_post(post=post, by=by, files=files, removed_files=removed, **words)

    def move_post(self):
        if post := self.some(Post):
            board = self.random.choice(self.boards)
            category = self.random.choice([None, *board.categories.all()])
            posts.move_post(post=post, board=board, category=category, by=self.owner)

    def judge_post(self):
        action = self.random.choice(
            [posts.delete_post, posts.hide_post, posts.restore_post, posts.restore_post]
        )
        if post := self.some(Post):
            action(post=post, by=self.owner)

    def manage_posts(self):
        action = self.random.choice(list(managing.CHANGES))
        board = self.random.choice(self.boards)
        pks = self.random.sample(range(1, 60), 4)
        category = board.categories.first() if action in ("move", "category") else None
        more = {"board": board} if action == "move" else {"within": board}
        some = Post.objects.filter(number__in=pks)
        managing.manage_posts(
            posts=some, operation=action, by=self.owner, category=category, **more
        )

    def copy_posts(self):
        if post := self.some(Post):
            board = self.random.choice(self.boards)
            copying.copy_posts(posts=[post], boards=[board], by=self.owner, within=post.board)

    def purge_post(self):
        if post := Post.objects.filter(state=State.DELETED).order_by("pk").first():
            purging.purge_post(post=post)

    def write_comment(self):
        if post := self.some(Post):
            parent = self.random.choice([None, *post.comments.order_by("pk")])
            with contextlib.suppress(posts.PostGone):
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
        action = self.random.choice(
            [withholding.delete_comment, withholding.hide_comment, withholding.restore_comment]
        )
        if comment := self.some(Comment):
            action(comment=comment, by=self.owner)

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

    def vote_in_poll(self):
        if poll := self.some(Poll):
            options = [*poll.options.values_list("pk", flat=True)]
            chosen = self.random.sample(options, self.random.randint(1, poll.most_choices))
            member = self.random.choice(self.members)
            with contextlib.suppress(polls.AlreadyVoted):
                polls.vote_in_poll(
                    post=poll.post,
                    member=member,
                    options=chosen,
                    opinion=self.random.choice(["", "버스", "걸어서"]),
                )

    def vote(self, action, undoing, **written):
        member, value = self.random.choice(self.members), self.random.choice([*Vote, None])
        if value is None:
            undoing(member=member, **written)
        else:
            action(member=member, value=value, **written)

    def live(self, actions: int) -> None:
        for _action in self.days(actions):
            pass

    def days(self, actions: int) -> Iterator[str]:
        """Run so many random actions, and yield the name of each."""
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
            self.vote_in_poll: 5,
        }
        for action in self.random.choices(list(often), often.values(), k=actions):
            action()
            yield action.__name__
