"""Pictures that belong to a content page: those in its text, and those of popups and of the FAQ, which get a page
for their pictures, because a picture needs a page that says who may see it."""

import secrets
from pathlib import Path

from django.apps import apps
from django.core.files.base import ContentFile, File

from accounts.models import Member
from boards.media.uploads import BadUpload, read_picture
from importer.actions.ledger import OWN, remember
from importer.models import Imported, Kind, known, slug_key
from importer.reading.files import OldFiles
from importer.reading.site import OldSite

# Models of an app that is switched off cannot be imported.
if apps.is_installed("pages"):
    from pages.actions.content import write_content_page
    from pages.models import ContentPage, ContentPicture

LONGEST_TITLE, LONGEST_SLUG = 120, 20


def picture_page(by: Member, slug: str, title: str) -> "ContentPage | None":
    """The page for the pictures of something else, made when it is first needed; None if another page has its
    address."""
    slug = slug[:LONGEST_SLUG]
    made = known(Kind.CONTENT, [f"{OWN}{slug}"]).get(f"{OWN}{slug}")
    page = ContentPage.objects.filter(pk=made.new).first() if made else None
    if page is None and not ContentPage.objects.filter(slug=slug).exists():
        page = write_content_page(
            by=by, slug=slug, title=title[:LONGEST_TITLE], html="", is_published=True
        )
        Imported.objects.filter(kind=Kind.CONTENT, old=f"{OWN}{slug}").delete()
        remember(Kind.CONTENT, [(f"{OWN}{slug}", page.pk, {})])
    return page


def address_of_picture(old: OldSite, files: OldFiles, page: "ContentPage", path: str) -> str | None:
    """The address of the picture that is stored for this path, below `data/`; None if it cannot be."""
    key = slug_key(path)
    before = known(Kind.PAGE_PICTURE, [key], board=page.pk).get(key)
    if before and (stored := page.pictures.filter(pk=before.new).first()):
        return stored.url
    there = files.find(*path.split("/"))
    if there is None:
        old.note("없는 파일", path)
        return None
    try:
        picture = _store(there, page)
    except BadUpload:
        old.note("읽을 수 없는 사진", path)
        return None
    Imported.objects.filter(kind=Kind.PAGE_PICTURE, board=page.pk, old=key).delete()
    remember(Kind.PAGE_PICTURE, [(key, picture.pk, {})], board=page.pk)
    return picture.url


def edge_pictures(old: OldSite, files: OldFiles, page: "ContentPage", path: str) -> tuple[str, str]:
    """HTML of the pictures that gnuboard5 shows above and below a text (`data/…_h` and `data/…_t`, without an
    ending)."""
    found = []
    for edge in ("h", "t"):
        name = f"{path}_{edge}"
        there = files.find(*name.split("/"))
        address = there and address_of_picture(old, files, page, name)
        found.append(f'<p><img src="{address}" alt=""></p>' if address else "")
    return found[0], found[1]


def _store(path: Path, page: "ContentPage") -> "ContentPicture":
    with path.open("rb") as file:
        picture = read_picture(File(file, name=path.name))
    stored = ContentPicture(page=page, width=picture.width, height=picture.height)
    name = f"{secrets.token_hex(16)}.{picture.extension}"
    stored.file.save(name, ContentFile(picture.content), save=False)
    stored.save()
    return stored
