"""Parts of pages that are drawn many times: templates of Jinja2, which compiles them.

Pages are Django's templates. What stands in them by the dozen (rows of lists, comments) or on each
of them (the frame) lies in templates/parts/*.jinja and is drawn by `{% part %}`, about six times
faster. A part gets what the tag names and nothing else; its first line says what it needs.
"""

from typing import Any

from django.template import engines
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext
from jinja2 import ChainableUndefined, Environment


def environment(**options: Any) -> Environment:
    """What parts may say: as in Django's templates, what is not there is empty."""
    from boardsite.templatetags.site import icon, thousands  # which draw parts themselves

    made = Environment(**options | {"undefined": ChainableUndefined, "trim_blocks": True})  # noqa: S701
    made.globals |= {
        "_": gettext,
        "ngettext": ngettext,
        "url": lambda name, *args: reverse(name, args=args),
        "static": static,
        "icon": icon,
    }
    made.filters["thousands"] = thousands
    return made


def draw(name: str, **needs: Any) -> SafeString:
    """The part `name` (a file of templates/parts) as HTML."""
    return mark_safe(engines["parts"].env.get_template(name).render(needs))
