"""Where a page of the admin stands."""

from typing import Any

from django import template

from boardsite import admin_menu
from boardsite.text.korean import highlight

register = template.Library()
register.filter(highlight)


@register.simple_tag
def group_of(opts: Any) -> admin_menu.Group:
    """The group of the menu that the pages of this model belong to; `opts` is its _meta."""
    return admin_menu.group_of(opts.label)
