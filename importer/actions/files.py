"""Attachments, pictures in bodies, and pictures of members."""

import re
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.core.files.base import ContentFile, File
from django.db import transaction

from accounts.models import Member
from accounts.pictures import NotAPicture, square
from boards.actions.files import count_files, delete_file, keep_file
from boards.models import Attachment, Board, Post, PostBody
from importer.actions.building_posts import source_of
from importer.actions.importing import Importing
from importer.actions.kept import Kept
from importer.actions.ledger import Batch, Ledger, in_batches, note_here, remember
from importer.actions.lines import in_line
from importer.actions.posts import POST
from importer.models import Imported, Kind, known, pks, slug_key
from importer.reading.addresses import Old, board_slug
from importer.reading.bodies import files_in, hosts_of_files, rewritten
from importer.reading.cleaning import rendered
from importer.reading.files import OldFiles
from importer.reading.site import OldSite
from importer.reading.staging import Found
from importer.reading.values import count, moment, plain

BATCH = 20  # files of one transaction: each takes time to decode
LONGEST_DESCRIPTION = 200


def _remove(files: list[Attachment]) -> None:
    posts = {file.post for file in files if file.post is not None}
    for file in files:
        delete_file(file)
    for post in posts:
        count_files(post)


FILE = Kept(
    Kind.FILE,
    Attachment,
    key=lambda row: f"{row['wr_id']}/{row['bf_no']}",
    in_board=True,
    columns=("name", "description"),
    counter="bf_download",
    counts=("download_count",),
    remove=_remove,
    loads=("post",),
)
BODY = Kept(Kind.BODY, PostBody, key=lambda row: row["wr_id"], in_board=True, is_note=True)


def import_files(old: OldSite, files: OldFiles) -> Iterator[int]:
    """Attachments with their names, descriptions and downloads; yields how many rows were looked at."""
    importing, ledger = Importing.of(old), Ledger(old, FILE)
    rows = old.rows("board_file", order="bo_table, CAST(wr_id AS INTEGER), CAST(bf_no AS INTEGER)")
    for batch in in_batches(rows, BATCH):
        found = [row for row in batch if row["bo_table"] in importing.boards and row.get("bf_file")]
        with transaction.atomic():
            sorted_out = ledger.sort_out(found)
            replaced = _replaced(sorted_out)
            _attach(importing, ledger, files, sorted_out.new + replaced)
            ledger.update(sorted_out, _described)
        yield len(batch)


def _described(row: Found, here: Attachment) -> Attachment:
    """A file whose description has changed."""
    return Attachment(name=here.name, description=_description(row))


def _replaced(batch: Batch) -> list[Found]:
    """The rows whose file is another one now. The file that was imported before is deleted."""
    replaced = []
    for row, imported in batch.changed:
        path = slug_key(f"file/{row['bo_table']}/{row['bf_file']}")
        if not Imported.objects.filter(kind=Kind.PATH, old=path, new=imported.new).exists():
            _remove(list(Attachment.objects.filter(pk=imported.new).select_related("post")))
            imported.delete()
            replaced.append(row)
    batch.changed = [(row, each) for row, each in batch.changed if row not in replaced]
    return replaced


def _attach(importing: Importing, ledger: Ledger, files: OldFiles, rows: list[Found]) -> None:
    keys = importing.posts(rows)
    posts = Post.objects.in_bulk(keys.values())
    kept = []
    for row in rows:
        pk = keys.get((row["bo_table"], row["wr_id"]))
        path = files.find("file", row["bo_table"], row["bf_file"])
        if pk is None or path is None:
            if pk is not None:
                importing.old.note("없는 파일", f"file/{row['bo_table']}/{row['bf_file']}")
            continue
        post = posts[pk]
        attachment = keep_old_file(path, plain(row.get("bf_source", "")) or path.name, post)
        attachment.download_count = count(row, "bf_download")
        attachment.description = _description(row)
        attachment.created_at = moment(row.get("bf_datetime", "")) or post.created_at
        attachment.save()
        kept.append((row, attachment))
    for post in {each.post for _row, each in kept if each.post}:
        count_files(post)
    ledger.remember(kept)
    remember_paths((f"file/{row['bo_table']}/{row['bf_file']}", each) for row, each in kept)


def _description(row: Found) -> str:
    return _unquoted(plain(row.get("bf_content", "")))[:LONGEST_DESCRIPTION]


def keep_old_file(path: Path, name: str, post: Post, *, is_inline: bool = False) -> Attachment:
    with path.open("rb") as opened:
        upload = File(opened, name=name)
        attachment = keep_file(uploader=post.author, upload=upload, is_inline=is_inline)
    attachment.post = post
    return attachment


def remember_paths(paths: Iterable[tuple[str, Attachment]]) -> None:
    """Addresses of files in old bodies and on other sites."""
    Imported.objects.bulk_create(
        (
            Imported(kind=Kind.PATH, old=slug_key(path), new=each.pk, digest=0)
            for path, each in paths
        ),
        ignore_conflicts=True,  # one that several posts show
    )


# -- Bodies ----------------------------------------------------------------------------------------
def import_pictures_of_bodies(old: OldSite, files: OldFiles) -> Iterator[int]:
    """Stores the files that bodies show, and gives files and links to the site itself their new addresses;
    yields how many posts were looked at."""
    importing, ledger = Importing.of(old), Ledger(old, BODY)
    hosts = own_hosts(old)
    for rows in in_line(old, is_comment=False):
        wanted = [row for row in rows if _has_addresses(row)]
        batch = ledger.sort_out(wanted)
        for row in [*batch.new, *(row for row, _imported in batch.changed)]:
            with transaction.atomic():
                _rewrite(ledger, files, importing.board(row), row, hosts)
        yield len(rows)


def _has_addresses(row: Found) -> bool:
    source, format = source_of(row)
    return format == PostBody.Format.HTML and has_addresses(source)


def has_addresses(source: str) -> bool:
    """Whether a text may show files of the site or link to it."""
    return re.search(r"/(?:data|bbs)/", source) is not None


def _rewrite(ledger: Ledger, files: OldFiles, board: Board, row: Found, hosts: set[str]) -> None:
    source, _format = source_of(row)
    entry = Imported.objects.filter(kind=Kind.POST, board=board.pk, old=row["wr_id"])
    found = Post.objects.filter(pk__in=entry.values("new")).select_related("body")
    post = found.first()
    if post is None:
        return
    if rewrite_body(ledger.old, files, post, source, hosts):
        note_here(POST, row["wr_id"], post, board=board.pk)
    ledger.note(row, post.pk)


def rewrite_body(old: OldSite, files: OldFiles, post: Post, source: str, hosts: set[str]) -> bool:
    """Gives what the body shows and links to its new addresses. False if it is no longer `source`, because
    somebody has edited it here."""
    if post.body.source != source:
        return False
    addresses = _addresses(old, files, post, source)
    post.body.source = rewritten(source, addresses.get, page_address, hosts)
    post.body.html = rendered(post.body.source, post.body.format)
    post.body.save(update_fields=["source", "html"])
    count_files(post)
    return True


def _addresses(old: OldSite, files: OldFiles, post: Post, source: str) -> dict[str, str]:
    """The new address of each file of the site that the body names."""
    found, stored = {}, []
    for path in sorted(files_in(source)):
        known_path = Imported.objects.filter(kind=Kind.PATH, old=slug_key(path))
        attachment = post.attachments.filter(pk__in=known_path.values("new")).first()
        if attachment is None:
            there = files.find(*path.split("/"))
            if there is None:
                old.note("없는 파일", path)
                continue
            attachment = keep_old_file(there, there.name, post, is_inline=True)
            attachment.created_at = post.created_at
            attachment.save()
            stored.append((path, attachment))
        found[path] = attachment.url
    remember_paths(stored)
    return found


def page_address(asked: Old) -> str | None:
    """Links between posts; all other addresses are answered by redirects."""
    if asked.kind == "post":
        return f"/{board_slug(asked.board)}/{asked.number}/"
    return f"/{board_slug(asked.board)}/" if asked.kind == "list" and not asked.words else None


def own_hosts(old: OldSite) -> set[str]:
    """The hosts under which the bodies show the site's own files."""
    hosts: set[str] = set()
    for board in old.rows("board"):
        rows = old.rows(
            old.write_table(board),
            where="wr_content LIKE '%/data/editor/%'",
            order="wr_id LIMIT 200",
        )
        for row in rows:
            hosts |= hosts_of_files(row["wr_content"])
    return hosts


# -- Members ---------------------------------------------------------------------------------------
def import_pictures_of_members(old: OldSite, files: OldFiles) -> Iterator[int]:
    """Profile pictures of members who have none here, or else their icons; once, so that a picture that is
    deleted here does not return. Yields how many members were looked at."""
    for name, pk in pks(Kind.MEMBER).items():
        path = files.find("member_image", name[:2], f"{name}.gif")
        path = path or files.find("member", name[:2], f"{name}.gif")
        if path and not known(Kind.PICTURE, [name]):
            member = Member.objects.filter(pk=pk, left_at=None).first()
            if member and not member.picture:
                _give_picture(old, member, path)
            remember(Kind.PICTURE, [(name, pk, {})])
        yield 1


def _give_picture(old: OldSite, member: Member, path: Path) -> None:
    try:
        with path.open("rb") as file:
            content = square(file)
    except NotAPicture:
        old.note("읽을 수 없는 사진", "/".join(path.parts[-3:]))
    else:
        member.picture.save(f"{secrets.token_hex(8)}.webp", ContentFile(content))


def _unquoted(text: str) -> str:
    """gnuboard5 stores descriptions with backslashes before quotes."""
    return re.sub(r"\\(['\"\\])", r"\1", text)
