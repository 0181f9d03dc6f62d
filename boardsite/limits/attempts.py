"""Counts every submitted form before anything in it is processed.

An invalid form costs as much as a valid one: the server parses it, renders its text and decodes its
pictures. boards.limits counts what is really written once more, with smaller limits. A person who
corrects mistakes never comes near the limits here."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse

from boardsite.limits.rate_limit import hit_or_refuse
from boardsite.visitors.identity import address_key

SECONDS = 600
OF_ADDRESS = 100  # all anonymous visitors of one network together
OF_MEMBER = 200


def counts_attempts(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For a view that takes a form: raises TooMany when this visitor has submitted too many forms
    of any kind.

    The middleware RenderTooMany answers with 429 and offers the submitted text again. This decorator
    stands next to the view, below those that refuse other methods and, where the view requires it,
    anonymous visitors."""

    @wraps(view)
    def counted(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.method == "POST":
            count_attempt(request)
        return view(request, *args, **kwargs)

    # A test asks each view for it.
    counted.counts_attempts = True  # type: ignore[attr-defined] # for the test of all views
    return counted


def count_attempt(request: HttpRequest) -> None:
    if request.user.is_authenticated:
        hit_or_refuse(f"attempt:{request.user.pk}", limit=OF_MEMBER, seconds=SECONDS)
    else:
        hit_or_refuse(f"attempt:{address_key(request)}", limit=OF_ADDRESS, seconds=SECONDS)
