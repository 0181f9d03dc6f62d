"""Pictures in popups, and those above and below the FAQ. A picture belongs to a content page that everybody may
read, so each of these gets such a page of the same pictures."""

from collections.abc import Iterator

from django.apps import apps
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Member
from boards.models import BoardTexts
from boardsite.text import richtext
from importer.actions import menus
from importer.actions.faq import texts_of_faq
from importer.actions.files import own_hosts, page_address
from importer.actions.ledger import is_noted, note, note_here
from importer.actions.own_boards import cleaned, find_own_board, owner_of, set_own_texts
from importer.actions.page_pictures import address_of_picture, edge_pictures, picture_page
from importer.models import Kind, known
from importer.reading.bodies import files_in, rewritten
from importer.reading.files import OldFiles
from importer.reading.site import OldSite
from importer.reading.staging import Found
from importer.reading.values import plain

# Models of an app that is switched off cannot be imported.
if apps.is_installed("pages"):
    from pages.actions.content import edit_content_page
    from pages.models import Popup
    from pages.models.popups import MAX_BODY


def import_pictures_of_popups(old: OldSite, files: OldFiles) -> Iterator[int]:
    """Stores the pictures that popups show; a popup that has been edited here stays. Yields how many rows were
    looked at."""
    if not apps.is_installed("pages"):
        return
    owner, hosts = owner_of(old), own_hosts(old)
    for row in list(old.rows("new_win")):
        source, key = _source(row), f"new_win/{row['nw_id']}"
        popups = [each.new for each in known(Kind.POPUP, [row["nw_id"]]).values()]
        popup = Popup.objects.filter(pk__in=popups).first()
        is_new = not is_noted(Kind.BODY, key, row)
        if owner and popup and is_new and files_in(source) and popup.body == cleaned(source):
            with transaction.atomic():
                _give(old, files, owner, popup, row, hosts)
                note(Kind.BODY, key, popup.pk, row)
        yield 1


def _source(row: Found) -> str:
    return plain(row.get("nw_content", "")).replace("\r\n", "\n")


def _give(
    old: OldSite, files: OldFiles, owner: Member, popup: "Popup", row: Found, hosts: set[str]
) -> None:
    source = _source(row)
    title = _("팝업레이어의 사진: %s") % popup.title
    page = picture_page(owner, menus.slug_of_pictures(row["nw_id"]), title)
    if page is None:
        old.note("사진이 빠진 팝업레이어", row["nw_id"])
        return
    addresses = {
        path: address_of_picture(old, files, page, path) for path in sorted(files_in(source))
    }
    html = cleaned(rewritten(source, addresses.get, page_address, hosts))
    if len(html) > MAX_BODY or not any(addresses.values()):
        page.delete()
        return
    edit_content_page(page=page, by=owner, html=html)
    was_blank = richtext.is_blank(popup.body)
    popup.body = html
    if was_blank:  # for want of its pictures
        popup.is_on = popup.ends_at is None or popup.ends_at > popup.starts_at
    popup.save(update_fields=["body", "is_on"])
    note_here(menus.POPUP, row["nw_id"], popup)


def import_pictures_of_faq(old: OldSite, files: OldFiles) -> Iterator[int]:
    """Stores the pictures above and below the groups of the FAQ, which become those of its board; texts that
    have been edited here stay. Yields how many groups were looked at."""
    board, owner = find_own_board("faq"), owner_of(old)
    if board is not None and owner is not None and apps.is_installed("pages"):
        with transaction.atomic():
            _illustrate_faq(old, files, owner, BoardTexts.objects.get(board=board))
    yield old.count("faq_master")


def _illustrate_faq(old: OldSite, files: OldFiles, owner: Member, texts: BoardTexts) -> None:
    groups = [row for row in old.rows("faq_master") if _has_edges(files, row)]
    page = picture_page(owner, "faq_pictures", _("FAQ의 사진")) if groups else None
    if page is None:
        if groups:
            old.note("사진이 빠진 FAQ", str(len(groups)))
        return
    edges = {row["fm_id"]: edge_pictures(old, files, page, f"faq/{row['fm_id']}") for row in groups}
    shown = "".join(above + below for above, below in edges.values())
    edit_content_page(page=page, by=owner, html=shown)
    set_own_texts("faq", texts, texts_of_faq(old, edges))


def _has_edges(files: OldFiles, row: Found) -> bool:
    return any(files.find("faq", f"{row['fm_id']}_{edge}") for edge in "ht")
