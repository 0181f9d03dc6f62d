"""Removes the recording location from videos, and detects it in TIFF files. No database.

A video (MP4, MOV, M4A; ISO 14496-12) is a tree of boxes. The boxes that a player needs are known;
all others outside of the samples are overwritten: `udta` (`©xyz`, `loci`, GoPro's), `meta` (Apple's
`com.apple.quicktime.location.ISO6709`), `uuid` (XMP) and vendor extensions. Tracks other than video
and audio (`mebx`, `gpmd`, `camm`, and the subtitles of drones) contain locations too and are
overwritten with their samples. Every box keeps its size, so that no offset in the file changes.

The files are untrusted: the walk has limits for boxes, depth and entries, reads only headers and
tables, and refuses a file that it cannot parse. It cannot find what a vendor hides within the video
samples.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from django.core.files import File
from django.utils.translation import gettext_lazy as _

from boards.media.contents import Content
from boards.media.uploads import BadUpload

MAX_BOXES = 50_000  # a long fragmented video has some thousand
MAX_ENTRIES = 500_000  # in the tables of all removed tracks; enough for hours of sensor data
BLANK = bytes(64 * 1024)

# The allowed boxes by their parent; "" is the file itself. Other boxes are not descended into.
_KEPT = {
    b"": frozenset({b"ftyp", b"styp", b"moov", b"moof", b"mdat", b"sidx", b"ssix", b"mfra"}),
    b"moov": frozenset({b"mvhd", b"trak", b"mvex", b"iods"}),
    b"trak": frozenset({b"tkhd", b"edts", b"mdia", b"tref", b"tapt", b"load"}),
    b"mdia": frozenset({b"mdhd", b"hdlr", b"minf", b"elng"}),
    b"minf": frozenset(
        {b"vmhd", b"smhd", b"hmhd", b"nmhd", b"sthd", b"gmhd", b"hdlr", b"dinf", b"stbl"}
    ),
    b"moof": frozenset({b"mfhd", b"traf"}),
}
_PLAYED = frozenset({b"vide", b"soun", b"clcp", b"tmcd", b"auxv"})
# The first box of a video of any brand, and of a QuickTime video, which may have no brand. Ordinary
# text may contain the last three words, but it does not begin with a zero byte.
_FIRST = frozenset({b"ftyp", b"moov", b"mdat", b"pnot"})
_FIRST_AFTER_ZERO = frozenset({b"wide", b"free", b"skip"})

CANNOT = _("동영상에서 촬영 위치를 지울 수 없어 받지 않습니다. MP4로 다시 저장해서 올려 주세요.")
HAS_PLACE = _("촬영 위치가 든 사진입니다. 위치를 지우거나 JPEG로 바꾸어 다시 올려 주세요.")
CANNOT_READ = _("촬영 위치가 들었는지 알 수 없는 사진입니다. JPEG나 PNG로 바꾸어 다시 올려 주세요.")


class Unreadable(ValueError):
    """The file is malformed, or its tree is too large."""


class Box(NamedTuple):
    kind: bytes
    start: int
    content: int  # offset of the content
    end: int


@dataclass
class _Film:
    file: File
    size: int
    boxes: int = 0
    entries: int = 0
    is_in_fragments: bool = False
    has_head: bool = False  # whether there is a moov box, the list of tracks

    def read(self, at: int, count: int) -> bytes:
        self.file.seek(at)
        found = self.file.read(count)
        if len(found) != count:
            raise Unreadable
        return found

    def inside(self, start: int, end: int) -> Iterator[Box]:
        """The boxes from `start` to `end`. Raises Unreadable if one exceeds these bounds."""
        while start < end:
            self.boxes += 1
            if self.boxes > MAX_BOXES:
                raise Unreadable
            if end - start < 8:
                if start + 4 == end and self.read(start, 4) == bytes(4):
                    return  # QuickTime ends a list of boxes this way
                raise Unreadable
            head = self.read(start, 8)
            size, kind, content = int.from_bytes(head[:4], "big"), head[4:], start + 8
            if size == 1:
                size, content = int.from_bytes(self.read(start + 8, 8), "big"), start + 16
            elif size == 0 and end == self.size:
                size = end - start
            if start + size > end and kind == b"mdat" and end == self.size:
                size = end - start  # truncated in the middle of the video
            if start + size > end or start + size < content:
                raise Unreadable
            yield Box(kind, start, content, start + size)
            start += size

    def gone(self) -> list[tuple[int, int, int]]:
        """(start, content, end) of each range to overwrite: a box with its header, or samples
        without one."""
        boxes, rest = [], self.size
        try:
            for box in self.inside(0, self.size):
                boxes.append(box)
        except Unreadable:
            rest = boxes[-1].end if boxes else 0  # trailing data is not part of the video
        self.has_head = any(box.kind == b"moov" for box in boxes)
        self.is_in_fragments = any(box.kind == b"moof" for box in boxes)
        found = [(rest, rest, self.size)] if rest < self.size else []
        for box in boxes:
            found += self._superfluous(b"", box)
        return found

    def _superfluous(self, around: bytes, box: Box) -> Iterator[tuple[int, int, int]]:
        if box.kind == b"cmov":
            raise Unreadable  # a compressed header, obsolete, whose content cannot be checked
        if box.kind not in _KEPT[around]:
            yield box.start, box.content, box.end
        elif box.kind == b"trak" and not self._is_played(box):
            if self.is_in_fragments:
                raise Unreadable  # its samples may overlap those of the other tracks
            yield box.start, box.content, box.end
            yield from ((at, at, at + size) for at, size in self._samples(box))
        elif box.kind in _KEPT:
            for each in self.inside(box.content, box.end):
                yield from self._superfluous(box.kind, each)

    def find(self, box: Box, *path: bytes) -> Box | None:
        for kind in path:
            inside = self.inside(box.content, box.end)
            found = next((each for each in inside if each.kind == kind), None)
            if found is None:
                return None
            box = found
        return box

    def _is_played(self, track: Box) -> bool:
        handler = self.find(track, b"mdia", b"hdlr")
        return handler is not None and self.read(handler.content + 8, 4) in _PLAYED

    def _samples(self, track: Box) -> Iterator[tuple[int, int]]:
        """The position of the samples of a track: (offset, bytes) of each chunk."""
        table = self.find(track, b"mdia", b"minf", b"stbl")
        if table is None:
            return
        boxes = {box.kind: box for box in self.inside(table.content, table.end)}
        if b"stsz" not in boxes or b"stsc" not in boxes or not boxes.keys() & {b"stco", b"co64"}:
            raise Unreadable
        offsets = self._numbers(boxes[b"stco"], 4) if b"stco" in boxes else None
        offsets = self._numbers(boxes[b"co64"], 8) if offsets is None else offsets
        runs = self._numbers(boxes[b"stsc"], 4, each=3)  # (first chunk, samples per chunk, …)
        same, count = self._pair(boxes[b"stsz"])
        sizes = [] if same else self._numbers(boxes[b"stsz"], 4, skip=4)
        firsts, per_chunk = runs[::3], runs[1::3]
        sample, run = 0, -1
        for chunk, offset in enumerate(offsets, 1):
            while run + 1 < len(firsts) and firsts[run + 1] <= chunk:
                run += 1
            if run < 0:
                raise Unreadable
            samples = min(per_chunk[run], count - sample)
            length = same * samples if same else sum(sizes[sample : sample + samples])
            if offset + length > self.size:
                raise Unreadable
            sample += samples
            yield offset, length
        if sample < count:
            raise Unreadable

    def _pair(self, box: Box) -> tuple[int, int]:
        head = self.read(box.content + 4, 8)
        return int.from_bytes(head[:4], "big"), int.from_bytes(head[4:], "big")

    def _numbers(self, box: Box, width: int, *, each: int = 1, skip: int = 0) -> list[int]:
        """The entries of a table: a version, `skip` bytes, a count, then `each` numbers per entry."""
        at = box.content + 4 + skip
        count = int.from_bytes(self.read(at, 4), "big")
        self.entries += count * each
        if self.entries > MAX_ENTRIES or at + 4 + count * each * width > box.end:
            raise Unreadable
        table = self.read(at + 4, count * each * width)
        return [
            int.from_bytes(table[place : place + width], "big")
            for place in range(0, len(table), width)
        ]


def take_out_location(upload: File, content: Content | None) -> None:
    """Overwrites the recording location in `upload`.

    Raises BadUpload if that is impossible, and for photo formats that the site does not rewrite
    (TIFF, DNG and most raw formats) if they contain a location or cannot be parsed.
    """
    if content is not None and content.extension in ("mp4", "m4a"):
        _blank_film(upload)
    elif content is None:
        upload.seek(0)
        head = upload.read(16)
        if head[4:12] == b"ftypcrx ":  # a raw photo in an ISO media container
            raise BadUpload(CANNOT_READ)
        if head[4:8] in _FIRST or (head[:1] == b"\0" and head[4:8] in _FIRST_AFTER_ZERO):
            _blank_film(upload, must_be_film=True)
        else:
            _refuse_tiff(upload, head)
    upload.seek(0)


def _blank_film(upload: File, *, must_be_film: bool = False) -> None:
    """`must_be_film`: the brand is not that of a video, so it may be a photo with Exif data in
    `mdat`."""
    film = _Film(upload, upload.size)
    try:
        gone = film.gone()
    except Unreadable as problem:
        raise BadUpload(CANNOT) from problem
    if must_be_film and not film.has_head:
        raise BadUpload(CANNOT_READ)
    if sum(end - content for _start, content, end in gone) > film.size:
        raise BadUpload(CANNOT)  # overlapping samples
    for start, content, end in gone:
        if start < content:
            upload.seek(start + 4)
            upload.write(b"free")
        upload.seek(content)
        for at in range(content, end, len(BLANK)):
            upload.write(BLANK[: end - at])


# -- TIFF ------------------------------------------------------------------------------------------
MAX_DIRECTORIES = 64
MAX_FIELDS = 2_000  # per directory
MAX_XMP = 1024 * 1024  # bytes to search
_SUB_DIRECTORIES = {0x014A, 0x8769}  # SubIFDs, Exif
_GPS, _XMP = 0x8825, 0x02BC
_WIDTHS = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}


def _refuse_tiff(upload: File, head: bytes) -> None:
    if head.startswith((b"II+\0", b"MM\0+", b"IIRO", b"IIRS", b"IIU\0", b"FUJIFILMCCD-RAW")):
        raise BadUpload(CANNOT_READ)
    if not head.startswith((b"II*\0", b"MM\0*")):
        return
    try:
        if _tells_place(upload, "little" if head.startswith(b"II") else "big"):
            raise BadUpload(HAS_PLACE)
    except Unreadable as problem:
        raise BadUpload(CANNOT_READ) from problem


def _tells_place(upload: File, order: Literal["little", "big"]) -> bool:
    def read(at: int, count: int) -> bytes:
        if at + count > upload.size:
            raise Unreadable
        upload.seek(at)
        return upload.read(count)

    def number(of: bytes) -> int:
        return int.from_bytes(of, order)

    waiting, seen = [number(read(4, 4))], set()
    while waiting:
        at = waiting.pop()
        if not at or at in seen:
            continue
        seen.add(at)
        if len(seen) > MAX_DIRECTORIES:
            raise Unreadable
        count = number(read(at, 2))
        if count > MAX_FIELDS:
            raise Unreadable
        fields = read(at + 2, 12 * count)
        for place in range(0, len(fields), 12):
            field = fields[place : place + 12]
            tag, kind, values = number(field[:2]), number(field[2:4]), number(field[4:8])
            if tag == _GPS:
                return True
            width = _WIDTHS.get(kind, 1) * values
            if tag == _XMP:
                if width > MAX_XMP:
                    raise Unreadable
                if b"GPS" in (field[8:] if width <= 4 else read(number(field[8:]), width)):
                    return True
            elif tag in _SUB_DIRECTORIES:
                if values > MAX_DIRECTORIES:
                    raise Unreadable
                table = field[8:] if width <= 4 else read(number(field[8:]), 4 * values)
                waiting += [number(table[each : each + 4]) for each in range(0, len(table), 4)]
        waiting.append(number(read(at + 2 + 12 * count, 4)))
    return False
