"""Who may do what in a board: one object answers all of it.

    can = access(visitor, board)
    can.require("write")
    {% if can.comment %}

`PostQuerySet.visible_to` says the same as `Access.may_read` for many posts at once.
"""

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.utils.functional import cached_property  # functools' takes a lock each time

from accounts.models import MEMBER_LEVEL, Member, PointEntry
from accounts.permissions import (
    Audience,
    Refused,
    Visitor,
    belongs_to,
    blocked_by,
    is_owner,
    level_of,
)
from accounts.queries import points
from boards.models import Attachment, Board, BoardGroup, Comment, Post, Vote
from boards.models.posts import MAX_REPLY_DEPTH
from boards.refusals import (
    REFUSALS,
    REFUSED_ANSWERED,
    REFUSED_AUDIENCE,
    REFUSED_CLOSED,
    REFUSED_DELETE,
    REFUSED_EDIT,
    REFUSED_LOCKED,
    REFUSED_PRIVATE,
    REFUSED_REPLY_DEPTH,
    REFUSED_REPLY_TO_NOTICE,
    REFUSED_REPLY_TO_SECRET,
    REFUSED_UNPAID,
    REFUSED_UNPAID_MEMBER,
)
from boardsite.versions import Unchanged


class Access:
    """What `visitor` may do in `board`."""

    def __init__(self, visitor: Visitor, board: Board):
        self.visitor = visitor
        self.board = board
        self.level = level_of(visitor)
        self._commented: dict[int, int] = {}

    @cached_property
    def moderate(self) -> bool:
        """The owner, or a moderator of this very board or of its group."""
        if not self.visitor.is_authenticated:
            return False
        return self.visitor.is_superuser or moderates(self.visitor, self.board)

    @cached_property
    def enter(self) -> bool:
        """Whether the board is for the visitor at all, whatever his level: its group, its audience."""
        return (self._of_group and belongs_to(self.visitor, self.board.audience)) or self.moderate

    @property
    def _of_group(self) -> bool:
        group = self.board.group
        return not group.is_private or group.pk in _joined_groups(self.visitor)

    def _reaches(self, level: int) -> bool:
        return (self.level >= level and self.enter) or self.moderate

    @cached_property
    def list(self) -> bool:
        return self._reaches(self.board.list_level)

    @cached_property
    def read(self) -> bool:
        return self.list and self._reaches(self.board.read_level)

    @property
    def write(self) -> bool:
        return self._reaches(self.board.write_level)

    @property
    def comment(self) -> bool:
        return self.read and self._reaches(self.board.comment_level)

    @property
    def reply(self) -> bool:
        """답변글, which a board may leave to others than those who open threads."""
        return self.read and self._reaches(self.board.reply_level)

    @property
    def may_comment_as_member(self) -> bool:
        """Whether a guest who may not comment here could, once he is logged in."""
        return (
            not self.visitor.is_authenticated
            and self.read
            and not self.comment
            and self.board.comment_level <= MEMBER_LEVEL
        )

    @property
    def upload(self) -> bool:
        """Members only, whatever the level: what guests left behind nobody could answer for."""
        return (
            self.visitor.is_authenticated
            and (self.write or self.reply)
            and self._reaches(self.board.upload_level)
        )

    @property
    def link(self) -> bool:
        return self._reaches(self.board.link_level)

    @property
    def html(self) -> bool:
        """The editor; who may not use it writes plain text."""
        return self._reaches(self.board.html_level)

    @property
    def is_public(self) -> bool:
        """Whether every guest may read here."""
        return Access(AnonymousUser(), self.board).read

    @property
    def has_feed(self) -> bool:
        """Whether there are feeds of this board: they tell what every guest may read."""
        return self.is_public and self.board.feed_text != Board.FeedText.OFF

    def require(self, deed: str, *, back: str = "") -> None:
        """Raises Refused unless the visitor may do `deed` (a key of REFUSALS)."""
        if not getattr(self, deed):
            raise Refused(self.refusal(deed), back=back)

    def require_entry(self, *, back: str = "") -> None:
        """Raises Refused where the board is not for the visitor at all: before its address is told."""
        if not self.enter:
            raise Refused(self.refusal("list"), back=back)

    def refusal(self, deed: str) -> str:
        """Why the visitor may not do `deed`."""
        if self.enter:
            return REFUSALS[deed]
        return REFUSED_AUDIENCE[self.board.audience] if self._of_group else REFUSED_PRIVATE

    # -- one post -----------------------------------------------------------------------------

    def may_read(self, post: Post) -> bool:
        return (
            self.read
            and post.is_published
            and (
                not post.is_secret or self.wrote(post) or self.moderate or self._opened_thread(post)
            )
        )

    def _opened_thread(self, answer: Post) -> bool:
        if not self.visitor.is_authenticated:
            return answer.depth > 0 and thread_key(answer) in getattr(self.visitor, "unlocked", ())
        return answer.thread_author_id == self.visitor.pk

    def may_read_comment(self, comment: Comment) -> bool:
        """A secret one: its author, the post's, moderators, and whom it answers.

        `CommentQuerySet.visible_to` says the same for many. `comment.post` must be at hand.
        """
        post = comment.post
        if not (self.may_read(post) and comment.is_published):
            return False
        if not comment.is_secret or self.moderate:
            return True
        answered = comment.parent
        return (
            self.wrote(comment)
            or self.wrote(post)
            or (answered is not None and self.wrote(answered))
        )

    def may_see_files(self, post: Post) -> bool:
        """As may_read; a moderator also sees what he has hidden, to judge it."""
        return self.moderate or self.may_read(post)

    @property
    def download(self) -> bool:
        return self.read and self._reaches(self.board.download_level)

    def may_download(self, post: Post) -> bool:
        """Files, videos and audio that he may see; pictures are part of the text and need no more."""
        return self.may_see_files(post) and self.download

    # -- what costs points --------------------------------------------------------------------

    def is_free(self, post: Post) -> bool:
        """Whether nobody asks him for points to read it. Of other posts no page, feed or list shows
        any of the text, even to who has paid: only the post's own page (must_pay) does."""
        return self.board.read_points >= 0 or self._pays_nothing(post)

    def must_pay(self, post: Post) -> int:
        """Points that it costs him yet to read `post`; 0: nothing. No query where it is free."""
        if self.is_free(post) or self._paid(PointEntry.Kind.READ, [f"post:{post.pk}"]):
            return 0
        return -self.board.read_points

    def unpaid_files(self, post: Post, files: Iterable[Attachment]) -> set[int]:
        """The ids of those `files` of `post` that cost him board.download_points yet. Pictures are
        part of the text."""
        asked = {file.pk: f"attachment:{file.pk}" for file in files if not file.is_picture}
        if self.board.download_points >= 0 or not asked or self._pays_nothing(post):
            return set()
        paid = self._paid(PointEntry.Kind.DOWNLOAD, asked.values())
        return {pk for pk, about in asked.items() if about not in paid}

    def refusal_to_pay(self) -> str:
        """Why he may not have what he has yet to pay for."""
        return REFUSED_UNPAID_MEMBER if self.visitor.is_authenticated else REFUSED_UNPAID

    def _pays_nothing(self, post: Post) -> bool:
        is_robot = self.visitor.is_authenticated and self.visitor.is_robot
        return not points.are_on() or is_robot or self.wrote(post) or self.moderate

    def _paid(self, kind: str, abouts: Iterable[str]) -> set[str]:
        if not self.visitor.is_authenticated:
            return set()
        return points.paid_for(self.visitor, kind, abouts)

    def wrote(self, written: Post | Comment) -> bool:
        """A guest has written what its password has opened for him (Visitor.unlocked)."""
        if not self.visitor.is_authenticated:
            return unlocked_key(written) in getattr(self.visitor, "unlocked", ())
        return written.author_id == self.visitor.pk

    def folds(self, written: Post | Comment) -> bool:
        """Whether he has blocked who wrote it, and so sees it folded.

        Not where he moderates: he must see what he judges. And no notice, nor what the owner of the
        site wrote, whom nobody can block: it is said to all.
        """
        return (
            written.author_id is not None
            and written.author_id in blocked_by(self.visitor)
            and not getattr(written, "is_notice", False)
            and not self.moderate
        )

    def may_unlock(self, written: Post | Comment) -> bool:
        """A guest, what a guest has written and has not opened yet. Members never need a password."""
        return (
            not self.visitor.is_authenticated
            and self.read
            and written.is_published
            and written.author_id is None
            and not self.wrote(written)
            and hasattr(written, "guest_password")
        )

    def may_edit(self, written: Post | Comment) -> bool:
        """The author; a moderator too, but never what the owner of the site wrote."""
        return self._may_change(written, "edit")

    def may_delete(self, written: Post | Comment) -> bool:
        """As may_edit; and an author no post that others, or he himself, have answered."""
        return self._may_change(written, "delete") and not self._is_answered(written)

    def _is_answered(self, written: Post | Comment) -> bool:
        is_his = isinstance(written, Post) and not self.may_moderate(written)
        return is_his and written.has_answers()

    def _may_change(self, written: Post | Comment, deed: str) -> bool:
        if not written.is_published or not self.read:
            return False
        if self.may_moderate(written):
            return True
        return self.wrote(written) and not self.is_locked(written, deed)

    def is_locked(self, written: Post | Comment, deed: str) -> bool:
        """Whether so many others have commented that the author may not `deed` his post any more.

        Asks the database only where the board has such a limit and the post that many comments.
        """
        limit = self._locks[deed]
        if not limit or isinstance(written, Comment) or written.comment_count < limit:
            return False
        return self._comments_of_others(written) >= limit

    @property
    def _locks(self) -> dict[str, int]:
        board = self.board
        return {"edit": board.comments_to_lock_edit, "delete": board.comments_to_lock_delete}

    def _comments_of_others(self, post: Post) -> int:
        """At most as many as a limit needs."""
        if post.pk not in self._commented:
            others = post.comments.published().exclude(author=self.visitor.pk)
            self._commented[post.pk] = others[: max(self._locks.values())].count()
        return self._commented[post.pk]

    def refusal_to_change(self, written: Post | Comment, deed: str) -> str:
        """Why he may not "edit" or "delete" what is there."""
        if self.wrote(written) and self.is_locked(written, deed):
            return REFUSED_LOCKED[deed] % {"count": self._locks[deed]}
        if deed == "delete" and self.wrote(written) and self._is_answered(written):
            return REFUSED_ANSWERED
        return REFUSED_EDIT if deed == "edit" else REFUSED_DELETE

    def may_moderate(self, written: Post | Comment) -> bool:
        """A moderator, published or not; but what the owner of the site wrote only the owner."""
        return self.moderate and (is_owner(self.visitor) or not self._by_owner(written))

    def refusal_to_reply(self, post: Post) -> str:
        """Why he may not write an answer (답변글) to `post`, in gnuboard5's words; "" where he may."""
        if not self.reply:
            return self.refusal("reply")
        if not self.may_read(post):
            return REFUSED_REPLY_TO_SECRET if post.is_secret else REFUSALS["read"]
        if self.must_pay(post):  # its form would quote it
            return self.refusal_to_pay()
        if post.is_notice:
            return REFUSED_REPLY_TO_NOTICE
        if post.depth >= MAX_REPLY_DEPTH:
            return REFUSED_REPLY_DEPTH % {"depth": MAX_REPLY_DEPTH}
        return REFUSED_CLOSED if post.is_closed and not self.moderate else ""

    def may_reply(self, post: Post) -> bool:
        return not self.refusal_to_reply(post)

    def may_comment(self, post: Post) -> bool:
        """As `comment`; below a post whose comments are closed only moderators write on."""
        return self.comment and self.may_read(post) and (not post.is_closed or self.moderate)

    def votes_on(self, comment: Comment | None = None) -> frozenset[Vote]:
        """What the board counts of a post, or of a comment. A comment has 비추천 beside 추천 only."""
        likes = self.board.use_likes if comment is None else self.board.use_comment_likes
        dislikes = self.board.use_dislikes and (likes or comment is None)
        return frozenset([Vote.LIKE] * likes + [Vote.DISLIKE] * dislikes)

    def may_vote(self, post: Post, comment: Comment | None = None) -> frozenset[Vote]:
        """What he may think of the post, or of that comment of it, aloud: nobody of his own."""
        written = comment or post
        allowed = (
            self.visitor.is_authenticated
            and (self.may_read(post) if comment is None else self.may_read_comment(comment))
            and not self.wrote(written)
        )
        return self.votes_on(comment) if allowed else frozenset()

    def may_scrap(self, post: Post) -> bool:
        return self.visitor.is_authenticated and self.may_read(post)

    def may_report(self, post: Post, comment: Comment | None = None) -> bool:
        """A member, what he may read and has not written: the post, or that comment of it."""
        written = comment or post
        return (
            self.visitor.is_authenticated
            and (self.may_read(post) if comment is None else self.may_read_comment(comment))
            and written.is_published
            and not self.wrote(written)
        )

    def may_judge(self, written: Post | Comment) -> bool:
        """Whether he may settle reports about it: nobody his own, only the owner the owner's."""
        return is_owner(self.visitor) or (self.may_moderate(written) and not self.wrote(written))

    @staticmethod
    def _by_owner(written: Post | Comment) -> bool:
        return written.author is not None and written.author.is_superuser


def access(visitor: Visitor, board: Board) -> Access:
    return Access(visitor, board)


def unlocked_key(written: Post | Comment) -> str:
    """What `written` is called among all that a guest's passwords have opened."""
    return f"{written._meta.model_name}-{written.pk}"


def thread_key(post: Post) -> str:
    """As unlocked_key, what is called so when the post that opened the thread of `post` is open."""
    return f"thread-{post.board_id}-{post.thread}"


def moderates(visitor: Visitor, board: Board) -> bool:
    """Whether `visitor` is named as a moderator of `board` or its group; one query a visitor."""
    return board.pk in _moderated_boards(visitor)


def moderates_any(visitor: Visitor) -> bool:
    """Whether `visitor` is the owner, or named as a moderator of some board."""
    return is_owner(visitor) or (visitor.is_authenticated and bool(_moderated_boards(visitor)))


def may_see_profile(visitor: Visitor, member: Member) -> bool:
    """Whether `visitor` sees more of `member` than his name: everybody, unless he has closed it; then
    he himself and the staff. What he wrote is asked of each board."""
    return member.shows_profile or member == visitor or moderates_any(visitor)


def may_see_activity(visitor: Visitor, member: Member) -> bool:
    """As may_see_profile, what he wrote last being put together on his page."""
    return member.shows_activity or member == visitor or moderates_any(visitor)


def is_known_moderator(visitor: Visitor) -> bool:
    """As moderates_any, as far as this request already knows: asks the database nothing."""
    return is_owner(visitor) or bool(getattr(visitor, "_moderated_boards", None))


def _moderated_boards(visitor: Member) -> frozenset[int]:
    if not hasattr(visitor, "_moderated_boards"):
        visitor._moderated_boards = _read_moderated(visitor.pk)
    return visitor._moderated_boards


def _joined_groups(visitor: Visitor) -> frozenset[int]:
    """The groups of which `visitor` is a member; asked only when a board's group is private."""
    if not visitor.is_authenticated:
        return frozenset()
    if not hasattr(visitor, "_joined_groups"):
        visitor._joined_groups = _read_joined(visitor.pk)
    return visitor._joined_groups


def _boards_of_moderator(member_id: int) -> frozenset[int]:
    boards = Board.objects.of_moderator(member_id).order_by()
    return frozenset(boards.values_list("pk", flat=True))


def _groups_of_member(member_id: int) -> frozenset[int]:
    joined = BoardGroup.members.through.objects.filter(member=member_id)
    return frozenset(joined.values_list("boardgroup_id", flat=True))


# Whoever is named, or let in, moves the site's version (boards.shown); nothing in them ages.
_read_moderated = Unchanged(_boards_of_moderator, seconds=600, size=4096)
_read_joined = Unchanged(_groups_of_member, seconds=600, size=4096)


def imagined_member(
    board: Board,
    level: int = MEMBER_LEVEL,
    *,
    moderates: bool = False,
    owns: bool = False,
    is_admitted: bool = True,
) -> Member:
    """A member who is in no table, to ask `access` about; that asks the database nothing.

    `is_admitted`: he is in the board's group and of its audience.
    """
    member = Member(level=level, is_superuser=owns)
    member._moderated_boards = {board.pk} if moderates else set()
    member._joined_groups = {board.group_id} if is_admitted else set()
    member._blocked = frozenset()
    member._audiences = dict.fromkeys(Audience, is_admitted)
    return member
