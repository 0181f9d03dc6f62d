"""The points that a visitor still has to pay to read a post or download a file."""

from collections.abc import Iterable

from accounts.models import PointEntry
from accounts.queries import points
from boards.models import Attachment, Post
from boards.permissions.withheld import WithheldAccess
from boards.refusals import REFUSED_UNPAID, REFUSED_UNPAID_MEMBER
from boardsite.typing import StrOrPromise


class PayingAccess(WithheldAccess):
    """The part of Access about points."""

    def is_free(self, post: Post) -> bool:
        """Whether reading the post costs this visitor nothing.

        Pages, feeds and lists never show the text of a post that costs points, even to visitors who
        have paid; only the page of the post does (must_pay).
        """
        return self.board.read_points >= 0 or self._pays_nothing(post)

    def must_pay(self, post: Post) -> int:
        """The points that reading `post` still costs the visitor; 0 for none. No query if it is
        free."""
        if self.is_free(post) or self._paid(PointEntry.Kind.READ, [f"post:{post.pk}"]):
            return 0
        return -self.board.read_points

    def unpaid_files(self, post: Post, files: Iterable[Attachment]) -> set[int]:
        """The ids of those `files` for which the visitor still has to pay board.download_points.

        Pictures belong to the text and cost nothing.
        """
        asked = {file.pk: f"attachment:{file.pk}" for file in files if not file.is_picture}
        if self.board.download_points >= 0 or not asked or self._pays_nothing(post):
            return set()
        paid = self._paid(PointEntry.Kind.DOWNLOAD, asked.values())
        return {pk for pk, about in asked.items() if about not in paid}

    def refusal_to_pay(self) -> StrOrPromise:
        """The sentence that tells the visitor what they have to pay."""
        return REFUSED_UNPAID_MEMBER if self.visitor.is_authenticated else REFUSED_UNPAID

    def _pays_nothing(self, post: Post) -> bool:
        is_robot = self.visitor.is_authenticated and self.visitor.is_robot
        return not points.are_on() or is_robot or self.wrote(post) or self.moderate

    def _paid(self, kind: str, abouts: Iterable[str]) -> set[str]:
        if not self.visitor.is_authenticated:
            return set()
        return points.paid_for(self.visitor, kind, abouts)
