"""What the log-in and sign-up pages ask about providers."""

from django import template

from accounts.queries.social import Offer, name_of, offers

register = template.Library()


@register.simple_tag
def offered_providers() -> list[Offer]:
    """The providers by which one can log in now, in order. One query."""
    return offers()


@register.simple_tag
def provider_name(provider: str) -> str:
    """What people call the provider with this id."""
    return name_of(provider)
