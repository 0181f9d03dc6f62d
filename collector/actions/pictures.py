"""The pictures of an article as its source allows them: copied, linked or left out.

No page embeds a picture from its original server, which would learn who reads here (attack case
67).
"""

import hashlib
import io
import logging
import time
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from django.core.files.uploadedfile import UploadedFile
from django.utils.html import format_html
from django.utils.translation import gettext as _

from boards.actions.files import delete_file, store_picture
from boards.media.uploads import BadUpload, clean_name
from boards.models import Post
from collector.fetching.fetch import FetchFailed
from collector.fetching.fetcher import Fetcher
from collector.models import Source
from collector.reading import markup
from collector.reading.entries import Entry, Picture

logger = logging.getLogger(__name__)

MOST = 20
"""Pictures copied per article; the rest is linked."""
BYTES = 10 * 1024 * 1024  # of one picture
SECONDS = 60.0
"""Time for copying the pictures of one article; the rest is linked."""
SMALLEST = 20
"""Pixels. Smaller pictures are tracking pixels or lines."""
OURS = "/files/"


def copy_pictures(
    source: Source, entry: Entry, fetcher: Fetcher, *, post: Post | None = None
) -> Entry:
    """Returns `entry` with the pictures of its post stored as uploads of `source.member`.

    `post` is the existing post of the article, whose copies are reused. Fetches from the network:
    do not call it within a transaction. `tidy` deletes copies that no post shows after a day. Only
    Pictures.COPY copies; a picture that could not be copied keeps its address.
    """
    if source.pictures != Source.Pictures.COPY or source.shows == Source.Shows.TITLE:
        return entry
    copies = _Copies(source, fetcher, post)
    html = entry.html
    if source.shows == Source.Shows.FULL:
        html = markup.with_pictures(html, lambda address, alt: _img(copies.of(address), alt))
    picture = entry.picture
    if picture:
        picture = replace(picture, address=copies.of(picture.address))
        if not picture.address:
            picture = None
    return replace(entry, html=html, picture=picture)


def allowed_pictures(source: Source, html: str) -> str:
    """The HTML of a body with its pictures as `source` allows them."""
    is_left_out = source.pictures == Source.Pictures.NONE

    def written(address: str, alt: str) -> str:
        if address.startswith(OURS):
            return _img(address, alt)
        return "" if is_left_out or not address else _link(Picture(address, caption=alt))

    return markup.with_pictures(html, written)


def lead_picture(source: Source, picture: Picture | None) -> str:
    """HTML of the lead picture with caption and credit, as `source` allows it; may be ""."""
    if picture is None or source.pictures == Source.Pictures.NONE:
        return ""
    if not picture.address.startswith(OURS):
        return format_html("<p>{}</p>", _link(picture))
    words = " ".join(filter(None, (picture.caption, picture.credit)))
    caption = format_html("<figcaption>{}</figcaption>", words) if words else ""
    return format_html("<figure>{}{}</figure>", _img(picture.address, picture.caption), caption)


class _Copies:
    """Maps the original addresses of one article's pictures to their copies."""

    def __init__(self, source: Source, fetcher: Fetcher, post: Post | None):
        self.source, self.fetcher = source, fetcher
        self._until = time.monotonic() + SECONDS
        self._places: dict[str, str] = {}
        self._had = {each.name: each.url for each in post.attachments.all()} if post else {}

    def of(self, address: str) -> str:
        """The local address; the original one if it could not be copied; "" for a picture that must
        not be shown."""
        if address not in self._places:
            known = self._had.get(_name(address))
            self._places[address] = known or self._copy(address)
        return self._places[address]

    def _copy(self, address: str) -> str:
        if len(self._places) >= MOST or time.monotonic() > self._until:
            return address
        try:
            fetched = self.fetcher.fetch(address, limit=BYTES)
            if fetched.status != 200:
                return address
            upload = UploadedFile(
                io.BytesIO(fetched.body), name=_name(address), size=len(fetched.body)
            )
            stored = store_picture(
                uploader=self.source.member, upload=upload, is_inline=True, is_background=True
            )
        except OSError:  # disk full: the text is worth more than the picture
            logger.exception("No copy of a picture of source %s", self.source.pk)
            return address
        except (FetchFailed, BadUpload) as failed:
            logger.info("No copy of a picture of source %s: %s", self.source.pk, failed)
            return address
        if min(stored.width or 0, stored.height or 0) < SMALLEST:
            delete_file(stored)
            return ""
        return stored.url


def _name(address: str) -> str:
    """The name of the copy, which is always the same for the same address."""
    last = unquote(urlsplit(address).path).rpartition("/")[2]
    stem = last.rpartition(".")[0] or last
    key = hashlib.sha256(address.encode()).hexdigest()[:12]
    return clean_name(f"{stem[:40]}-{key}.webp".lstrip("-."))


def _img(address: str, alt: str) -> str:
    return format_html('<img src="{}" alt="{}">', address, alt) if address else ""


def _link(picture: Picture) -> str:
    words = picture.caption or _("사진 보기")
    credit = f" {picture.credit}" if picture.credit else ""
    return format_html('<a href="{}">{}</a>{}', picture.address, _("[사진] %s") % words, credit)
