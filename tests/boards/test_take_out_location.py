"""Stored videos and photos do not contain the location where they were recorded."""

import contextlib
import random
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile

from boards.actions.files import store_file
from boards.media.contents import content_of
from boards.media.locations import take_out_location
from boards.media.uploads import BadUpload

pytestmark = pytest.mark.any_database

PLACE = b"+37.5665+126.9780/"
FTYP = b"ftyp", b"qt  \0\0\0\0qt  "


def box(kind: bytes, *content: bytes) -> bytes:
    inside = b"".join(content)
    return (8 + len(inside)).to_bytes(4, "big") + kind + inside


def table(kind: bytes, *numbers: int, each: int = 1, before: bytes = b"") -> bytes:
    count = (len(numbers) // each).to_bytes(4, "big")
    return box(kind, bytes(4), before, count, *(number.to_bytes(4, "big") for number in numbers))


def handler(kind: bytes) -> bytes:
    return box(b"hdlr", bytes(8), kind, bytes(13))


def track(kind: bytes, *more: bytes, tables: bytes = b"") -> bytes:
    media = box(b"mdia", box(b"mdhd", bytes(24)), handler(kind), box(b"minf", box(b"stbl", tables)))
    return box(b"trak", box(b"tkhd", bytes(84)), media, *more)


def movie(*inside: bytes, after: bytes = b"", samples: bytes = b"picture" * 9) -> bytes:
    """The samples start at byte 28."""
    moov = box(b"moov", box(b"mvhd", bytes(100)), *inside)
    return box(*FTYP) + box(b"mdat", samples) + moov + after


def upload(content: bytes, name: str = "film.mov") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def cleaned(content: bytes) -> bytes:
    file = upload(content)
    take_out_location(file, content_of(file))
    assert file.tell() == 0
    result = file.read()
    assert len(result) == len(content)
    return result


APPLE = box(
    b"meta",
    handler(b"mdta"),
    box(b"keys", bytes(8), b"mdtacom.apple.quicktime.location.ISO6709"),
    box(b"ilst", box(b"\0\0\0\1", box(b"data", bytes(8), PLACE))),
)


# -- videos ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "content",
    [
        movie(track(b"vide"), box(b"udta", box(b"\xa9xyz", b"\0\x12\x15\xc7", PLACE))),
        movie(track(b"vide"), box(b"udta", box(b"loci", bytes(6), PLACE), bytes(4))),
        movie(track(b"vide"), APPLE),
        movie(track(b"vide", box(b"udta", box(b"\xa9xyz", PLACE)))),
        movie(track(b"vide", APPLE)),
        movie(track(b"vide"), after=box(b"uuid", bytes(16), PLACE)),
        movie(track(b"vide"), box(b"gps ", PLACE)),
        movie(track(b"vide"), after=box(b"free", PLACE)),
        movie(track(b"vide"), after=PLACE),
        movie(track(b"vide"), after=box(b"moof", box(b"mfhd", bytes(8)), box(b"udta", PLACE))),
        movie(track(b"vide"), after=(1).to_bytes(4, "big") + b"uuid" + (34).to_bytes(8, "big") + PLACE),
        movie(track(b"vide"), after=bytes(4) + b"udta" + PLACE),
    ],
    ids=[
        *("udta xyz", "udta loci", "apple", "track udta", "track meta", "uuid", "gps", "free"),
        *("behind it", "moof", "64 bit", "to the end"),
    ],
)  # fmt: skip
def test_the_location_of_a_video_is_removed(content):
    """Attack case 110."""
    assert PLACE in content
    result = cleaned(content)
    assert PLACE not in result
    assert b"ISO6709" not in result
    assert b"picture" * 9 in result
    assert b"vide" in result


@pytest.mark.parametrize(
    "first",
    [
        *(b"3gp4", b"3gp5", b"3g2a", b"XAVC", b"iso8", b"f4v ", b"hvc1"),
        *(b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"),
    ],
)
@pytest.mark.parametrize("name", ["film.3gp", "film.mp4"])
def test_the_location_of_a_video_of_any_brand_is_removed(first, name):
    """Attack case 110."""
    moov = box(b"moov", track(b"vide"), box(b"udta", box(b"\xa9xyz", PLACE)))
    if first[:2] in (b"3g", b"XA", b"is", b"f4", b"hv"):
        content = box(b"ftyp", first, bytes(4), first) + moov
    else:
        content = moov if first == b"moov" else box(first, bytes(8)) + moov
    assert content_of(upload(content, name)) is None
    result = cleaned(content)
    assert PLACE not in result
    assert b"vide" in result


@pytest.mark.parametrize("brand", [b"mif1", b"avci", b"jpeg"])
def test_a_photo_in_the_boxes_of_a_video_is_refused(brand):
    """Attack case 110: its Exif lies in mdat."""
    content = box(b"ftyp", brand, bytes(4), brand) + box(b"meta", bytes(9)) + box(b"mdat", PLACE)
    with pytest.raises(BadUpload, match="알 수 없는 사진"):
        cleaned(content)


def test_a_text_that_contains_free_is_no_video():
    for content in (b"The free software that", b"Now skip the rest"):
        assert cleaned(content) == content


def test_boxes_that_a_player_needs_stay_unchanged():
    content = movie(track(b"vide", box(b"edts", b"x" * 20)), track(b"soun"), track(b"clcp"))
    assert cleaned(content) == content


@pytest.mark.parametrize("kind", [b"meta", b"text", b"sbtl", b"subt"])
def test_tracks_with_locations_are_removed_with_their_samples(kind):
    samples = b"picture" + PLACE + b"picture" + PLACE + b"picture"
    first, second = 28 + 7, 28 + 7 + len(PLACE) + 7
    tables = (
        table(b"stsz", len(PLACE), len(PLACE), before=bytes(4))
        + table(b"stsc", 1, 1, 1, each=3)
        + table(b"stco", first, second)
    )
    content = movie(track(b"vide"), track(kind, tables=tables), samples=samples)
    result = cleaned(content)
    assert PLACE not in result
    assert result.count(b"picture") == 3
    assert result.count(b"trak") == 1


def same_sized(size: int, count: int) -> bytes:
    return box(b"stsz", bytes(4), size.to_bytes(4, "big"), count.to_bytes(4, "big"))


STSC = table(b"stsc", 1, 1, 1, each=3)


@pytest.mark.parametrize(
    "content",
    [
        movie((4_000_000).to_bytes(4, "big") + b"trak"),  # longer than its parent
        movie(b"\0\0\0\4trak"),  # shorter than its header
        movie(b"\0\0\0\1trak" + b"\xff" * 8),
        movie(b"trak"),
        movie(box(b"cmov", b"zlib")),
        movie(track(b"meta", tables=b"")),  # samples at unknown offsets
        movie(track(b"meta", tables=same_sized(9, 2**31) + STSC + table(b"stco", 1))),
        movie(track(b"meta", tables=same_sized(9, 1) + STSC + table(b"stco", 2**31))),
        movie(track(b"meta", tables=same_sized(9, 1) + STSC + box(b"stco", bytes(4), b"\xff" * 4))),
        movie(track(b"meta", tables=same_sized(99, 90) + STSC + table(b"stco", *[28] * 90))),
        movie(track(b"camm"), after=box(b"moof", box(b"mfhd", bytes(8)))),
    ],
    ids=[
        *("too long", "too short", "64 bit", "no head", "compressed", "no tables", "no samples"),
        *("outside", "endless table", "over each other", "in fragments"),
    ],
)  # fmt: skip
def test_a_video_with_invalid_structure_is_refused(content):
    with pytest.raises(BadUpload, match="촬영 위치"):
        cleaned(content)


def test_a_video_of_a_hundred_thousand_boxes_is_refused_quickly():
    """Attack case 111."""
    for inside in (b"\0\0\0\x08trak" * 100_000, b"\0\0\0\x08free" * 100_000):
        content = movie(inside)
        started = time.thread_time()
        with pytest.raises(BadUpload):
            cleaned(content)
        assert time.thread_time() - started < 10
    deep = b""
    for _ in range(2_000):
        deep = box(b"moov", deep)
    cleaned(box(*FTYP) + deep)  # the parser opens no box where its kind does not belong


def test_the_parser_ends_for_any_bytes():
    """Attack case 111: a thousand videos with changed bytes."""
    tables = table(b"stsz", 4, 4, before=bytes(4)) + STSC + table(b"stco", 28, 32)
    content = movie(track(b"vide", APPLE), track(b"meta", tables=tables), box(b"udta", PLACE))
    chance = random.Random(110)
    for _ in range(1_000):
        turned = bytearray(content)
        for _each in range(chance.randint(1, 6)):
            turned[chance.randrange(20, len(turned))] = chance.choice((0, 1, 7, 8, 127, 255))
        with contextlib.suppress(BadUpload):
            cleaned(bytes(turned))


def test_a_truncated_video_is_stored():
    content = box(*FTYP) + box(b"moov", track(b"vide")) + b"\0\1\0\0mdat" + b"picture"
    assert cleaned(content) == content


@pytest.mark.django_db
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # moved away
@pytest.mark.parametrize("kind", ["in memory", "on disk"])
def test_a_video_is_stored_without_its_location(minji, kind):
    content = movie(track(b"vide"), APPLE)
    file = upload(content)
    if kind == "on disk":
        file = TemporaryUploadedFile("film.mov", "video/quicktime", len(content), None)
        file.write(content)
        file.seek(0)
    stored = store_file(uploader=minji, upload=file, limit=10**6)
    assert (stored.kind, stored.size) == ("video", len(content))
    with stored.file.open("rb") as kept:
        assert PLACE not in kept.read()


# -- TIFF and raw photos ---------------------------------------------------------------------------
def tiff(*fields: tuple[int, int, int, int], order: str = "little", after: bytes = b"") -> bytes:
    """Return a TIFF with one directory at byte 8; the data behind it begin at 14 + 12 * fields."""

    def number(value: int, width: int) -> bytes:
        return value.to_bytes(width, order)

    head = (b"II*\0" if order == "little" else b"MM\0*") + number(8, 4)
    entries = b"".join(
        number(tag, 2) + number(kind, 2) + number(count, 4) + number(value, 4)
        for tag, kind, count, value in fields
    )
    return head + number(len(fields), 2) + entries + bytes(4) + after


WIDTH = (0x0100, 3, 1, 60)


@pytest.mark.parametrize(
    "content",
    [
        tiff(WIDTH, (0x8825, 4, 1, 40)),
        tiff(WIDTH, (0x8825, 4, 1, 40), order="big"),
        tiff((0x014A, 4, 1, 26), after=b"\1\0" + tiff((0x8825, 4, 1, 8))[10:]),
        tiff((0x02BC, 1, 27, 26), after=b"<exif:GPSLatitude>37.5665</"),
    ],
    ids=["small", "big", "below", "xmp"],
)
@pytest.mark.parametrize("name", ["photo.tif", "IMG_0001.DNG"])
def test_a_tiff_with_its_location_is_refused(content, name):
    """Attack case 110."""
    with pytest.raises(BadUpload, match="촬영 위치가 든 사진"):
        take_out_location(upload(content, name), None)


def test_a_tiff_without_location_is_stored():
    for order in ("little", "big"):
        assert cleaned(tiff(WIDTH, order=order))


@pytest.mark.parametrize(
    "content",
    [
        b"II*\0\xff\xff\xff\x7f",
        b"II*\0\x08\0\0\0\xff\xff",
        tiff((0x02BC, 1, 2**31, 26)),
        tiff((0x014A, 4, 2**31, 26)),
        b"II+\0" + bytes(20),
        b"FUJIFILMCCD-RAW ",
        box(b"ftyp", b"crx \0\0\0\1"),
    ],
)
def test_an_unreadable_tiff_is_refused(content):
    with pytest.raises(BadUpload, match="알 수 없는 사진"):
        cleaned(content)


def test_a_cycle_of_directories_ends():
    content = tiff(WIDTH)[:-4] + (8).to_bytes(4, "little")
    assert cleaned(content) == content


def test_the_form_explains_the_refusal(as_minji, board):
    assert "사진과 동영상의 촬영 위치는 지웁니다." in as_minji.get("/free/write/").text
