"""Permissions to respond to a post: by a reply post, vote, scrap or report."""

from django.utils.functional import cached_property

from accounts.models import MemberSettings
from accounts.permissions import SuspendedVisitor, may_view_addresses
from boards.models import Comment, Poll, PollOpinion, Post, Vote
from boards.models.posts import MAX_REPLY_DEPTH
from boards.permissions.writing import WritingAccess
from boards.refusals import (
    REFUSALS,
    REFUSED_CLOSED,
    REFUSED_POLL_CLOSED,
    REFUSED_POLL_GUEST,
    REFUSED_POLL_LEVEL,
    REFUSED_REPLY_DEPTH,
    REFUSED_REPLY_TO_NOTICE,
    REFUSED_REPLY_TO_SECRET,
)
from boardsite.typing import StrOrPromise


class RespondingAccess(WritingAccess):
    """The part of Access about reply posts, votes, scraps and reports."""

    @cached_property
    def see_addresses(self) -> bool:
        """Whether they may look at the IP addresses of authors, and the owner keeps them."""
        if not (self.visitor.is_authenticated and self.visitor.is_staff):
            return False
        return MemberSettings.known().address_days > 0 and may_view_addresses(self.visitor)

    def refusal_to_reply(self, post: Post) -> StrOrPromise:
        """Why the visitor may not write a reply post (답변글) to `post`, in gnuboard5's words; "" if
        they may."""
        if not self.reply:
            return self.refusal("reply")
        if not self.may_read(post):
            return REFUSED_REPLY_TO_SECRET if post.is_secret else REFUSALS["read"]
        if self.must_pay(post):  # the form would quote the text
            return self.refusal_to_pay()
        if post.is_notice:
            return REFUSED_REPLY_TO_NOTICE
        if post.depth >= MAX_REPLY_DEPTH:
            return REFUSED_REPLY_DEPTH % {"depth": MAX_REPLY_DEPTH}
        return REFUSED_CLOSED if post.is_closed and not self.moderate else ""

    def may_reply(self, post: Post) -> bool:
        return not self.refusal_to_reply(post)

    def votes_on(self, comment: Comment | None = None) -> frozenset[Vote]:
        """The votes that the board counts; none on inquiries. A comment has 비추천 only together with 추천."""
        if self.board.is_inquiry:
            return frozenset()
        likes = self.board.use_likes if comment is None else self.board.use_comment_likes
        dislikes = self.board.use_dislikes and (likes or comment is None)
        return frozenset([Vote.LIKE] * likes + [Vote.DISLIKE] * dislikes)

    def may_vote(self, post: Post, comment: Comment | None = None) -> frozenset[Vote]:
        """The votes that the visitor may cast on the post, or on that comment of it; never on their
        own."""
        written = comment or post
        allowed = (
            self.visitor.is_authenticated
            and (self.may_read(post) if comment is None else self.may_read_comment(comment))
            and not self.wrote(written)
        )
        return self.votes_on(comment) if allowed else frozenset()

    def refusal_to_vote_in_poll(self, post: Post, poll: Poll) -> StrOrPromise:
        """Why the visitor may not vote in the poll of `post`; "" if they may. Authors may, and
        moderators need the level like everybody else."""
        if poll.is_closed:
            return REFUSED_POLL_CLOSED
        if isinstance(self.visitor, SuspendedVisitor):
            return self.visitor.refusal_to_write
        if not self.visitor.is_authenticated:
            return REFUSED_POLL_GUEST
        if not self.may_read(post):
            return REFUSALS["read"]
        if self.level < poll.min_level:
            return REFUSED_POLL_LEVEL % {"level": poll.min_level}
        return ""

    def may_delete_opinion(self, post: Post, opinion: PollOpinion) -> bool:
        """The member who gave the 기타의견, and moderators."""
        if not self.visitor.is_authenticated or not self.may_read(post):
            return False
        return opinion.member_id == self.visitor.pk or self.moderate

    def may_scrap(self, post: Post) -> bool:
        return self.visitor.is_authenticated and self.may_read(post)

    def may_report(self, post: Post, comment: Comment | None = None) -> bool:
        """Members may report what they can read and did not write."""
        written = comment or post
        return (
            self.visitor.is_authenticated
            and (self.may_read(post) if comment is None else self.may_read_comment(comment))
            and written.is_published
            and not self.wrote(written)
        )
