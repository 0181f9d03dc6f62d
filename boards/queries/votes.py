"""The votes on a post or a comment as the page shows them: buttons, or plain counts."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from boards.models import Comment, Post, Vote


@dataclass(slots=True)
class VoteRow:
    """추천 or 비추천. Its button sends `name` and `value`; the active button withdraws the vote."""

    label: str
    count: str
    name: str
    value: str
    is_own: bool
    is_up: bool


def vote_rows(written: Post | Comment, offered: frozenset[Vote], own: int | None) -> list[VoteRow]:
    """The votes that the board counts (`offered`), 추천 first; `own` is the visitor's vote."""
    likes, dislikes = written.like_count, written.dislike_count
    kinds = [(Vote.LIKE, _("추천"), likes), (Vote.DISLIKE, _("비추천"), dislikes)]
    return [
        VoteRow(
            label=label,
            count=f"{count:,}" if count else "",
            name="undo" if vote == own else "value",
            value=str(vote.value),
            is_own=vote == own,
            is_up=vote == Vote.LIKE,
        )
        for vote, label, count in kinds
        if vote in offered
    ]
