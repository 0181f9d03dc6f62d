"""Small parts that templates of every app draw with."""

from functools import lru_cache

from django import template
from django.templatetags.static import static as static_address
from django.utils.html import format_html
from django.utils.safestring import SafeString

from boardsite import pagecache
from boardsite.parts import draw

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str) -> SafeString:
    """An icon of the sprite static/img/icons.svg. It says nothing: words stand beside it."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#icon-{}"/></svg>',
        static_address("img/icons.svg"),
        name,
    )


@register.simple_tag
@lru_cache(maxsize=256)
def static(path: str) -> str:
    """As Django's; which files there are is known when a process begins."""
    return static_address(path)


@register.simple_tag
def part(name: str, **needs: object) -> SafeString:
    """A part of Jinja2 (boardsite.parts), with what it needs."""
    return draw(name, **needs)


@register.simple_tag(takes_context=True)
def page_part(context: template.Context, name: str) -> SafeString:
    """A part that draws all of a page's content, with everything that the page has."""
    return draw(name, **context.flatten())


@register.simple_tag(takes_context=True)
def hole(context: template.Context, name: str, *args: int | str) -> str:
    """What differs from one stranger to the next on a page that is kept (boardsite.pagecache)."""
    request = context.get("request")
    return pagecache.hole(request, name, *args) if request is not None else ""


@register.filter
def thousands(number: int) -> str:
    """1234567 → 1,234,567"""
    return f"{number:,}"
