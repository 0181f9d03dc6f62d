"""Log-in through providers: which are available, and whether one is a member's only way to log in.

A provider is available once the owner has entered its keys in the admin (allauth's SocialApp rows).
"""

from dataclasses import dataclass

from allauth.socialaccount.models import SocialAccount, SocialApp
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

NAMES = {
    "kakao": _("카카오"),
    "naver": _("네이버"),
    "google": _("Google"),
    "apple": _("Apple"),
    "github": _("GitHub"),
}
"""The providers that this site supports, in the order in which they are offered."""


@dataclass(slots=True)
class Offer:
    """An available provider; `path` is the address of our form for it."""

    id: str
    name: str
    path: str


def offers() -> list[Offer]:
    """The available providers in order. One query."""
    ready = set(SocialApp.objects.values_list("provider", flat=True))
    return [
        Offer(id, str(name), reverse(f"{id}_login")) for id, name in NAMES.items() if id in ready
    ]


def name_of(provider: str) -> str:
    """The display name of the provider with this id."""
    return str(NAMES.get(provider, provider))


def is_only_way_in(account: SocialAccount) -> bool:
    """Whether its owner could no longer log in without `account`: they have no password and no
    other account at an available provider."""
    if account.user.has_usable_password():
        return False
    ready = SocialApp.objects.values("provider")
    others = SocialAccount.objects.filter(user=account.user, provider__in=ready)
    return not others.exclude(pk=account.pk).exists()
