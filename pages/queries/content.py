"""Content pages: by address, in the footer, in the sitemap, and their edits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from accounts.permissions import Visitor
from boards.queries.revisions import Changes, EditRow
from boards.text.differences import MAX_LENGTH, differences, shortened
from boardsite.caching.versioned_cache import VersionedCache
from boardsite.databases.compiled import Compiled
from boardsite.text import richtext
from pages.models import ContentPage, ContentPicture, ContentRevision
from pages.text.pictures import picture_ids

DESCRIPTION_LENGTH = 150


def content_at(slug: str) -> ContentPage | None:
    return ContentPage.objects.filter(slug=slug).first()


def public_addresses() -> list[tuple[str, datetime]]:
    """The pages that every guest may read, for the sitemap."""
    pages = ContentPage.objects.visible_to(AnonymousUser()).only("slug", "edited_at")
    return [(page.get_absolute_url(), page.edited_at) for page in pages]


_linked = Compiled(
    lambda: ContentPage.objects.filter(is_published=True, is_in_footer=True).defer("html")
)
_known_links = VersionedCache(lambda: tuple(_linked()), seconds=60, is_setting=True)


def pages_in_footer(visitor: Visitor) -> list[ContentPage]:
    """Those that are for `visitor`. No query until something changes."""
    return [page for page in _known_links() if page.is_for(visitor)]


@dataclass(frozen=True)
class ContentMetadata:
    """For the link card of a public page."""

    url: str
    description: str
    picture: ContentPicture | None
    picture_url: str


def content_metadata(page: ContentPage) -> ContentMetadata:
    shown = picture_ids(page.html)
    picture = page.pictures.filter(pk=shown[0]).first() if shown else None
    return ContentMetadata(
        url=settings.SITE_URL + page.get_absolute_url(),
        description=richtext.excerpt(page.html, DESCRIPTION_LENGTH) or page.title,
        picture=picture,
        picture_url=settings.SITE_URL + picture.url if picture else "",
    )


@dataclass(frozen=True)
class SettingChange:
    label: str
    before: str
    after: str


def changes_of(edits: Sequence[EditRow], shown: EditRow) -> Changes:
    """The differences between the revision `shown` and the one before it."""
    before = _before(edits, shown)
    old = richtext.text_of(before.html) if before else ""
    new = richtext.text_of(shown.revision.html)
    return Changes(
        subject=differences(before.title if before else "", shown.revision.title),
        text=shortened(differences(old, new)),
        is_cut=max(len(old), len(new)) > MAX_LENGTH,
    )


def settings_changed(edits: Sequence[EditRow], shown: EditRow) -> list[SettingChange]:
    """What was changed besides title and text, in words."""
    before = _before(edits, shown)
    if before is None:
        return []
    changed = []
    for name in ContentPage.field_names():
        old, new = _words(before, name), _words(shown.revision, name)
        if name not in ("title", "html") and old != new:
            changed.append(SettingChange(_label(name), old, new))
    return changed


def _label(name: str) -> str:
    field = ContentPage._meta.get_field(name)
    return str(getattr(field, "verbose_name", name))


def _before(edits: Sequence[EditRow], shown: EditRow) -> ContentRevision | None:
    place = edits.index(shown) + 1
    return edits[place].revision if place < len(edits) else None


def _words(revision: ContentRevision, name: str) -> str:
    value: Any = getattr(revision, name)
    if isinstance(value, bool):
        return _("예") if value else _("아니요")
    if name == "visibility":
        return str(revision.get_visibility_display())
    return str(value)
