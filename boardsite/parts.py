"""Parts of pages that are drawn many times: templates of Jinja2, which compiles them.

Pages are Django's templates. What stands in them by the dozen (rows of lists, comments) or on each
of them (the frame) lies in templates/parts/*.jinja and is drawn by `{% part %}`, about six times
faster. A part gets what the tag names and nothing else; its first line says what it needs.
"""

from collections import defaultdict
from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any

from django.template import engines
from django.template.defaultfilters import filesizeformat, linebreaksbr
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext
from jinja2 import ChainableUndefined, Environment, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Macro
from markupsafe import Markup, _escape_inner, escape


class _Code(CodeGenerator):
    """What stands in parts by the hundred, as plain Python: `_("…")` looks the words up, and what is
    printed is escaped without being wrapped as Markup first."""

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        match node:
            case nodes.Call(node=nodes.Name(name="_"), args=[nodes.Const(value=text)], kwargs=[]):
                self.visit(node.node, frame)
                self.write(f"[{text!r}]")
            case _:
                super().visit_Call(node, frame, forward_caller=forward_caller)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        self.write("environment.escaped(")


class Parts(Environment):
    code_generator_class = _Code

    @staticmethod
    def escaped(value: Any) -> str:
        """As markupsafe's escape, for printing: a page does so a thousand times, of which its own
        wrapping takes the most."""
        kind = type(value)
        if kind is str:
            return _escape_inner(value)
        return value if kind is SafeString or kind is Markup else escape(value)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """One dict for all: Jinja's chain of two is copied slowly, and each part begins with that."""
        return self.globals if not d else super().make_globals(d)


def environment(**options: Any) -> Environment:
    """What parts may say: as in Django's templates, what is not there is empty."""
    from boardsite.templatetags.site import icon, thousands  # which draw parts themselves

    del options["autoescape"]  # never off
    made = Parts(
        autoescape=True,
        cache_size=-1,
        **options | {"undefined": ChainableUndefined, "trim_blocks": True},
    )
    made.globals |= {
        "_": gettext,
        "ngettext": ngettext,
        "gettext_html": _gettext_html,
        "once": _once,
        "django": lambda name, **needs: render_to_string(name, needs),
        "url": lambda name, *args: reverse(name, args=args) if args else _address(name),
        "static": lru_cache(static),  # which files there are is known when a process begins
        "icon": lru_cache(icon),
    }
    made.filters |= {
        "thousands": thousands,
        "filesizeformat": filesizeformat,
        "linebreaksbr": linebreaksbr,
    }
    return made


_address = lru_cache(reverse)


def _once(drawn: dict, macro: Macro, row: Any, *how: Any) -> str:
    """What `macro` draws of `row`, kept in `drawn` by all else that the macro looks at (`how`)."""
    if how not in drawn:
        drawn[how] = macro(row)
    return drawn[how]


def _gettext_html(sentence: str, **words: Any) -> SafeString:
    """A sentence with tags of ours in it, and words that are escaped."""
    escaped = {name: conditional_escape(word) for name, word in words.items()}
    return mark_safe(gettext(sentence) % escaped)


class Words(dict[str, str]):
    """The translations of one language that parts have asked for: gettext would take a page of
    them 0.2 ms. Parts translate nothing but what stands in them, so there are not many."""

    def __missing__(self, text: str) -> str:
        self[text] = found = gettext(text)
        return found

    def __call__(self, text: str) -> str:
        return self[text]


_words: defaultdict[str | None, Words] = defaultdict(Words)


def draw(name: str, **needs: Any) -> SafeString:
    """The part `name` (a file of templates/parts) as HTML."""
    needs["_"] = _words[get_language()]
    return mark_safe(engines["parts"].env.get_template(name).render(needs))
