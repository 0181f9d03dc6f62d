"""Titles of this app's pages (boardsite.places)."""

from collections.abc import Collection

from django.urls import reverse
from django.utils.translation import gettext as _

from boardsite.places import Place, namer


@namer
def name_pages(paths: Collection[str], _user) -> dict[str, Place]:
    here = reverse("list_present")
    return {here: Place(_("현재접속자"), here)} if here in paths else {}
