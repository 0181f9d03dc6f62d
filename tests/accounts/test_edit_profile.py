import io
import unicodedata

import pytest
from django.contrib.auth.models import Group
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from PIL import Image

from accounts.models import Member, MemberEvent
from accounts.pictures import Crop, NotAPicture, square
from tests.page import Page

pytestmark = [pytest.mark.any_database, pytest.mark.django_db]
PROFILE = "/accounts/profile/"


def picture(size=(400, 300), format="JPEG", mode="RGB", colour="teal", **more) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, format, **more)
    return out.getvalue()


def bomb(side: int) -> bytes:
    """A small GIF that claims to be `side` pixels wide and high (bytes 6 to 9)."""
    small = picture((8, 8), "GIF", "1", 0)
    return small[:6] + side.to_bytes(2, "little") * 2 + small[10:]


def upload(content: bytes, name="me.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def edit(client, **changes):
    return client.post(PROFILE, {"nickname": "민지", "introduction": "", **changes}, follow=True)


def stored() -> list[str]:
    return default_storage.listdir("members")[1] if default_storage.exists("members") else []


def test_it_changes_the_public_profile(as_minji, minji):
    page = edit(as_minji, nickname="봄날의곰", introduction="책과 산책\r\n<b>좋아합니다</b>\u202e")
    assert "회원정보가 수정되었습니다." in page.text
    assert page.redirect_chain == [("/members/minji/", 302)]
    assert "책과 산책\n&lt;b&gt;좋아합니다&lt;/b&gt;</p>" in page.text
    assert Member.objects.with_nickname("봄날의곰").get() == minji


def test_it_requires_a_member(as_guest):
    assert as_guest.get(PROFILE)["Location"] == "/accounts/login/?next=/accounts/profile/"
    assert as_guest.post(PROFILE, {"nickname": "손님네"}).status_code == 302


def test_it_changes_nothing_else(as_minji, minji, junho):
    edit(as_minji, username="junho", email="x@example.com", level="10", is_superuser="1", pk="2")
    after = Member.objects.get(pk=minji.pk)
    assert (after.username, after.email, after.level) == ("minji", "minji@example.com", 2)
    assert not after.is_superuser
    junho.refresh_from_db()
    assert junho.nickname == "준호"


def forbidden() -> list[str]:
    """The words in the records that the staff read."""
    return [event.words for event in MemberEvent.objects.filter(kind="forbidden")]


def test_forbidden_fields_are_ignored_and_recorded(as_minji, minji, as_junho):
    """Case 18."""
    staff = Group.objects.create(name="운영진")
    sent = {"level": "10", "points": "9999", "is_staff": "1", "is_superuser": "on"}
    page = edit(as_minji, groups=staff.pk, introduction="소개", **sent)
    assert "회원정보가 수정되었습니다." in page.text
    after = Member.objects.get(pk=minji.pk)
    assert (after.level, after.points, after.introduction) == (2, 0, "소개")
    assert (after.is_staff, after.is_superuser, after.groups.count()) == (False, False, 0)
    (words,) = forbidden()
    assert words.endswith(": groups, is_staff, is_superuser, level, points")
    assert MemberEvent.objects.get(kind="forbidden").member == minji
    edit(as_minji, **sent)
    assert len(forbidden()) == 1  # once a day
    edit(as_junho, nickname="준호", is_robot="1")
    assert len(forbidden()) == 2


def test_an_ordinary_form_is_not_recorded(as_minji):
    edit(as_minji, shows_profile="on", signature="봄", takes_messages="on", csrfmiddlewaretoken="x")
    assert forbidden() == []


def test_visibility_settings(as_minji, minji):
    switches = ["shows_profile", "shows_activity", "shows_presence", "takes_messages"]
    for chosen in (switches, switches[:1], []):
        edit(as_minji, **dict.fromkeys(chosen, "on"))
        minji.refresh_from_db()
        assert [name for name in switches if getattr(minji, name)] == chosen
        page = Page(as_minji.get(PROFILE).content)
        assert {box["name"] for box in page.all("input", checked="")} >= set(chosen)
    assert "다른 분들이 나의 회원정보를 볼 수 있도록 합니다." in page.text


def test_a_signature_keeps_lines_and_loses_invisible_characters(as_minji, minji):
    edit(as_minji, signature=" 봄날의 곰 \r\n\r\n  산책\u202e중 \r\n")
    minji.refresh_from_db()
    assert minji.signature == "봄날의 곰\n산책중"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"nickname": ""}, "별명을 입력해 주세요."),
        ({"nickname": "준호"}, "이미 존재하는 별명입니다."),
        ({"nickname": unicodedata.normalize("NFD", "준호")}, "이미 존재하는 별명입니다."),
        ({"nickname": "운영자"}, "이미 예약된 단어라서 사용할 수 없는 별명입니다."),
        ({"introduction": "가" * 301}, "300"),
        ({"signature": "가" * 201}, "200"),
        ({"signature": "하나\n둘\n셋\n넷"}, "서명은 세 줄까지 쓸 수 있습니다."),
    ],
)
def test_errors_are_explained_and_the_text_is_kept(as_minji, minji, junho, changes, sentence):
    written = {"introduction": "오래 고민해서 쓴 소개", **changes}
    page = edit(as_minji, **written)
    assert sentence in page.text
    assert written["introduction"] in page.text
    assert '<a href="/my/">민지님</a>' in page.text  # the header still shows the stored name
    minji.refresh_from_db()
    assert (minji.nickname, minji.introduction) == ("민지", "")


def test_another_spelling_of_the_same_name_is_allowed(as_minji, minji):
    edit(as_minji, nickname="민.지")
    minji.refresh_from_db()
    assert minji.nickname == "민.지"


def test_the_owner_keeps_a_reserved_name(as_owner, owner):
    page = edit(as_owner, nickname="운영자", introduction="반갑습니다")
    assert "회원정보가 수정되었습니다." in page.text


def test_a_name_that_is_taken_at_the_same_moment_is_a_form_error(as_minji, minji, monkeypatch):
    def too_late(*args, **kwargs):
        raise IntegrityError

    monkeypatch.setattr(Member, "save", too_late)
    page = edit(as_minji, introduction="소개", picture=upload(picture()))
    assert "방금 다른 분이 같은 이름을 골랐습니다." in page.text
    assert "소개" in page.text
    assert stored() == []


# -- The picture


def test_a_picture_becomes_a_small_square(as_minji, as_guest, minji):
    edit(as_minji, picture=upload(picture((900, 600))))
    minji.refresh_from_db()
    answer = as_guest.get(minji.picture_url)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/webp"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "public, max-age=86400"
    seen = Image.open(io.BytesIO(b"".join(answer)))
    assert (seen.format, seen.size) == ("WEBP", (256, 256))


def test_a_new_picture_has_a_new_url_and_the_old_file_is_deleted(
    as_minji, minji, django_capture_on_commit_callbacks
):
    edit(as_minji, picture=upload(picture()))
    minji.refresh_from_db()
    before = minji.picture_url
    with django_capture_on_commit_callbacks(execute=True):
        edit(as_minji, picture=upload(picture(colour="pink")))
    minji.refresh_from_db()
    assert minji.picture_url != before
    assert stored() == [minji.picture.name.removeprefix("members/")]


def test_a_picture_can_be_removed(as_minji, minji, django_capture_on_commit_callbacks):
    edit(as_minji, picture=upload(picture()))
    with django_capture_on_commit_callbacks(execute=True):
        edit(as_minji, remove_picture="on")
    minji.refresh_from_db()
    assert minji.picture_url == ""
    assert stored() == []
    assert as_minji.get("/members/minji/picture/").status_code == 404


def test_a_picture_stays_when_only_text_changes(as_minji, minji):
    edit(as_minji, picture=upload(picture()))
    edit(as_minji, introduction="소개")
    minji.refresh_from_db()
    assert minji.picture_url


@pytest.mark.parametrize("address", ["junho", "nobody", "%00", "minji%0a", "..%2f..", "민지"])
def test_no_picture_is_a_404(as_guest, minji, junho, address):
    assert as_guest.get(f"/members/{address}/picture/").status_code == 404


def test_a_lost_file_is_a_404(as_minji, minji):
    edit(as_minji, picture=upload(picture()))
    default_storage.delete(Member.objects.get().picture.name)
    assert as_minji.get("/members/minji/picture/").status_code == 404


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<?php echo 1 ?>", "사진 파일이 아니거나 읽을 수 없는 사진입니다."),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "사진 파일이 아니거나"),
        (picture()[:400], "사진 파일이 아니거나"),
        (picture((6000, 5000), "PNG", "1", 0), "사진의 가로나 세로가 너무 큽니다."),
        (bomb(60_000), "사진의 가로나 세로가 너무 큽니다."),
        (b"", "빈 파일입니다."),
    ],
    ids=["php", "svg", "cut", "large", "bomb", "empty"],
)
def test_an_invalid_picture_is_refused_and_the_text_is_kept(as_minji, minji, content, sentence):
    page = edit(as_minji, introduction="오래 고민해서 쓴 소개", picture=upload(content))
    assert sentence in page.text
    assert "오래 고민해서 쓴 소개" in page.text
    assert stored() == []


def test_a_picture_may_have_five_megabytes(as_minji, minji, monkeypatch):
    monkeypatch.setattr("accounts.forms.profile.PICTURE_BYTES", 1000)
    content = picture()
    assert "사진은 5 MB까지" in edit(as_minji, picture=upload(content + b"x" * 1000)).text


def lying(format: str, **more) -> bytes:
    """A picture on its side: red on the left, blue on the right."""
    image = Image.new("RGB", (800, 400), "red")
    image.paste("blue", (400, 0, 800, 400))
    out = io.BytesIO()
    image.save(out, format, **more)
    return out.getvalue()


def colours(content: bytes) -> list[str]:
    """The colours at the left edge, on both sides of the middle, and at the right edge."""
    image = Image.open(io.BytesIO(content)).convert("RGB")
    assert image.size == (256, 256)
    pixels = [image.getpixel((x, 128)) for x in (5, 100, 156, 250)]
    return ["red" if red > blue else "blue" for red, _green, blue in pixels]


MIDDLE = ["red", "red", "blue", "blue"]


@pytest.mark.parametrize("format", ["PNG", "JPEG"])
@pytest.mark.parametrize(
    ("crop", "seen"),
    [
        ("0,0,1", ["red"] * 4),
        ("0.5,0,1", ["blue"] * 4),
        ("0.375,0.25,0.5", MIDDLE),
        ("0.1,0.1,0.25", ["red"] * 4),
        ("9,9,0.5", ["blue"] * 4),  # as far as the picture goes
        ("-9,-9,0", ["red"] * 4),
        ("0,0,99", ["red"] * 4),
        ("", MIDDLE),
        ("0,0", MIDDLE),
        ("0,0,1,1", MIDDLE),
        ("nan,0,1", MIDDLE),
        ("0,inf,1", MIDDLE),
        ("1e999,0,1", MIDDLE),
        ("a,b,c", MIDDLE),
        ("0," * 100_000, MIDDLE),
    ],
)
def test_the_chosen_part(format, crop, seen):
    assert colours(square(io.BytesIO(lying(format)), Crop.parse(crop))) == seen


def test_the_part_refers_to_the_upright_picture():
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down, so blue is on the left
    content = lying("JPEG", exif=exif)
    assert colours(square(io.BytesIO(content), Crop(0, 0, 1))) == ["blue"] * 4


def test_the_chosen_part_is_published(as_minji, minji):
    edit(as_minji, picture=upload(lying("PNG")), crop="0.5,0,1")
    minji.refresh_from_db()
    with minji.picture.open() as file:
        assert colours(file.read()) == ["blue"] * 4


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "I;16"])
def test_pictures_of_every_kind_are_read(mode):
    small = Image.open(io.BytesIO(square(io.BytesIO(picture(format="PNG", mode=mode, colour=0)))))
    assert small.size == (256, 256)


def test_a_picture_is_upright_and_has_no_metadata():
    exif = Image.Exif()
    exif[0x0112] = 6  # rotated by 90 degrees
    exif.get_ifd(0x8825)[1] = "N"  # GPS
    lying = Image.new("RGB", (600, 600), "red")
    lying.paste("blue", (0, 0, 600, 300))  # the upper half, which is displayed on the right
    out = io.BytesIO()
    lying.save(out, "JPEG", exif=exif)
    small = Image.open(io.BytesIO(square(out)))
    assert not small.getexif()
    left, right = (small.convert("RGB").getpixel((x, 128)) for x in (10, 245))
    assert left[0] > 200 > 50 > left[2]
    assert right[2] > 200 > 50 > right[0]


def test_a_broken_picture_is_refused():
    with pytest.raises(NotAPicture):
        square(io.BytesIO(b"RIFF\x00\x00\x00\x00WEBPVP8 "))
