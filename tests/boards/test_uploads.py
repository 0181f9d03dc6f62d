"""Hostile pictures and files: attack cases 46, 56, 57, 58, 59, 60, 61 and 63."""

import io
import os
import re
import struct
import subprocess
import sys
import time
import tracemalloc
import unicodedata
import zlib

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageCms, ImageSequence
from PIL.JpegImagePlugin import JpegImageFile

from boards.media import uploads
from boards.media.contents import MEDIA_TYPES, Content, content_of
from boards.media.uploads import BadUpload, check_file, clean_name, extension_of, read_picture
from boardsite.limits import decoding

SEOUL = {1: "N", 2: (37.0, 33.0, 58.0), 3: "E", 4: (126.0, 58.0, 41.0)}


def upload(content, name="photo.jpg"):
    return SimpleUploadedFile(name, content, content_type="image/png")


def picture(width=40, height=30, mode="RGB", colour=None, kind="JPEG", **options):
    file = io.BytesIO()
    Image.new(mode, (width, height), colour).save(file, kind, **options)
    return file.getvalue()


def moving(kind, frames=3, size=(20, 10), **options):
    pictures = [Image.new("RGB", size, (n % 256, n // 256, 90)) for n in range(frames)]
    file = io.BytesIO()
    pictures[0].save(file, kind, save_all=True, append_images=pictures[1:], duration=70, **options)
    return file.getvalue()


def opened(content):
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def phone_photo(orientation=6):
    """80 × 40, left half red, photographed with the phone turned, in Seoul."""
    image = Image.new("RGB", (80, 40), "blue")
    image.paste("red", (0, 0, 40, 40))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Samsung"
    exif.get_ifd(0x8825).update(SEOUL)
    file = io.BytesIO()
    image.save(file, "JPEG", exif=exif, quality=95)
    return file.getvalue()


def huge_png(side):
    """Return a black square with one bit per pixel: about 50 kB at 20,000²."""

    def chunk(name, body):
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    rows = zlib.compressobj(9)
    body = b"".join(rows.compress(bytes(1 + side // 8)) for _row in range(side)) + rows.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )


# Pictures


def test_a_photo_becomes_webp_with_a_thumbnail():
    result = read_picture(upload(picture(4000, 3000, colour="teal")))
    assert (result.extension, result.is_animated) == ("webp", False)
    assert (result.width, result.height) == opened(result.content).size == (1920, 1440)
    assert opened(result.thumb).size == (480, 360)
    assert opened(result.thumb).format == opened(result.content).format == "WEBP"


def test_a_small_picture_is_not_enlarged():
    assert opened(read_picture(upload(picture(40, 30))).content).size == (40, 30)


def test_orientation_is_applied_and_the_location_removed():
    """Case 59."""
    source = phone_photo()
    assert Image.open(io.BytesIO(source)).getexif().get_ifd(0x8825)
    result = read_picture(upload(source))
    image = opened(result.content).convert("RGB")
    assert image.size == (result.width, result.height) == (40, 80)
    assert image.getpixel((20, 10))[0] > 200  # red is on top now
    assert image.getpixel((20, 70))[2] > 200
    for content in (result.content, result.thumb):
        assert not opened(content).getexif()
        assert b"Exif" not in content
        assert b"Samsung" not in content


@pytest.mark.parametrize("orientation", [0, 3, 8, 9, 65_535])
def test_any_orientation_value_is_accepted(orientation):
    assert read_picture(upload(phone_photo(orientation))).width in (40, 80)


def test_a_photo_with_broken_exif_is_accepted():
    source = picture(exif=b"Exif\x00\x00" + b"\xff" * 40)
    assert read_picture(upload(source)).width == 40


def test_comments_and_colour_profiles_are_removed():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    source = picture(comment=b"home address", icc_profile=profile)
    result = read_picture(upload(source))
    assert b"home address" not in result.content
    assert "icc_profile" not in opened(result.content).info


def test_a_broken_colour_profile_does_not_break_the_picture():
    assert read_picture(upload(picture(icc_profile=b"nonsense" * 30))).width == 40


@pytest.mark.parametrize(
    ("mode", "colour", "kind"),
    [
        ("RGBA", (255, 0, 0, 0), "PNG"),
        ("LA", (90, 0), "PNG"),
        ("RGBA", (255, 0, 0, 0), "WEBP"),
    ],
)
def test_transparency_is_kept(mode, colour, kind):
    result = read_picture(upload(picture(mode=mode, colour=colour, kind=kind)))
    for content in (result.content, result.thumb):
        assert opened(content).convert("RGBA").getpixel((5, 5))[3] == 0


def test_transparency_of_a_palette_is_kept():
    source = picture(mode="P", colour=0, kind="GIF", transparency=0)
    image = opened(read_picture(upload(source)).content)
    assert image.convert("RGBA").getpixel((5, 5))[3] == 0


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("1", "PNG"), ("L", "JPEG"), ("P", "PNG"), ("I;16", "PNG"), ("CMYK", "JPEG"), ("RGB", "AVIF")],
)
def test_other_colour_modes_are_read(mode, kind):
    assert read_picture(upload(picture(mode=mode, kind=kind))).extension == "webp"


def test_a_multi_picture_file_of_a_phone_is_one_picture():
    file = io.BytesIO()
    first, second = Image.new("RGB", (40, 30), "red"), Image.new("RGB", (20, 15), "blue")
    first.save(file, "MPO", save_all=True, append_images=[second])
    result = read_picture(upload(file.getvalue()))
    assert (result.width, result.is_animated) == (40, False)


def test_a_tall_picture_stays_readable():
    """A webtoon of 720 × 9,000 would be 154 px wide if its height were limited to 1,920."""
    result = read_picture(upload(picture(720, 9000, colour="white")))
    assert (result.width, result.height) == (640, 8000)


def test_a_rotated_tall_picture_is_measured_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    result = read_picture(upload(picture(4000, 500, exif=exif)))
    assert (result.width, result.height) == (500, 4000)


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1)])
def test_pictures_of_one_pixel_width_are_accepted(size):
    assert read_picture(upload(picture(*size, kind="PNG"))).width >= 1


def heic(size=(40, 30), **options):
    pillow_heif = pytest.importorskip("pillow_heif")
    file = io.BytesIO()
    image = pillow_heif.from_pillow(Image.new("RGB", size, "teal"))
    image.save(file, quality=80, **options)
    return file.getvalue()


def test_an_iphone_s_photo_becomes_webp():
    result = read_picture(upload(heic((400, 300)), "IMG_0001.HEIC"))
    assert (result.extension, result.width, result.height) == ("webp", 400, 300)
    assert opened(result.content).format == "WEBP"
    assert opened(result.thumb).size == (480, 360)


def test_an_iphone_s_photo_is_rotated_and_loses_its_location():
    """Case 59."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Apple"
    exif.get_ifd(0x8825).update(SEOUL)
    image = Image.new("RGB", (80, 40), "blue")
    image.paste("red", (0, 0, 40, 40))
    pillow_heif = pytest.importorskip("pillow_heif")
    file = io.BytesIO()
    pillow_heif.from_pillow(image).save(file, quality=95, exif=exif.tobytes())
    result = read_picture(upload(file.getvalue(), "IMG_0002.heic"))
    picture = opened(result.content).convert("RGB")
    assert picture.size == (40, 80)
    assert picture.getpixel((20, 10))[0] > 200  # red is on top now
    for trace in (b"Exif", b"Apple"):
        assert trace not in result.content


def test_a_broken_or_too_large_iphone_photo_is_refused(monkeypatch):
    """Case 58."""
    source = heic((400, 300))
    for share in (0.3, 0.9):
        with pytest.raises(BadUpload, match="온전하지"):
            read_picture(upload(source[: int(len(source) * share)]))
    monkeypatch.setitem(decoding.MAX_PIXELS_OF, "HEIF", 100_000)
    with pytest.raises(BadUpload, match="화소"):
        read_picture(upload(source))


def test_without_the_library_an_iphone_s_photo_is_refused_with_a_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(BadUpload, match="HEIC 사진은 받지 못합니다"):
        read_picture(upload(b"\x00\x00\x00\x18ftypheic" + bytes(100), "IMG_0001.HEIC"))


def test_the_library_is_loaded_only_on_demand():
    code = "import sys, boards.media.uploads; sys.exit('pillow_heif' in sys.modules)"
    settings = {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    subprocess.run([sys.executable, "-c", code], check=True, env=os.environ | settings)


# Films and sounds

MEDIA = [
    (b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41", "video", "mp4"),
    (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", "video", "mp4"),
    (b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00qt  ", "video", "mp4"),
    (b"\x00\x00\x00\x1cftypM4V \x00\x00\x00\x00M4V mp42", "video", "mp4"),
    (b"\x00\x00\x00\x1cftypM4A \x00\x00\x02\x00isomiso2", "audio", "m4a"),
    (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm" + b"V_VP9 A_OPUS", "video", "webm"),
    (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm" + b"A_OPUS", "audio", "weba"),
    (b"OggS\x00\x02" + bytes(22) + b"OpusHead", "audio", "ogg"),
    (b"OggS\x00\x02" + bytes(22) + b"\x01vorbis", "audio", "ogg"),
    (b"RIFF\x24\x00\x00\x00WAVEfmt ", "audio", "wav"),
    (b"fLaC\x00\x00\x00\x22", "audio", "flac"),
    (b"ID3\x04\x00\x00\x00\x00\x00\x00", "audio", "mp3"),
    ((b"\xff\xfb\x90\x00" + bytes(413)) * 2, "audio", "mp3"),
]


@pytest.mark.parametrize(("content", "kind", "extension"), MEDIA)
def test_playable_files_are_recognised_by_their_content(content, kind, extension):
    for name in ("a.txt", "a.mp4", "a"):
        assert content_of(upload(content, name)) == Content(kind, extension)
    assert uploads.safe_content_type(extension) == MEDIA_TYPES[extension]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"ftyp",
        b"\x00\x00\x00\x20ftyp",
        b"\x00\x00\x00\x20ftypevil\x00\x00\x00\x00isom",
        b"\xff\xff\xff\xffftypxxxx" + b"isom" * 2_000,
        b"\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska",
        b"OggS\x00\x02" + bytes(22) + b"\x80theora",
        b"RIFF\x24\x00\x00\x00AVI LIST",
        b"\xff\xfb\x90\x00 no second frame",
        b"\xff\xfb\x00\x00" * 300,
        b"ID3<script>alert(1)</script>",
        b"<!doctype html><video src=x onerror=alert(1)>",
        b"#EXTM3U\nhttps://evil.test/",
        b"FWS\x09",
    ],
)
def test_files_that_resemble_them_are_ordinary_files(content):
    """Cases 46 and 60."""
    assert content_of(upload(content, "a.mp4")) is None


# Animations


def test_an_animated_gif_keeps_its_frames_and_loses_its_comment():
    source = moving("GIF", loop=0, comment=b"secret note") + b"<script>alert(1)</script>"
    result = read_picture(upload(source))
    assert (result.extension, result.is_animated, result.width) == ("gif", True, 20)
    assert b"secret" not in result.content
    assert b"script" not in result.content
    kept = Image.open(io.BytesIO(result.content))
    assert (kept.n_frames, kept.info["loop"], kept.info["duration"]) == (3, 0, 70)
    before = [frame.convert("RGB").tobytes() for frame in ImageSequence.Iterator(opened(source))]
    assert [frame.convert("RGB").tobytes() for frame in ImageSequence.Iterator(kept)] == before
    assert opened(result.thumb).size == (480, 360)


def test_an_animated_webp_keeps_its_frames_and_loses_its_location():
    exif = Image.Exif()
    exif.get_ifd(0x8825).update(SEOUL)
    source = moving("WEBP", loop=0, exif=exif, xmp=b"<x>secret</x>", lossless=True)
    result = read_picture(upload(source + b"<script>"))
    assert (result.extension, result.is_animated) == ("webp", True)
    assert (result.width, result.height) == (20, 10)
    for trace in (b"EXIF", b"secret", b"script"):
        assert trace not in result.content
    kept = Image.open(io.BytesIO(result.content))
    assert kept.n_frames == 3
    assert not kept.getexif()


def test_a_still_gif_becomes_webp():
    result = read_picture(upload(picture(kind="GIF") + b"<html>"))
    assert (result.extension, result.is_animated) == ("webp", False)
    assert b"html" not in result.content


def test_a_gif_without_its_end_mark_is_accepted():
    assert read_picture(upload(moving("GIF").removesuffix(b";"))).is_animated


# Refusals


def test_bombs_are_refused_before_they_are_decoded():
    """Case 58: 48 kB that decode to 400 megapixels."""
    bomb = huge_png(20_000)
    assert len(bomb) < 60_000
    tracemalloc.start()
    began = time.thread_time()
    with pytest.raises(BadUpload, match="화소"):
        read_picture(upload(bomb))
    assert time.thread_time() - began < 5
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_slightly_too_many_pixels_are_refused():
    with pytest.raises(BadUpload, match="1,600만 화소"):
        read_picture(upload(huge_png(4_008)))


def test_too_many_frames_are_refused():
    with pytest.raises(BadUpload, match="300장면"):
        read_picture(upload(moving("GIF", frames=301, size=(2, 2))))


def test_a_gif_of_10_000_frames_is_refused_quickly():
    gif = moving("GIF", frames=2, size=(2, 2))
    frame = gif[gif.rindex(b"\x21\xf9") : -1]
    began = time.thread_time()
    with pytest.raises(BadUpload, match="장면"):
        read_picture(upload(gif[:-1] + frame * 10_000 + b";"))
    assert time.thread_time() - began < 10


@pytest.mark.parametrize(
    "whole",
    [
        phone_photo(),
        picture(600, 400, kind="PNG"),
        picture(600, 400, kind="WEBP"),
        picture(600, 400, kind="GIF"),
        moving("GIF"),
        moving("WEBP"),
    ],
    ids=["jpeg", "png", "webp", "gif", "moving gif", "moving webp"],
)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_truncated_file_is_refused(whole, share):
    with pytest.raises(BadUpload, match="주세요"):
        read_picture(upload(whole[: int(len(whole) * share)]))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        b"GIF89a/*<script>alert(1)</script>*/",
        b"\xff\xd8\xff<html><script>alert(1)</script>",
        b"RIFF\x00\x00\x00\x00WEBPVP8X",
        b"RIFF\xff\xff\xff\xffWEBPVP8X\x0a\x00\x00\x00\x02" + bytes(9),
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"<!doctype html><script>alert(1)</script>",
        b"%PDF-1.7",
        b"MZ\x90\x00",
        b"\x00\x00\x00\x1cftypavif" + bytes(100),
        b"BM" + bytes(60),
    ],
)
def test_a_file_that_only_claims_to_be_a_picture_is_refused(content):
    """Cases 46 and 60: the name ends in .jpg and the header is image/png every time."""
    with pytest.raises(BadUpload, match="주세요"):
        read_picture(upload(content))


def test_the_content_decides_what_is_a_picture():
    assert read_picture(upload(picture(), "report.pdf")).extension == "webp"
    assert read_picture(ContentFile(moving("WEBP"), "a")).extension == "webp"


@pytest.mark.parametrize(
    ("size", "decoded_size", "stored_width"),
    [
        ((7000, 7000), (3500, 3500), 1920),
        ((4000, 3000), (2000, 1500), 1920),
        ((3000, 4000), (1500, 2000), 1440),
        ((6000, 1), (6000, 1), 1920),
    ],
)
def test_a_large_photo_is_decoded_at_a_fraction_of_its_size(
    size, decoded_size, stored_width, monkeypatch
):
    source, load, decoded = picture(*size, colour="teal"), JpegImageFile.load, []

    def load_and_note(image):
        decoded.append(image.size)
        return load(image)

    monkeypatch.setattr(JpegImageFile, "load", load_and_note)
    assert read_picture(upload(source)).width == stored_width
    assert decoded
    assert max(decoded) == decoded_size


# Files and names


@pytest.mark.parametrize(
    ("size", "sentence"),
    [(0, "빈 파일"), (1024 * 1024 + 1, "1MB까지")],
)
def test_empty_and_oversized_files_are_refused(size, sentence):
    with pytest.raises(BadUpload, match=sentence):
        check_file(upload(bytes(size), "a.pdf"), limit_bytes=1024 * 1024)


@pytest.mark.parametrize(
    "name",
    [
        "a.php", "a.PhP", "a.php5", "a.phtml", "a.phar", "a.pht", "a.phps", "a.shtml", "a.xhtml",
        "a.html", "a.htm", "a.svg", "a.SVGZ", "a.inc", "a.cgi", "a.jsp", "a.asp", "a.aspx", "a.hta",
        "a.exe", "a.scr", "a.bat", "a.cmd", "a.com", "a.msi", "a.js", "a.vbs", "a.ps1", "a.jar",
        "a.lnk", "a.php ", "a.php.", "a.php. . ", "a.php%00.jpg", "a.php\x00.jpg", "a.php::$DATA",
        "a.jpg.php", "../../a.php", "a.ph\u200bp", "\u202egpj.exe",
        "photo\u202egpj.scr", "x/.htaccess.php", "a.p\x08hp", "견적서.pdf      .exe",
    ],
)  # fmt: skip
def test_dangerous_names_are_refused(name):
    """Case 56."""
    file = ContentFile(b"x")
    file.name = name
    with pytest.raises(BadUpload, match="받지 않습니다"):
        check_file(file, limit_bytes=100)


@pytest.mark.parametrize(
    "name", ["a.php.jpg", ".htaccess", "a.jpg::$DATA", "보고서.hwp", "README", "a.7z"]
)
def test_other_names_are_stored_under_a_random_name_with_a_safe_extension(name):
    file = ContentFile(b"x")
    file.name = name
    check_file(file, limit_bytes=100)
    stored = uploads.storage_name(extension_of(name))
    assert re.fullmatch(r"20\d\d/[01]\d/[0-9a-f]{32}\.(bin|hwp)", stored)


def test_stored_names_are_unique():
    assert len({uploads.storage_name("webp") for _time in range(1000)}) == 1000


@pytest.mark.parametrize(
    "extension", ["php", "html", "../x", "", "PHP", "svg", "jpg/../../x", "\0"]
)
def test_a_stored_name_has_no_unknown_extension(extension):
    assert uploads.storage_name(extension).endswith(".bin")
    assert uploads.storage_name(extension).count("/") == 2


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("보고서.pdf", "보고서.pdf"),
        (unicodedata.normalize("NFD", "한글 파일.hwp"), "한글 파일.hwp"),
        ("../../etc/passwd", "passwd"),
        ("C:\\fakepath\\사진.png", "사진.png"),
        ("..\\..\\x.png", "x.png"),
        ("a\r\nSet-Cookie: x=1.txt", "a Set-Cookie_ x=1.txt"),
        ("a\tb\x00c.txt", "a b"),
        ('<b>"x".txt', "_b__x_.txt"),
        ("photo\u202egpj.png", "photogpj.png"),
        ("  . a .txt. . ", "a.txt"),
        ("a.jpg::$DATA", "a.jpg"),
        ("a.php:.jpg:$DATA", "a.php_.jpg"),
        ("회의 12:30.pdf", "회의 12_30.pdf"),
        ("가족👨‍👩‍👧.jpg", "가족👨‍👩‍👧.jpg"),
        (".htaccess", "htaccess"),
        ("", "파일"),
        ("...", "파일"),
        ("\u202e\u200b", "파일"),
        ("x/", "파일"),
    ],
)
def test_displayed_names(name, shown):
    """Cases 57 and 63."""
    assert clean_name(name) == shown


@pytest.mark.parametrize(
    "name",
    ["가" * 300 + ".pdf", "👨‍👩‍👧" * 90 + ".jpeg", "a" * 300, "a." + "b" * 300, "é" * 200 + ".x"],
)
def test_long_names_are_cut_between_characters_and_keep_their_extension(name):
    shown = clean_name(name)
    assert 100 < len(shown) <= 120
    assert clean_name(shown) == shown
    extension = name.rpartition(".")[2]
    if len(extension) < 10:
        assert shown.endswith(f".{extension}")
    assert "\u200d." not in shown
    assert not shown.endswith("\u200d")


@pytest.mark.parametrize(
    "name", ["보고서 최종.pdf", "a\r\nb.txt", 'x"; filename=y.exe', "50% off.txt"]
)
def test_the_download_header_contains_one_safe_name(name):
    header = uploads.content_disposition(name)
    assert header.startswith("attachment; filename")
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') in (0, 2)


def test_hangul_names_are_sent_as_utf_8():
    name = unicodedata.normalize("NFD", "가.txt")
    assert uploads.content_disposition(name) == "attachment; filename*=utf-8''%EA%B0%80.txt"


@pytest.mark.parametrize(
    ("extension", "sent_as"),
    [
        ("txt", "text/plain; charset=utf-8"),
        ("PDF", "application/pdf"),
        ("html", "application/octet-stream"),
        ("svg", "application/octet-stream"),
        ("", "application/octet-stream"),
        ("bin", "application/octet-stream"),
    ],
)
def test_downloads_are_sent_with_known_types_only(extension, sent_as):
    assert uploads.safe_content_type(extension) == sent_as
