"""답변글 (reply posts): the place of a post in its thread, and moving whole threads.

The `path` of a reply post consists of the numbers of the posts above it, so a thread that gets new
numbers gets new paths.
"""

from collections.abc import Callable, Iterable

from boards.models import Board, Post
from boards.models.paths import path_numbers, path_part


def place(post: Post, reply_to: Post | None) -> None:
    """Gives a new post what it has from its parent `reply_to`, if it is a reply post.

    `thread_author` may read the reply post even if it is secret: the author of the thread's first
    post, or the parent's author if the first post's author wrote this one.
    """
    if reply_to is None:
        return
    post.category_id = reply_to.category_id
    post.thread_author_id = reply_to.thread_author_id or reply_to.author_id
    if post.thread_author_id == post.author_id:
        post.thread_author_id = reply_to.author_id


def take_number(post: Post, number: int, reply_to: Post | None) -> None:
    """Puts a new post on top of its board's list, or below its parent `reply_to`."""
    post.number = number
    post.thread = reply_to.thread if reply_to else number
    post.path = reply_to.path + path_part(number) if reply_to else ""


def ancestors(post: Post) -> list[int]:
    """The numbers of the posts above `post` in its thread, the first post first."""
    if not post.path:
        return []
    return [post.thread, *path_numbers(post.path)[:-1]]


def stays_secret(reply_post: Post) -> bool:
    """Whether a secret reply post must stay secret, because its parent is secret or purged."""
    if not reply_post.path or not reply_post.is_secret:
        return False
    above = Post.objects.filter(board=reply_post.board_id, number=ancestors(reply_post)[-1]).first()
    return above is None or above.is_secret


def with_reply_posts(pks: Iterable[int]) -> set[int]:
    """These posts and, in any state, all reply posts below them."""
    tops = list(Post.objects.filter(pk__in=pks).only("board", "thread", "path", "number"))
    found = {post.pk for post in tops}
    for board in sorted({post.board_id for post in tops}):
        of_board = [post for post in tops if post.board_id == board]
        ways: dict[int, tuple[str, ...]] = {}
        for post in of_board:
            ways[post.thread] = (*ways.get(post.thread, ()), post.path)
        reply_posts = Post.objects.filter(board=board, thread__in=ways, path__gt="")
        for pk, thread, path in reply_posts.values_list("pk", "thread", "path"):
            if path.startswith(ways[thread]):
                found.add(pk)
    return found


class Removal:
    """A move of posts, or of their copies, to `board`: call `take` for each in the order of
    `order`.

    A reply post stays below its parent if that is moved too; otherwise it opens a thread.
    """

    def __init__(self, board: Board, next_number: Callable[[Board], int]):
        self.board, self.next_number = board, next_number
        self.numbers: dict[tuple[int, int], int] = {}
        self.places: dict[tuple[int, int], Post] = {}
        self.openers: set[tuple[int, int]] = set()  # reply posts that open a thread now

    @staticmethod
    def order(posts: Iterable[Post]) -> list[Post]:
        """Threads in the order in which they were written, their posts by number, so that parents
        come first."""
        posts = list(posts)
        first: dict[tuple[int, int], int] = {}
        for post in posts:
            thread = post.board_id, post.thread
            first[thread] = min(first.get(thread, post.pk), post.pk)
        return sorted(posts, key=lambda post: (first[post.board_id, post.thread], post.number))

    def take(self, post: Post) -> None:
        """Gives `post` its number and its place in the new board."""
        old = post.board_id, post.number
        chain = ancestors(post)
        near = [at for at, number in enumerate(chain) if (old[0], number) in self.places]
        number = self._number(old)
        if near:
            above = self.places[old[0], chain[near[-1]]]
            between = [self._number((old[0], gone)) for gone in chain[near[-1] + 1 :]]
            post.thread = above.thread
            post.path = above.path + "".join(map(path_part, [*between, number]))
            first = old[0], chain[near[0]]
            opener = self.places[first]
            if first in self.openers and opener.author_id != post.author_id:
                post.thread_author_id = opener.author_id
        else:
            if chain:
                self.openers.add(old)
            post.thread, post.path, post.thread_author_id = number, "", None
        self.places[old] = post
        post.board, post.number = self.board, number

    def _number(self, old: tuple[int, int]) -> int:
        """The new number for an old one. Purged posts get one too, because their number separates
        the branches of a thread."""
        if old not in self.numbers:
            self.numbers[old] = self.next_number(self.board)
        return self.numbers[old]
