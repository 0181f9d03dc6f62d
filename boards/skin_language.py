"""The template language of installed skins: it can show rows and nothing else.

Skins are untrusted (attack case 92). Their templates have a handful of Django's tags and filters,
none of which loads code, reads files or prints unescaped text. Their output is sanitised with an
allowlist, so that a skin can neither run scripts nor load external resources. Their style sheets
may not load resources either, because a style sheet that could do so would be able to read the
page's tokens letter by letter.
"""

import re
from collections.abc import Sized
from typing import ClassVar

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
MAX_NESTED = 3  # loops within each other
MAX_LINE = 2_000  # characters; Django searches for the end of a tag up to the end of the line
MAX_ROUNDS = 20_000  # of all loops of a page together; 50 rows with ten fields each take 550


class _BoundedLoop(defaulttags.ForNode):
    """A loop that stops when all loops together have taken MAX_ROUNDS."""

    def render(self, context):
        values = self.sequence.resolve(context, ignore_failures=True)
        if not isinstance(values, Sized) or isinstance(values, str):
            return ""  # a row contains lists; iterating over the letters of a text is not allowed
        context.rounds = getattr(context, "rounds", 0) + len(values)
        return super().render(context) if context.rounds <= MAX_ROUNDS else ""


@register.tag("for")
def _loop(parser, token):
    parser.loops = getattr(parser, "loops", 0) + 1
    if parser.loops > MAX_NESTED:
        raise TemplateSyntaxError(f"more than {MAX_NESTED} loops within each other")
    node = defaulttags.do_for(parser, token)
    parser.loops -= 1
    return _BoundedLoop(
        node.loopvars,
        node.sequence,
        node.is_reversed,
        node.nodelist_loop,
        node.nodelist_empty,
    )


for name in TAGS:
    if name != "for":
        register.tag(name, defaulttags.register.tags[name])
for name in FILTERS:
    register.filter(name, defaultfilters.register.filters[name])


class _SkinEngine(Engine):
    """Django's engine with only the tags above."""

    default_builtins: ClassVar[list[str]] = []


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
# What loads resources, covers the site's page, or moves elements over it.
_REFUSED = re.compile(
    r"\b(?:url|src|image|element|paint)\s*\(|image-set|cross-fade|@(?:import|font-face|namespace)"
    r"|@(?!media\b|supports\b|container\b|keyframes\b)[\w-]+"
    r"|expression|-moz-binding|\\|</"
    r"|(?<![\w-])position\s*:\s*+(?!relative\b|static\b)[^;}]*"
    r"|(?<![\w-])(?:transform|translate|scale|zoom|inset|z-index|contain|all)\s*:|\d[dsl]?v(?:h|w|max|min|i|b)\b",
    re.I,
)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.S)
_SELECTORS = re.compile(r"([^{};]*+)(\{|[};]|\Z)")
_OWN = re.compile(r"\s*\.skin-[a-z0-9_]+(?![\w-])(?!\s*[~+])")
_BRACKETS = re.compile(r"\([^()]*\)")  # as in :not(.a, .b)
_STEP = re.compile(r"\s*(?:from|to|[\d.]+%)\s*(?:,|\Z)")


class BadSkin(ValueError):
    """The skin is invalid. The message is a sentence for the operator."""


def parse(source: str):
    """Compiles the template. Raises BadSkin for a tag or filter that skins do not have."""
    if max(map(len, source.split("\n"))) > MAX_LINE:
        raise BadSkin(_("list.html에 %s자보다 긴 줄이 있습니다.") % f"{MAX_LINE:,}")
    try:
        return _ENGINE.from_string(source)
    except TemplateSyntaxError as problem:
        raise BadSkin(_("list.html: %s") % problem) from None


def render(template, context: dict) -> str:
    """Renders `template` with `context` (plain values only) and sanitises the output."""
    return _CLEANER.clean(template.render(Context(context)))


def check_style(source: str) -> None:
    """Raises BadSkin for a style sheet that could load a resource, hide that it does, or affect the
    page around the list.

    Each rule must begin with `.skin-NAME`, the element around the list.
    """
    plain = _COMMENT.sub(" ", source)
    # A comment separates words here, and is nothing within a word there; both readings are checked.
    found = _REFUSED.search(plain)
    if not found and plain != source:
        found = _REFUSED.search(_COMMENT.sub("", source))
    if found:
        raise BadSkin(_("style.css에 쓸 수 없는 말이 있습니다: %s") % found[0].strip()[:60])
    for selectors, end in _SELECTORS.findall(plain):
        words = selectors.strip()
        if end != "{" or words.startswith("@") or _STEP.match(words):
            continue
        for selector in _BRACKETS.sub("", words).split(","):
            if not _OWN.match(selector):
                raise BadSkin(
                    _("style.css의 규칙은 .skin-이름으로 시작해야 합니다: %s")
                    % selector.strip()[:60]
                )
