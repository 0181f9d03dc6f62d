"""Titles of content pages (boardsite.places)."""

from collections.abc import Collection

from accounts.permissions import Visitor
from boardsite.places import Place, namer, words_of
from pages.models import ContentPage


@namer
def name_content_pages(paths: Collection[str], user: Visitor) -> dict[str, Place]:
    """Pages that `user` may read. One query."""
    slugs = {
        path: words[1]
        for path in paths
        if len(words := words_of(path)) == 2 and words[0] == "content"
    }
    if not slugs:
        return {}
    rows = ContentPage.objects.visible_to(user).filter(slug__in=slugs.values())
    known = {page.slug: Place(page.title, page.get_absolute_url()) for page in rows.defer("html")}
    return {path: known[slug] for path, slug in slugs.items() if slug in known}
