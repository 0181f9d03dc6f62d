"""Small parts that templates of every app draw with."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of the sprite static/img/icons.svg. It says nothing: words stand beside it."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#icon-{}"/></svg>',
        static("img/icons.svg"),
        name,
    )


@register.filter
def thousands(number: int) -> str:
    """1234567 → 1,234,567"""
    return f"{number:,}"
