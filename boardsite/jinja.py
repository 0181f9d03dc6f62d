"""The public site's template language: Jinja2, through Django's own backend.

Templates end in `.jinja`; Django's language stays for the admin and for mails. A template's first
line declares what it needs (docs/architecture.md); with the option `is_strict`, as in tests and
while developing, a name that is declared and not passed, or used and not there, is an error.
"""

import re
from collections.abc import Callable, Iterator, MutableMapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest
from django.template import defaultfilters, engines
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import template_localtime
from django.utils.translation import get_language, gettext
from jinja2 import (
    ChainableUndefined,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateNotFound,
    pass_context,
)
from jinja2.exceptions import UndefinedError
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.runtime import Context, Undefined
from markupsafe import Markup, escape

from boardsite.caching import page_cache
from boardsite.mail import is_set_up

HEADER = re.compile(r"\{# (.*?) #\}", re.DOTALL)
_NAMES = re.compile(r"(\w+\??(?:,\s+\w+\??)*)(?:: |$)")


def environment(*, is_strict: bool, **options: Any) -> Environment:
    """What the setting TEMPLATES names."""
    options |= {
        "cache_size": -1,
        "extensions": [
            "jinja2.ext.i18n",
            Unindented,
            Constants,
            *([Declared] if is_strict else []),
        ],
        "loader": SiteTemplates(options["loader"].searchpath),
        "lstrip_blocks": True,
        "trim_blocks": True,
        "undefined": StrictUndefined if is_strict else ChainableUndefined,
        "autoescape": True,  # of every file, whatever its name
    }
    made = SiteEnvironment(**options)
    made.newstyle_gettext = True  # {% trans %} calls gettext as _() is called
    made.globals |= CONSTANT | {
        "gettext": translated,
        "icon": icon,
        "placeholder": placeholder,
        "sends_mail": is_set_up,
        "static": lru_cache(static),  # which files there are is known when a process begins
        "url": url,
    }
    made.filters |= {name: defaultfilters.register.filters[name] for name in DJANGO_FILTERS}
    made.filters |= {"date": date, "thousands": thousands}
    return made


DJANGO_FILTERS = (
    "filesizeformat json_script linebreaks linebreaksbr striptags truncatechars urlizetrunc".split()
)


@lru_cache(maxsize=1024)
def url(name: str, *args: int | str) -> str:
    """The address of a page of the site."""
    return reverse(name, args=args)


class SiteEnvironment(Environment):
    def make_globals(self, d: MutableMapping[str, Any] | None) -> dict[str, Any]:
        """A plain dictionary for each template: each rendering copies it, and Jinja's ChainMap takes
        ten times as long to copy."""
        return {**self.globals, **(d or {})}


class SiteTemplates(FileSystemLoader):
    """Leaves what does not end in `.jinja` to Django's language."""

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        if Path(template).suffix != ".jinja":
            raise TemplateNotFound(template)
        return super().get_source(environment, template)


class Unindented(Extension):
    """Indentation is for those who read a template; pages are sent without it."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return re.sub(r"^[ \t]+", "", source, flags=re.MULTILINE)


class Constants(Extension):
    """Calls the functions of CONSTANT once, when a template is compiled, where they are printed and
    their only argument is a literal: `{{ _("목록") }}`. A page has a hundred of them."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        tokens = list(stream)
        start = 0
        while start < len(tokens):
            printed = tokens[start : start + len(PRINTED)]
            names = [token.value for token in printed if token.type == "name"]
            if [token.type for token in printed] == PRINTED and names[0] in CONSTANT:
                value = escape(CONSTANT[names[0]](printed[3].value))
                yield Token(printed[0].lineno, "data", str(value))
                start += len(PRINTED)
            else:
                yield tokens[start]
                start += 1


PRINTED = "variable_begin name lparen string rparen variable_end".split()


class Declared(Extension):
    """Checks, whenever a template is rendered, that what its first line declares was passed."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        passed = ", ".join(f"{each}={each}" for each in declared(source) if each[-1:] != "?")
        check = f"{{% set _declared = require({name!r}, {passed}) %}}"
        return HEADER.sub(lambda header: header[0] + check, source, count=1) if passed else source

    def __init__(self, environment: Environment):
        super().__init__(environment)
        environment.globals["require"] = require


def declared(source: str) -> list[str]:
    """The names that the first line of a template declares; `name?` may be left out.

    `{# post: Post · rows, notices: [PostRow] · label?: what the pages are of #}`
    """
    header = HEADER.match(source)
    entries = re.split(r" ·\s+", header[1]) if header else []
    found = [re.split(r",\s+", match[1]) for entry in entries if (match := _NAMES.match(entry))]
    return [name for names in found for name in names if name != "nothing"]


def require(template: str, **passed: object) -> None:
    missing = [name for name, value in passed.items() if issubclass(type(value), Undefined)]
    if missing:
        raise UndefinedError(f"{template} declares {', '.join(missing)}, which nobody passed")


def translated(sentence: str, /, **words: Any) -> Markup:
    """`sentence`, which is ours and may hold tags, in the current language; `words` are escaped."""
    found = _sentence(get_language(), sentence)
    return found % words if words else found


@cache
def _sentence(language: str, sentence: str) -> Markup:
    """Django's gettext takes several times as long."""
    return Markup(gettext(sentence))  # noqa: S704  (ours)


@lru_cache(maxsize=256)
def icon(name: str) -> SafeString:
    """An icon of the sprite static/img/icons.svg. It says nothing: words stand beside it."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#icon-{}"/></svg>',
        static("img/icons.svg"),
        name,
    )


# The site has one language. (Static files may be collected only after templates are compiled.)
CONSTANT: dict[str, Callable[..., str]] = {"_": translated}


@pass_context
def placeholder(context: Context, name: str, *args: int | str, **options: bool) -> str:
    """What differs from one anonymous visitor to the next on a cached page (boardsite.caching.page_cache)."""
    return page_cache.placeholder(context["request"], name, *args, **options)


def date(moment: Any, format: str) -> str:
    """As Django's filter, in the site's time zone."""
    return defaultfilters.date(template_localtime(moment), format)


def thousands(number: int) -> str:
    """1234567 → 1,234,567"""
    return f"{number:,}"


def draw_for(request: HttpRequest, name: str, **needs: Any) -> SafeString:
    """The template `name` as HTML with what each page of the request has: for a slot of the frame."""
    return mark_safe(render_to_string(name, needs, request))


def draw(name: str, **needs: Any) -> SafeString:
    """The template `name` as HTML, for what is remembered: without a request and what comes with it."""
    return mark_safe(engines["jinja"].env.get_template(name).render(needs))


def macro(template: str, name: str) -> Callable[..., Markup]:
    """The macro `name` of a template, to be called as a function."""
    return getattr(engines["jinja"].env.get_template(template).module, name)
