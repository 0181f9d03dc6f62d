"""내용관리: content pages, where the app `pages` is installed."""

from collections.abc import Iterator

from django.apps import apps
from django.db import transaction

from accounts.models import Member
from boardsite.text import plaintext, richtext
from importer.actions.files import own_hosts, page_address
from importer.actions.kept import Kept, Pair
from importer.actions.ledger import Ledger, is_noted, note, note_here
from importer.actions.own_boards import owner_of
from importer.actions.page_pictures import address_of_picture, edge_pictures
from importer.models import Imported, Kind, known, slug_key
from importer.reading.bodies import files_in, rewritten
from importer.reading.files import OldFiles
from importer.reading.site import OldSite
from importer.reading.staging import Found
from importer.reading.values import count, plain

# Models of an app that is switched off cannot be imported.
if apps.is_installed("pages"):
    from pages.actions.content import delete_content_page, edit_content_page, write_content_page
    from pages.models import ContentPage
    from pages.models.content import MAX_HTML, RESERVED_SLUGS

LONGEST_TITLE, LONGEST_SLUG = 120, 20
IN_FOOTER = frozenset({"company"})  # as gnuboard5 has it; terms and privacy have links of their own
PLAIN, HTML, BROKEN = 0, 1, 2  # co_html: the last is HTML whose line ends are line breaks


def _save(pairs: list[Pair]) -> None:
    """As edits of the last editor of a page, so that the earlier text stays among its revisions."""
    for here, fresh in pairs:
        editor = Member.objects.filter(pk__in=here.revisions.values("editor")).first()
        editor = editor or Member.objects.filter(is_superuser=True).first()
        if editor is not None:
            edit_content_page(page=here, by=editor, title=fresh.title, html=fresh.html)


def _remove(pages: "list[ContentPage]") -> None:
    for page in pages:
        delete_content_page(page=page)


if apps.is_installed("pages"):
    CONTENT = Kept(
        Kind.CONTENT,
        ContentPage,
        key=lambda row: row["co_id"],
        columns=("title", "html"),
        save=_save,
        remove=_remove,
    )


def import_content(old: OldSite) -> Iterator[int]:
    """Creates the pages that are new, for everybody to read, and changes those that have changed; yields how
    many rows were looked at."""
    if not apps.is_installed("pages"):
        return
    owner, ledger = owner_of(old), Ledger(old, CONTENT)
    for row in list(old.rows("content", order="co_id")):
        with transaction.atomic():
            batch = ledger.sort_out([row])
            if batch.new and owner is not None:
                _make(old, ledger, row, owner)
            ledger.update(batch, lambda row, here: _page(old, row))
            _remember_title(row)
        yield 1


def _make(old: OldSite, ledger: Ledger, row: Found, owner: Member) -> None:
    """A page; the one that has its address already, if any, stays as it is."""
    made = _page(old, row)
    there = ContentPage.objects.filter(slug=made.slug).first()
    if there is not None:
        ledger.adopt([(row, there.pk)])
        return
    old.removed.look(f"내용 {row['co_id']}", source_of_content(row), made.html)
    page = write_content_page(
        by=owner,
        slug=made.slug,
        title=made.title,
        html=made.html,
        is_published=True,
        is_in_footer=row["co_id"] in IN_FOOTER,
    )
    ledger.remember([(row, page)])


def _page(old: OldSite, row: Found) -> "ContentPage":
    """A page as it would be imported now."""
    slug = _slug(row["co_id"])
    title = plain(row.get("co_subject", "")).strip()[:LONGEST_TITLE] or slug
    return ContentPage(slug=slug, title=title, html=_html(old, row))


def _slug(name: str) -> str:
    return (
        f"{name[: LONGEST_SLUG - 2]}_2" if name.lower() in RESERVED_SLUGS or len(name) < 2 else name
    )


def _remember_title(row: Found) -> None:
    """An address may name a page by its title."""
    page = known(Kind.CONTENT, [row["co_id"]]).get(row["co_id"])
    if page is not None and row.get("co_seo_title"):
        title = slug_key(row["co_seo_title"])
        entry = Imported(kind=Kind.CONTENT_TITLE, old=title, new=page.new, digest=0)
        Imported.objects.bulk_create([entry], ignore_conflicts=True)


def _html(old: OldSite, row: Found) -> str:
    source = source_of_content(row)
    try:
        html = richtext.clean(source)
    except richtext.TooComplex:
        html = richtext.from_plain(richtext.text_of(source)[: richtext.MAX_SOURCE])
        old.note("서식이 지워진 내용", row["co_id"])
    if len(html) > MAX_HTML:
        old.note("너무 길어 가져오지 않은 내용", row["co_id"])
        return ""
    return html


def source_of_content(row: Found) -> str:
    """The HTML of a page."""
    text = plain(row.get("co_content", "") or row.get("co_mobile_content", ""))
    if count(row, "co_html") == PLAIN:
        return plaintext.to_html(text[: richtext.MAX_SOURCE])
    return (
        text.replace("\r\n", "\n").replace("\n", "<br>\n")
        if count(row, "co_html") == BROKEN
        else text
    )


# -- Pictures --------------------------------------------------------------------------------------
def import_pictures_of_content(old: OldSite, files: OldFiles) -> Iterator[int]:
    """Stores the pictures that pages show, with those that gnuboard5 shows above and below the text, and gives
    their links to the site itself their new addresses; what has been edited here stays. Yields how many rows
    were looked at."""
    if not apps.is_installed("pages"):
        return
    owner, hosts = owner_of(old), own_hosts(old)
    for row in list(old.rows("content", order="co_id")):
        key = f"content/{row['co_id']}"[:64]
        entry = known(Kind.CONTENT, [row["co_id"]]).get(row["co_id"])
        pages = ContentPage.objects.filter(pk=entry.new if entry and entry.here is not None else 0)
        page = pages.first()
        if owner and page and not is_noted(Kind.BODY, key, row) and page.html == _html(old, row):
            with transaction.atomic():
                _illustrate(old, files, page, row, owner, hosts)
                note(Kind.BODY, key, page.pk, row)
        yield 1


def _illustrate(
    old: OldSite,
    files: OldFiles,
    page: "ContentPage",
    row: Found,
    owner: Member,
    hosts: set[str],
) -> None:
    source = source_of_content(row)
    pictures = {path: address_of_picture(old, files, page, path) for path in files_in(source)}
    html = rewritten(source, pictures.get, page_address, hosts)
    above, below = edge_pictures(old, files, page, f"content/{row['co_id']}")
    try:
        edited = edit_content_page(page=page, by=owner, html=above + html + below)
    except richtext.TooComplex:
        old.note("사진이 빠진 내용", row["co_id"])
    else:
        note_here(CONTENT, row["co_id"], edited)
