"""Pictures of content pages and of the FAQ, also those that gnuboard5 shows above and below their text."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.core.files import File

from boards.media import uploads
from boards.models import Board, BoardTexts
from importer.models import Imported, Kind
from importer.proving.files import digest_stored, find_file, sha256
from importer.proving.here import Pairs
from importer.proving.proof import Proof
from importer.proving.texts import old_files_in, plain

# Models of an app that is switched off cannot be imported.
if apps.is_installed("pages"):
    from pages.models import ContentPage, ContentPicture

KIND = "내용과 FAQ의 사진"
NO_PICTURE = "사진으로 읽을 수 없는 파일입니다."
NO_ROOM = "이 사이트의 길이 제한보다 긴 내용이라 사진도 없습니다."
TAKEN = "사진을 둘 내용의 주소를 이 사이트의 다른 내용이 먼저 쓰고 있습니다."
_PICTURE = re.compile(r"/content/pictures/([0-9]{1,15})/")


def check_page_pictures(proof: Proof) -> Iterator[int]:
    """Each page shows the same pictures, in the same order."""
    if proof.files is None or not apps.is_installed("pages"):
        return
    for batch in proof.there.rows("content"):
        keys = Pairs(Kind.CONTENT).of(row["co_id"] for row in batch)
        own = Imported.objects.filter(kind=Kind.CONTENT, here=None).values_list("new", flat=True)
        pages = ContentPage.objects.exclude(pk__in=own).in_bulk(keys.values())
        for row in batch:
            page = pages.get(keys.get(row["co_id"], 0))
            if page is None:
                continue
            source = plain(row.get("co_content", "") or row.get("co_mobile_content", ""))
            shown = old_files_in(source) if row.get("co_html", "1") != "0" else []
            name = f"content/{row['co_id']}"
            paths = [f"{name}_h", *(path for _place, path in shown), f"{name}_t"]
            why = proof.here.in_admin(page) or ("" if page.html else NO_ROOM)
            _compare(proof, row["co_id"], paths, page.html, why)
        yield len(batch)
    _check_faq(proof)


def _check_faq(proof: Proof) -> None:
    board = Board.objects.filter(pk__in=Pairs(Kind.BOARD).of(["@faq"]).values()).first()
    if board is None:
        return
    groups = [row for batch in proof.there.rows("faq_master") for row in batch]
    groups.sort(key=lambda row: (int(row.get("fm_order") or 0), int(row["fm_id"])))
    paths = [f"faq/{row['fm_id']}_{edge}" for edge in "ht" for row in groups]
    texts = BoardTexts.objects.filter(board=board).first() or BoardTexts()
    why = proof.here.in_admin(board)
    if not Pairs(Kind.CONTENT).of(["@faq_pictures"]):
        why = why or (TAKEN if ContentPage.objects.filter(slug="faq_pictures").exists() else "")
    _compare(proof, "FAQ", paths, texts.header + texts.footer, why)


def _compare(proof: Proof, where: str, paths: list[str], html: str, why: str) -> None:
    """The files at `paths` that exist, and the pictures that `html` shows."""
    find = proof.findings
    there = [found for path in paths if (found := find_file(proof, *path.split("/")))]
    pictures = {each.pk: each for each in ContentPicture.objects.filter(pk__in=_ids(html))}
    here = [digest_stored(pictures[pk].file) for pk in _ids(html) if pk in pictures]
    wanted = []
    for path in there:
        made = _made(path)
        if made is None:
            find.differ(KIND, "사진이 없습니다", where, path.name, "", NO_PICTURE)
        else:
            wanted.append(made)
    find.count(KIND, there=len(wanted), here=len(here))
    if wanted != here:
        names = ", ".join(path.name for path in there)
        find.differ(KIND, "사진이 다릅니다", where, names, f"{len(here)}", why)


def _ids(html: str) -> list[int]:
    return [int(found) for found in _PICTURE.findall(html)]


def _made(path: Path) -> str | None:
    """What our own upload makes of a picture; None if it cannot be read."""
    with path.open("rb") as opened:
        try:
            return sha256(uploads.read_picture(File(opened, name=path.name)).content)
        except uploads.BadUpload:
            return None
