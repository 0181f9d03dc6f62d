"""The pages of the admin, grouped by task.

The config of an app says which of its pages belong to which group, and in which order:

    admin_menu = {"boards": ("Board", "BoardGroup"), "writing": ("list_reports", "Post")}

A name is a model of the app, a model of a library with its label ("account.EmailAddress"), or the URL
name of a page without a model, which `register` makes known. Within a group the apps follow each other
by their `admin_position`. Pages that no app names come last, in 도구.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.apps import apps
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from boardsite.typing import StrOrPromise

GROUPS: dict[str, StrOrPromise] = {
    "site": _("사이트"),
    "boards": _("게시판"),
    "writing": _("글과 신고"),
    "members": _("회원"),
    "statistics": _("통계"),
    "collector": _("수집기"),
    "tools": _("도구"),
}
LAST = 1000


class Page(NamedTuple):
    """A page without a model. `name` is its URL name, `may` says whether a member of the staff may
    open it, `keywords` are further words by which the search finds it."""

    name: str
    title: StrOrPromise
    may: Callable[[Any], bool]
    keywords: str = ""


class Group(NamedTuple):
    key: str
    title: StrOrPromise

    @property
    def address(self) -> str:
        return f"{reverse('admin:index')}#group-{self.key}"


_pages: dict[str, Page] = {}


def register(page: Page) -> None:
    _pages[page.name] = page


def pages_for(user: Any) -> list[Page]:
    """The pages without a model that `user` may open."""
    return [page for page in _pages.values() if page.may(user)]


def places() -> dict[str, tuple[str, int]]:
    """Where each page stands: label of a model or URL name → (key of the group, place in it)."""
    found: dict[str, tuple[str, int]] = {}
    configs = sorted(apps.get_app_configs(), key=lambda app: getattr(app, "admin_position", LAST))
    for config in configs:
        for group, names in getattr(config, "admin_menu", {}).items():
            for name in names:
                is_own_model = name.isidentifier() and name.lower() in config.models
                label = f"{config.label}.{name}" if is_own_model else name
                found[label] = (group, len(found))
    return found


def group_of(label: str) -> Group:
    """The group of a model (its label) or of a page (its URL name)."""
    key, _place = places().get(label, ("tools", LAST))
    return Group(key, GROUPS[key])
