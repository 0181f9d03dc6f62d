"""The export of a member's own data as one ZIP: JSON, an HTML page, and the files."""

import json
import zipfile
from collections.abc import Iterable
from typing import BinaryIO

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from accounts.models import Member
from boards.media.uploads import clean_name
from boards.models import Attachment
from boards.queries.exporting import own_data, own_files, own_posts
from boardsite.text import richtext

FILES_BYTES = 200 * 1024 * 1024  # all files together; the rest is listed, not packed


def write_export(member: Member, out: BinaryIO, *, with_files: bool) -> None:
    """Writes the ZIP to `out` row by row, so that 100,000 posts need no more memory."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in own_data(member).items():
            _write_json(archive, name, rows())
        _write_page(archive, member)
        if with_files:
            _write_files(archive, member)


def _write_json(archive: zipfile.ZipFile, name: str, rows: Iterable[dict]) -> None:
    """Writes a list, one row per line."""
    with archive.open(f"{name}.json", "w", force_zip64=True) as file:
        file.write(b"[")
        for number, row in enumerate(rows):
            line = json.dumps(row, ensure_ascii=False, cls=DjangoJSONEncoder)
            file.write((",\n" if number else "\n").encode() + line.encode())
        file.write(b"\n]\n")


def _write_page(archive: zipfile.ZipFile, member: Member) -> None:
    """Writes the member's posts as an HTML page. All texts are escaped, so it contains no scripts."""
    with archive.open("index.html", "w", force_zip64=True) as page:
        title = _("%s님이 쓴 글") % member.nickname
        page.write(
            format_html(
                '<!doctype html><html lang="ko"><meta charset="utf-8"><title>{0}</title>'
                "<style>body{{max-width:42rem;margin:2rem auto;font-family:sans-serif}}"
                "p{{white-space:pre-wrap}}</style><h1>{0}</h1>\n",
                title,
            ).encode()
        )
        for post in own_posts(member):
            page.write(
                format_html(
                    "<article><h2>{}</h2><p>{} · {} · {}</p><p>{}</p></article>\n",
                    post["subject"],
                    post["board"],
                    f"{timezone.localtime(post['written_at']):%Y-%m-%d %H:%M}",
                    post["address"],
                    richtext.text_of(post["html"]),
                ).encode()
            )


def _write_files(archive: zipfile.ZipFile, member: Member) -> None:
    """The member's files and profile picture, up to FILES_BYTES."""
    if member.picture and member.picture.storage.exists(str(member.picture)):
        with member.picture.open("rb") as picture:
            archive.writestr("files/profile-picture.webp", picture.read())
    left, missing = FILES_BYTES, []
    for attachment in own_files(member):
        try:
            file = attachment.original or attachment.file
            size = file.size
            if size > left:
                missing.append(_line(attachment, _("200 MB를 넘어 담지 않음")))
                continue
            with file.open("rb") as source:
                name = f"files/{attachment.pk}-{clean_name(attachment.name)}"
                info = zipfile.ZipInfo(name, timezone.localtime().timetuple()[:6])
                with archive.open(info, "w", force_zip64=True) as packed:
                    for piece in source.chunks():
                        packed.write(piece)
            left -= size
        except FileNotFoundError:
            missing.append(_line(attachment, _("파일이 없음")))
    _write_json(archive, "files_not_packed", missing)


def _line(attachment: Attachment, why: str) -> dict:
    return {"name": attachment.name, "size": attachment.size, "why": why}
