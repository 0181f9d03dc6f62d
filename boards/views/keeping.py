"""Keeps what a person wrote when his session had run out, until he has logged in again."""

from django.http import HttpRequest

from boardsite.ratelimit import hit
from boardsite.visitors import address_key

KEPT = ("category", "subject", "source", "format", "text", "link1", "link2")
LONGEST = 200_000  # characters of one field
SESSION_KEY = "kept_text"


def keep_text(request: HttpRequest, shown_at: str | None = None) -> None:
    """Puts the posted words into the session, if a guest sent any.

    The form at `shown_at` (default: the address posted to) takes them up after log-in. A stranger
    can do this ten times an hour: sessions are rows.
    """
    if request.method != "POST" or request.user.is_authenticated:
        return
    words = {name: request.POST[name] for name in KEPT if request.POST.get(name)}
    if not words or any(len(word) > LONGEST for word in words.values()):
        return
    if hit(f"keep:{address_key(request)}", 10, 3600):
        request.session[SESSION_KEY] = {"path": shown_at or request.path, "words": words}


def kept_text(request: HttpRequest) -> dict:
    """The words kept for this address, once; empty for everybody else."""
    kept = request.session.get(SESSION_KEY) if request.user.is_authenticated else None
    if kept is None or kept["path"] != request.path:
        return {}
    del request.session[SESSION_KEY]
    return kept["words"]
