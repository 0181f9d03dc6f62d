"""What the log-in and sign-up pages ask about providers; nothing is read before they do."""

from collections.abc import Callable

from django.http import HttpRequest

from accounts.queries.social import name_of, offers


def providers(request: HttpRequest) -> dict[str, Callable]:
    return {"offered_providers": offers, "provider_name": name_of}
