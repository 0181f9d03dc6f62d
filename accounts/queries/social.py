"""Log-in through providers: which there are here, and whether one is a member's only way in.

A provider is there once the owner has entered its keys in the admin (allauth's SocialApp rows).
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
"""The providers that this site knows, in the order in which they are offered."""


@dataclass(slots=True)
class Offer:
    """A provider whose keys the owner has entered; `path` is where a form of ours is sent."""

    id: str
    name: str
    path: str


def offers() -> list[Offer]:
    """The providers that can be used now, in order. One query."""
    ready = set(SocialApp.objects.values_list("provider", flat=True))
    return [
        Offer(id, str(name), reverse(f"{id}_login")) for id, name in NAMES.items() if id in ready
    ]


def name_of(provider: str) -> str:
    """What people call the provider with this id."""
    return str(NAMES.get(provider, provider))


def is_only_way_in(account: SocialAccount) -> bool:
    """Whether its owner could not log in any more without `account`: he has no password, and no
    other account at a provider that still has keys."""
    if account.user.has_usable_password():
        return False
    ready = SocialApp.objects.values("provider")
    others = SocialAccount.objects.filter(user=account.user, provider__in=ready)
    return not others.exclude(pk=account.pk).exists()
