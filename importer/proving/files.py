"""Every file, byte by byte; and pictures, which are stored in another format."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.core.files import File

from accounts.models import Member
from accounts.pictures import NotAPicture, square
from boards.media import uploads
from boards.media.contents import content_of
from boards.models import Attachment, Board, PostBody
from importer.models import Imported, Kind, slug_key
from importer.proving.here import EDITED, READ_HERE, Pairs
from importer.proving.proof import Proof
from importer.proving.texts import addresses_in, new_file, old_files_in, plain
from importer.proving.there import There, integer, key_number
from importer.reading.staging import Found

FILES, PICTURES, INLINE = "첨부파일", "회원 사진", "본문의 사진"
PIECE = 1 << 20  # bytes read at a time
NO_NAME = "이름이 없는 줄입니다. 지운 첨부파일의 자리입니다."
NO_FILE = "옛 사이트의 data 폴더에도 없는 파일입니다."
NO_POST = "원글이 옛 사이트에 더는 없습니다."
CONVERTED = "사진은 위치 정보 같은 것을 빼고 웹에 알맞은 형식과 크기로 바꾸어 둡니다."
NO_PICTURE = "사진으로 읽을 수 없는 파일입니다."
ANOTHER = "옮긴 뒤에 회원이 사진을 바꾸었습니다."
LONGEST_NAME, LONGEST_DESCRIPTION = 120, 200


def check_files(proof: Proof) -> Iterator[int]:
    if proof.files is None:
        proof.findings.note("--files를 주지 않아 파일은 비교하지 않았습니다.")
        return
    for batch in proof.there.rows("board_file"):
        for name in sorted({row["bo_table"] for row in batch}):
            rows = [row for row in batch if row["bo_table"] == name]
            _compare_files(proof, proof.board(name), name, rows)
        yield len(batch)


def count_files(there: There) -> int:
    return there.total("board_file")


def _compare_files(proof: Proof, board: Board | None, name: str, rows: list[Found]) -> None:
    find = proof.findings
    keys = Pairs(Kind.FILE, board.pk).of(map(_key, rows)) if board else {}
    files = Attachment.objects.in_bulk(keys.values())
    posts = proof.posts_of(board, rows) if board else {}
    for row in rows:
        where = f"{name}/{_key(row)} {row.get('bf_source', '')}"
        if not row.get("bf_file"):
            find.differ(FILES, "파일이 없습니다", where, "", "", NO_NAME)
            continue
        find.count(FILES, there=1)
        path = find_file(proof, "file", name, row["bf_file"])
        file = files.get(keys.get(_key(row), 0))
        if file is None or path is None:
            post = posts.get(key_number(row["wr_id"]))
            reason = NO_FILE if path is None else "" if post else NO_POST
            find.differ(FILES, "파일이 없습니다", where, row["bf_file"], "", reason)
            continue
        find.count(FILES, here=1)
        find.same(
            FILES,
            "다른 글에 붙어 있습니다",
            where,
            posts.get(key_number(row["wr_id"])),
            file.post_id,
        )
        there = uploads.clean_name(plain(row.get("bf_source", "")) or path.name)
        proof.text(FILES, "이름이 다릅니다", where, there, file.name, longest=LONGEST_NAME)
        description = _without_backslashes(plain(row.get("bf_content", "")))
        proof.text(
            FILES,
            "설명이 다릅니다",
            where,
            description,
            file.description,
            longest=LONGEST_DESCRIPTION,
        )
        downloads = max(integer(row, "bf_download"), 0)
        find.add("내려받기", downloads, file.download_count)
        if downloads != file.download_count:
            is_more = file.download_count > downloads and proof.here.is_older_import
            why = READ_HERE if is_more else ""
            find.differ(FILES, "내려받은 수가 다릅니다", where, downloads, file.download_count, why)
        compare_bytes(proof, FILES, where, path, file)
        _compare_address(proof, where, f"file/{name}/{row['bf_file']}", file)


def _compare_address(proof: Proof, where: str, path: str, file: Attachment) -> None:
    """The old address of a file leads to it, or to another copy of the same file."""
    found = Imported.objects.filter(kind=Kind.PATH, old=slug_key(path))
    pk = found.values_list("new", flat=True).first()
    if pk != file.pk:
        other = Attachment.objects.filter(pk=pk or 0).first()
        if other is None or _digest_of(other) != _digest_of(file):
            proof.findings.differ(FILES, "옛 주소가 다른 파일로 갑니다", where, file.pk, pk or "")


def compare_bytes(proof: Proof, kind: str, where: str, path: Path, file: Attachment) -> None:
    """The stored bytes are those of the file, or those that our own upload makes of a picture."""
    here = _digest_of(file)
    if here is None:
        proof.findings.differ(kind, "저장된 파일이 없어졌습니다", where, path.name, file.file.name)
        return
    with path.open("rb") as opened:
        upload = File(opened, name=path.name)
        if here == _digest(opened):
            return
        opened.seek(0)
        content = content_of(upload)
        if content is not None and content.kind == "picture":
            try:
                picture = uploads.read_picture(upload)
            except uploads.BadUpload:
                pass
            else:
                thumb = digest_stored(file.thumb) if file.thumb else None
                if here == sha256(picture.content) and thumb == sha256(picture.thumb):
                    proof.findings.differ(
                        kind,
                        "사진의 형식이 바뀌었습니다",
                        where,
                        f"{path.stat().st_size:,} B",
                        f"{file.size:,} B",
                        CONVERTED,
                    )
                    return
    proof.findings.differ(kind, "파일의 내용이 다릅니다", where, path.name, file.file.name)


# -- Pictures in bodies ----------------------------------------------------------------------------
def check_inline_files(proof: Proof) -> Iterator[int]:
    """Files that bodies show: at each address of the body stands the same file as before."""
    if proof.files is None:
        return
    for name, _row, board in proof.boards():
        if not proof.there.has(f"write_{name}"):
            continue
        for batch in proof.there.rows(f"write_{name}"):
            named = {
                key_number(row["wr_id"]): row
                for row in batch
                if "/data/" in row.get("wr_content", "") and not integer(row, "wr_is_comment")
            }
            bodies = PostBody.objects.filter(post__board=board, post__number__in=named)
            for body in bodies.select_related("post") if named else ():
                _compare_body(proof, f"{name}/{body.post.number}", named[body.post.number], body)
            yield len(batch)


def _compare_body(proof: Proof, where: str, row: Found, body: PostBody) -> None:
    find, why = proof.findings, EDITED if body.post.edited_at else ""
    is_html = "html" in row.get("wr_option", "")
    here = addresses_in(body.source)
    for place, path in old_files_in(plain(row["wr_content"])) if is_html else ():
        there = find_file(proof, *path.split("/"))
        find.count(INLINE, there=1)
        pk = new_file(here[place]) if place < len(here) else 0
        file = Attachment.objects.filter(pk=pk, post=body.post).first() if pk else None
        if file is not None and there is not None:
            find.count(INLINE, here=1)
            compare_bytes(proof, INLINE, f"{where} {path}", there, file)
        else:
            find.differ(
                INLINE, "파일이 없습니다", where, path, pk or "", NO_FILE if there is None else why
            )


# -- Pictures of members ---------------------------------------------------------------------------
def check_member_pictures(proof: Proof) -> Iterator[int]:
    if proof.files is None:
        return
    for batch in proof.there.rows("member"):
        names = [row["mb_id"].lower() for row in batch]
        ids = proof.here.members.of(names)
        members = Member.objects.in_bulk(ids.values())
        for name in names:
            path = find_file(proof, "member_image", name[:2], f"{name}.gif")
            # A member with only an icon (회원아이콘) has that as their picture here.
            path = path or find_file(proof, "member", name[:2], f"{name}.gif")
            member = members.get(ids.get(name, 0))
            if path is not None and member is not None:
                _compare_picture(proof, name, path, member)
        yield len(batch)


def _compare_picture(proof: Proof, name: str, path: Path, member: Member) -> None:
    find = proof.findings
    find.count(PICTURES, there=1, here=bool(member.picture))
    why = ANOTHER if proof.here.has_logged_in(member.pk) else ""
    try:
        with path.open("rb") as opened:
            made = sha256(square(opened))
    except NotAPicture:
        find.differ(PICTURES, "사진이 없습니다", name, path.name, "", NO_PICTURE)
        return
    stored = digest_stored(member.picture) if member.picture else None
    if stored is None:
        find.differ(PICTURES, "사진이 없습니다", name, path.name, "", why)
    elif stored != made:
        find.differ(PICTURES, "사진이 다릅니다", name, path.name, member.picture.name, why)


# -- Bytes -----------------------------------------------------------------------------------------
def find_file(proof: Proof, *parts: str) -> Path | None:
    return proof.files.find(*parts) if proof.files else None


def _digest(opened: IO[bytes]) -> str:
    digest = hashlib.sha256()
    opened.seek(0)
    while piece := opened.read(PIECE):
        digest.update(piece)
    return digest.hexdigest()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def digest_stored(file) -> str | None:
    """Of a stored file; None where the storage does not have it."""
    try:
        with file.storage.open(file.name, "rb") as opened:
            return _digest(opened)
    except OSError:
        return None


def _digest_of(file: Attachment) -> str | None:
    return digest_stored(file.file)


def _without_backslashes(text: str) -> str:
    """gnuboard5 escapes descriptions once more than it should."""
    for sign in "'\"\\":
        text = text.replace(f"\\{sign}", f"\0{sign}")
    return text.replace("\0", "")


def _key(row: Found) -> str:
    return f"{row['wr_id']}/{row['bf_no']}"
