"""답변글: where a post stands in its thread, and how a thread keeps together when it is moved.

An answer's `path` is made of the numbers of the posts above it, so that a thread that gets new numbers
gets new paths.
"""

from collections.abc import Callable, Iterable

from boards.models import Board, Post
from boards.models.paths import PATH_DIGITS, path_part


def place(post: Post, answer_to: Post | None) -> None:
    """Puts a new post on top of its board's list, or below the one that it answers.

    `thread_author` reads the answer though it is secret: who opened the thread, and where that is
    the answer's own author, whom he answers.
    """
    if answer_to is None:
        post.thread, post.path = post.number, ""
        return
    post.thread = answer_to.thread
    post.path = answer_to.path + path_part(post.number)
    post.category_id = answer_to.category_id
    post.thread_author_id = answer_to.thread_author_id or answer_to.author_id
    if post.thread_author_id == post.author_id:
        post.thread_author_id = answer_to.author_id


def ancestors(post: Post) -> list[int]:
    """The numbers of the posts above `post` in its thread, the opening one first."""
    if not post.path:
        return []
    parts = [post.path[at : at + PATH_DIGITS] for at in range(0, len(post.path), PATH_DIGITS)]
    return [post.thread, *(int(part, 36) for part in parts[:-1])]


def stays_secret(answer: Post) -> bool:
    """Whether a secret answer cannot be opened, because what it answers is secret, or purged."""
    if not answer.path or not answer.is_secret:
        return False
    above = Post.objects.filter(board=answer.board_id, number=ancestors(answer)[-1]).first()
    return above is None or above.is_secret


def with_answers(pks: Iterable[int]) -> set[int]:
    """These posts and, in any state, all that stand below them."""
    tops = list(Post.objects.filter(pk__in=pks).only("board", "thread", "path", "number"))
    found = {post.pk for post in tops}
    for board in sorted({post.board_id for post in tops}):
        of_board = [post for post in tops if post.board_id == board]
        ways: dict[int, tuple[str, ...]] = {}
        for post in of_board:
            ways[post.thread] = (*ways.get(post.thread, ()), post.path)
        answers = Post.objects.filter(board=board, thread__in=ways, path__gt="")
        for pk, thread, path in answers.values_list("pk", "thread", "path"):
            if path.startswith(ways[thread]):
                found.add(pk)
    return found


class Removal:
    """The way of posts into `board`, each with its answers: taken one after the other, as `order` says.

    What answered a post that moves too stands below it again; anything else opens a thread.
    """

    def __init__(self, board: Board, next_number: Callable[[Board], int]):
        self.board, self.next_number = board, next_number
        self.numbers: dict[tuple[int, int], int] = {}
        self.places: dict[tuple[int, int], Post] = {}
        self.openers: set[int] = set()  # answers that open a thread now

    @staticmethod
    def order(posts: Iterable[Post]) -> list[Post]:
        """Threads as they were written, in each the posts by number: nobody before whom he answers."""
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
            opener = self.places[old[0], chain[near[0]]]
            if opener.pk in self.openers and opener.author_id != post.author_id:
                post.thread_author_id = opener.author_id
        else:
            if chain:
                self.openers.add(post.pk)
            post.thread, post.path, post.thread_author_id = number, "", None
        self.places[old] = post
        post.board, post.number = self.board, number

    def _number(self, old: tuple[int, int]) -> int:
        """The new number for an old one; also for what was purged and still parts others."""
        if old not in self.numbers:
            self.numbers[old] = self.next_number(self.board)
        return self.numbers[old]
