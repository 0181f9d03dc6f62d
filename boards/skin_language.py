"""What the templates of installed skins may say: show rows, and nothing else.

A skin comes from a stranger (attack case 92). Its templates know a handful of Django's tags and
filters, none of which loads code, reads files or prints unescaped text; what they print then goes
through an allow-list, so that a skin can neither run a script nor fetch from outside. Its style may
not fetch either: a style that could would read the page's tokens letter by letter.
"""

import re

import nh3
from django.template import (
    Context,
    Engine,
    Library,
    TemplateSyntaxError,
    defaultfilters,
    defaulttags,
)
from django.utils.translation import gettext as _

TAGS = "comment cycle firstof for if ifchanged spaceless verbatim with".split()
FILTERS = (
    "capfirst cut default default_if_none divisibleby first join last length lower slice"
    " truncatechars truncatewords upper yesno"
).split()

register = Library()
for name in TAGS:
    register.tag(name, defaulttags.register.tags[name])
for name in FILTERS:
    register.filter(name, defaultfilters.register.filters[name])


class _SkinEngine(Engine):
    """Django's engine without its own tags: only those above."""

    default_builtins: list[str] = []


_ENGINE = _SkinEngine(loaders=[("django.template.loaders.locmem.Loader", {})])
_ENGINE.template_builtins = [register]

_ELEMENTS = (
    "a article b br dd details div dl dt em figcaption figure footer h2 h3 header hr i img input"
    " label li ol p section small span strong summary table tbody td th thead time tr ul"
).split()
_CLEANER = nh3.Cleaner(
    tags=set(_ELEMENTS),
    clean_content_tags={"script", "style"},
    attributes={
        "*": {"class", "title", "aria-label", "aria-hidden"},
        "a": {"href"},
        "img": {"src", "alt", "width", "height", "loading"},
        "input": {"value", "aria-label"},
        "time": {"datetime"},
        "td": {"colspan"},
        "th": {"colspan", "scope"},
    },
    tag_attribute_values={
        "input": {"type": {"checkbox"}, "name": {"posts"}, "form": {"manage-posts"}}
    },
    attribute_filter=lambda tag, name, value: (
        value if name not in ("href", "src") or re.match(r"/(?![/\\])", value) else None
    ),
    link_rel=None,
)
_FETCHES = re.compile(r"url\s*\(|@import|image\s*\(|image-set|expression|-moz-binding|\\|</", re.I)


class BadSkin(ValueError):
    """What is wrong with a skin, as a sentence for the operator."""


def parse(source: str):
    """The template of `source`. Raises BadSkin for a tag or filter that skins do not have."""
    try:
        return _ENGINE.from_string(source)
    except TemplateSyntaxError as problem:
        raise BadSkin(_("list.html: %s") % problem) from None


def render(template, context: dict) -> str:
    """What `template` makes of `context` (plain values only), cleaned."""
    return _CLEANER.clean(template.render(Context(context)))


def check_style(source: str) -> None:
    """Raises BadSkin for a style that could fetch something, or hide that it does."""
    found = _FETCHES.search(source)
    if found:
        raise BadSkin(_("style.css에 쓸 수 없는 말이 있습니다: %s") % found[0])
