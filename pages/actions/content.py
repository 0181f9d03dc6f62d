"""Writing, editing, restoring and deleting content pages. Each change is stored as a revision."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Member
from boardsite.text import richtext
from pages.actions.content_pictures import attach_pictures, delete_pictures, with_sizes
from pages.models import ContentPage, ContentRevision

REVISIONS_KEPT = 100  # per page; the oldest are deleted


class ChangedMeanwhile(Exception):
    """The page has been edited since the form was opened."""

    def __init__(self, page: ContentPage):
        super().__init__()
        self.page = page


@transaction.atomic
def write_content_page(*, by: Member, slug: str, title: str, **fields: Any) -> ContentPage:
    """Creates a page, a draft unless `is_published`. `fields` are those of ContentFields.

    Raises richtext.TooComplex."""
    page = ContentPage(slug=slug, title=title)
    _set(page, by, fields)
    page.edited_at = page.created_at
    page.save()
    _finish(page, by)
    return page


@transaction.atomic
def edit_content_page(
    *, page: ContentPage, by: Member, seen: str = "", **fields: Any
) -> ContentPage:
    """Changes these ContentFields of a page; the others stay. Nothing happens if they are already
    as they shall be.

    `seen` is the version that the form was filled from; raises ChangedMeanwhile if the page has
    been edited since, and richtext.TooComplex."""
    page = lock_content_page(pk=page.pk, seen=seen, fields=fields)
    before = _values(page)
    _set(page, by, fields)
    if _values(page) != before:
        page.edited_at = timezone.now()
        page.save()
        _finish(page, by)
    return page


def lock_content_page(*, pk: int, seen: str, fields: dict[str, Any]) -> ContentPage:
    """The page, locked until the transaction ends. Raises ChangedMeanwhile unless it has the version
    `seen` or already the values of `fields`. Without `seen` nothing is compared."""
    page = ContentPage.objects.select_for_update().get(pk=pk)
    is_same = all(getattr(page, name) == value for name, value in fields.items())
    if seen and seen != page.version and not is_same:
        raise ChangedMeanwhile(page)
    return page


def restore_content_page(*, revision: ContentRevision, by: Member) -> ContentPage:
    """Gives the page the title and the text of an earlier revision. Who may see it stays as it is."""
    return edit_content_page(page=revision.page, by=by, title=revision.title, html=revision.html)


@transaction.atomic
def delete_content_page(*, page: ContentPage) -> None:
    """Deletes the page with its revisions and pictures."""
    delete_pictures(list(page.pictures.all()))
    page.delete()


def _values(page: ContentPage) -> dict[str, Any]:
    return {name: getattr(page, name) for name in ContentPage.field_names()}


def _set(page: ContentPage, by: Member, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        setattr(page, name, value)
    page.html = with_sizes(richtext.clean(page.html), page=page, by=by)


def _finish(page: ContentPage, by: Member) -> None:
    """Stores the revision, and attaches the pictures that the text shows."""
    ContentRevision.objects.create(page=page, editor=by, at=page.edited_at, **_values(page))
    newest = page.revisions.order_by("-pk").values_list("pk", flat=True)
    page.revisions.filter(pk__in=list(newest[REVISIONS_KEPT:])).delete()
    attach_pictures(page=page, by=by)
