"""Which tables of this app pages show: a change in them moves the site's version."""

from django.db.models import Model

from boardsite.caching.triggers import Watched
from boardsite.caching.versions import SITE
from pages.models import (
    Ad,
    Appearance,
    Banner,
    Block,
    ContentPage,
    MenuItem,
    Popup,
    ServiceSettings,
    SiteImage,
)

SHOWN: list[type[Model]] = [
    Appearance,
    SiteImage,
    Popup,
    Popup.boards.through,
    Banner,
    MenuItem,
    MenuItem.left_out.through,
    ServiceSettings,
    Ad,
    ContentPage,
]


def tables() -> list[Watched]:
    return [
        *(Watched(model._meta.db_table, str(model._meta.model_name), str(SITE)) for model in SHOWN),
        # Nobody but the owner sees a draft, and their pages are not cached.
        Watched(Block._meta.db_table, "block", str(SITE), if_="{row}.is_published"),
    ]
