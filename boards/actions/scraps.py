"""스크랩: saving a post with a note, and removing it."""

from accounts.models import Member
from boards.models import Post, Scrap


def scrap_post(*, post: Post, member: Member, note: str = "") -> bool:
    """Saves `post` for `member`, once; returns whether it is new.

    If the member has already saved it, `note` replaces the old note.
    """
    _scrap, is_new = Scrap.objects.update_or_create(
        member=member, post=post, defaults={"note": note}
    )
    return is_new


def unscrap_post(*, scrap: Scrap) -> None:
    """Undoes scrap_post and deletes the note."""
    Scrap.objects.filter(pk=scrap.pk).delete()
