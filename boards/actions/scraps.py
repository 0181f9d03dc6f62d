"""스크랩: a post kept with a note, and let go."""

from accounts.models import Member
from boards.models import Post, Scrap


def scrap_post(*, post: Post, member: Member, note: str = "") -> bool:
    """Keeps `post` for `member`, once however often he presses; whether it is new.

    For a post that he keeps already, `note` takes the place of the old one.
    """
    _scrap, is_new = Scrap.objects.update_or_create(
        member=member, post=post, defaults={"note": note}
    )
    return is_new


def unscrap_post(*, scrap: Scrap) -> None:
    """Undoes scrap_post; the note goes too."""
    Scrap.objects.filter(pk=scrap.pk).delete()
