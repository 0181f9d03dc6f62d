"""여분 필드: additional fields of a board's posts, and how posts show them."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from boards.actions.posts import edit_post, move_post, write_post
from boards.models import Board, ExtraField, ExtraValue, Post
from tests.boards.browsing import dangers, finds, post_form, read
from tests.page import Page

WRITE, EDIT = "/free/write/", "/free/1/edit/"
Kind = ExtraField.Kind


@pytest.fixture
def extra(board):
    """Return `extra("가격", kind="number")`, which adds a field to the board."""

    def make(name: str, **fields) -> ExtraField:
        return ExtraField.objects.create(board=board, name=name, **fields)

    return make


def runs(page: str) -> list[str]:
    """Return the dangers on `page` outside its JSON-LD, which is data up to the first `</script>`."""
    return dangers(
        re.sub(r'<script type="application/ld\+json">.*?</script>', "", page, flags=re.S)
    )


def named(field: ExtraField) -> str:
    return f"extra_{field.pk}"


def values(post: Post) -> dict[str, str]:
    return dict(ExtraValue.objects.filter(post=post).values_list("field__name", "value"))


def shown(browser, address: str = "/free/1/") -> dict[str, str]:
    """Return the text of the post's definition list."""
    (extras,) = Page(read(browser, address)).all("dl", class_="extras")
    return {each.one("dt").text: each.one("dd").text for each in extras.all("div")}


# -- writing ---------------------------------------------------------------------------------------
def test_the_form_shows_extra_fields_by_kind_and_in_order(as_minji, extra):
    link = extra("누리집", kind=Kind.LINK, position=9)
    line = extra("지역", is_required=True)
    text = extra("설명", kind=Kind.TEXT)
    choice = extra("상태", kind=Kind.CHOICE, choices="판매중, 예약 ,완료")
    day = extra("날짜", kind=Kind.DATE)
    form = Page(read(as_minji, WRITE)).one("form", enctype="multipart/form-data")
    order = [
        each["name"] for each in form.all() if each.attributes.get("name", "").startswith("extra_")
    ]
    assert order == [named(each) for each in (line, text, choice, day, link)]
    labels = {each["for"]: each.text for each in form.all("label") if "for" in each.attributes}
    assert labels[f"id_{named(line)}"] == "지역 필수"
    assert labels[f"id_{named(text)}"] == "설명"
    assert form.one("textarea", name=named(text))
    assert form.one("input", name=named(day))["type"] == "date"
    options = form.one("select", name=named(choice)).all("option")
    assert [each.text for each in options] == ["골라 주세요", "판매중", "예약", "완료"]


@pytest.mark.parametrize(
    ("kind", "sent", "kept"),
    [
        (Kind.LINE, "  서울\u200b  마포 ", "서울 마포"),
        (Kind.TEXT, "첫 줄\r\n둘째 줄", "첫 줄\n둘째 줄"),
        (Kind.NUMBER, "12,000", "12000"),
        (Kind.NUMBER, "３.５０", "3.50"),
        (Kind.NUMBER, "-1", "-1"),
        (Kind.DATE, "2026-11-24", "2026-11-24"),
        (Kind.DATE, "2026.11.24", "2026-11-24"),
        (Kind.LINK, "pado.kr/1", "https://pado.kr/1"),
        (Kind.CHOICE, "예약", "예약"),
    ],
)
def test_values_are_stored_by_kind(as_minji, extra, kind, sent, kept):
    field = extra("칸", kind=kind, choices="판매중,예약")
    assert as_minji.post(WRITE, post_form(**{named(field): sent})).status_code == 302
    assert values(Post.objects.get()) == {"칸": kept}


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("kind", "sent", "sentence"),
    [
        (Kind.LINE, "", "칸 칸을 채워 주세요."),
        (Kind.LINE, "\u3164", "칸 칸을 채워 주세요."),
        (Kind.LINE, "가" * 201, "200"),
        (Kind.TEXT, "가" * 2001, "2000"),
        (Kind.NUMBER, "많이", "숫자로 적어 주세요."),
        (Kind.NUMBER, "NaN", "숫자로 적어 주세요."),
        (Kind.NUMBER, "1e999999999", "자릿수"),
        (Kind.NUMBER, "9" * 40, "자릿수"),
        (Kind.DATE, "2026-02-30", "날짜로 적어 주세요."),
        (Kind.DATE, "어제", "날짜로 적어 주세요."),
        (Kind.CHOICE, "없는 것", "목록에서 골라 주세요."),
        (Kind.LINK, "주소 아님", "주소로 적어 주세요."),
    ],
)
def test_errors_are_shown_and_the_values_stay_in_the_form(as_minji, extra, kind, sent, sentence):
    field = extra("칸", kind=kind, choices="판매중,예약", is_required=True)
    answer = as_minji.post(WRITE, post_form(subject="제목은 남는다", **{named(field): sent}))
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert list(errors) == [named(field)]
    assert sentence in errors[named(field)][0]
    assert 'value="제목은 남는다"' in answer.content.decode()
    assert not Post.objects.exists()


@pytest.mark.any_database
@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "java\nscript:alert(1)",
        " javascript:alert(1)",
        "&#106;avascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:msgbox(1)",
        "ftp://pado.kr/",
        'https://pado.kr/" onclick="alert(1)',
    ],
)
def test_a_link_must_be_a_web_address(as_minji, as_guest, extra, board, minji, link):
    """Case 44: another scheme is refused on submission, and a stored one is not shown as a link."""
    field = extra("누리집", kind=Kind.LINK)
    answer = as_minji.post(WRITE, post_form(**{named(field): link}))
    if answer.status_code == 302:  # the spaces around it were not part of it
        assert runs(read(as_guest, answer.url)) == []
    else:
        assert answer.status_code == 422
    post = write_post(
        author=minji, board=board, subject="옛 글", source="<p>글</p>", extras={field: link}
    )
    page = read(as_guest, post.get_absolute_url())
    assert runs(page) == []
    assert Page(page).one("dl", class_="extras").all("a") == []


def test_an_optional_field_may_stay_empty(as_minji, as_guest, extra):
    extra("지역")
    as_minji.post(WRITE, post_form())
    assert values(Post.objects.get()) == {}
    assert 'class="extras"' not in read(as_guest, "/free/1/")


def test_a_field_of_another_board_is_ignored(as_minji, other_board, board):
    field = ExtraField.objects.create(board=other_board, name="지역")
    as_minji.post(WRITE, post_form(**{named(field): "서울"}))
    assert values(Post.objects.get()) == {}


# -- editing ---------------------------------------------------------------------------------------
def test_an_edit_shows_changes_and_clears_values(as_minji, extra):
    place, day = extra("지역"), extra("날짜", kind=Kind.DATE)
    as_minji.post(WRITE, post_form(**{named(place): "서울", named(day): "2026-11-24"}))
    form = Page(read(as_minji, EDIT)).one("form", enctype="multipart/form-data")
    assert form.one("input", name=named(place))["value"] == "서울"
    assert form.one("input", name=named(day))["value"] == "2026-11-24"
    as_minji.post(EDIT, post_form(**{named(place): "부산", named(day): ""}))
    assert values(Post.objects.get()) == {"지역": "부산"}


def test_an_edit_keeps_a_choice_that_was_removed_from_the_list(as_minji, extra):
    field = extra("상태", kind=Kind.CHOICE, choices="판매중,예약")
    as_minji.post(WRITE, post_form(**{named(field): "예약"}))
    ExtraField.objects.update(choices="판매중,완료")
    selected = Page(read(as_minji, EDIT)).one("option", value="예약")
    assert "selected" in selected.attributes
    assert as_minji.post(EDIT, post_form(**{named(field): "예약"})).status_code == 302
    assert values(Post.objects.get()) == {"상태": "예약"}


# -- reading ---------------------------------------------------------------------------------------
def test_the_post_shows_its_values(as_guest, extra, board, minji):
    link, text = extra("누리집", kind=Kind.LINK), extra("설명", kind=Kind.TEXT)
    write_post(
        author=minji,
        board=board,
        subject="글",
        source="<p>글</p>",
        extras={link: "https://pado.kr/?a=1&b=2", text: "첫 줄\n둘째 줄"},
    )
    assert shown(as_guest) == {"누리집": "https://pado.kr/?a=1&b=2", "설명": "첫 줄 둘째 줄"}
    anchor = Page(read(as_guest, "/free/1/")).one("dl", class_="extras").one("a")
    assert anchor["href"] == "https://pado.kr/?a=1&b=2"
    assert anchor["rel"] == "nofollow ugc noopener"


def test_the_list_shows_the_fields_marked_for_it(as_reader, extra, board, minji):
    price, place = extra("가격", is_listed=True), extra("지역")
    write_post(
        author=minji,
        board=board,
        subject="글",
        source="<p>글</p>",
        extras={price: "1000", place: "서울"},
    )
    for skin in ("list", "gallery"):
        Board.objects.filter(pk=board.pk).update(skin=skin)
        for address in ("/free/", "/free/1/"):
            listed = Page(read(as_reader, address)).all(class_="listed-extras")
            if listed or (skin, address) != ("gallery", "/free/1/"):
                assert [each.text for each in listed] == ["가격 1000"]


def test_values_of_a_secret_post_are_not_listed(as_guest, as_minji, extra, board, minji):  # case 19
    field = extra("전화", is_listed=True)
    write_post(
        author=minji,
        board=board,
        subject="몰래",
        source="<p>쉿</p>",
        is_secret=True,
        extras={field: "010-1234"},
    )
    assert "010-1234" not in read(as_guest, "/free/")
    assert "010-1234" not in read(as_guest, "/free/1/", status=403)
    assert "010-1234" in read(as_minji, "/free/")


def test_values_are_not_searched(as_guest, extra, board, minji):
    field = extra("지역")
    write_post(
        author=minji, board=board, subject="글", source="<p>글</p>", extras={field: "마포구"}
    )
    assert finds(as_guest, "마포구") == []


def test_a_moved_post_still_shows_its_values_by_name(
    as_guest, as_owner, extra, board, other_board, minji, owner
):
    field = extra("지역")
    post = write_post(
        author=minji, board=board, subject="글", source="<p>글</p>", extras={field: "서울"}
    )
    move_post(post=post, board=other_board, by=owner)
    assert shown(as_guest, "/qna/1/") == {"지역": "서울"}
    assert as_owner.post("/qna/1/edit/", post_form()).status_code == 302
    assert shown(as_guest, "/qna/1/") == {"지역": "서울"}
    assert "서울" not in read(as_guest, "/qna/")


PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=1>',
    "'><svg/onload=1>",
    "</dl></textarea><b>",
]


@pytest.mark.any_database
@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("kind", [Kind.LINE, Kind.TEXT, Kind.LINK, Kind.CHOICE])
def test_names_and_values_are_escaped(as_guest, as_minji, extra, board, minji, kind, payload):
    """Case 41."""
    field = extra(payload[:20], kind=kind, is_listed=True, choices=payload)
    write_post(author=minji, board=board, subject="글", source="<p>글</p>", extras={field: payload})
    Board.objects.filter(pk=board.pk).update(name=payload, description=payload)
    for browser, address in (
        (as_guest, "/free/1/"),
        (as_guest, "/free/"),
        (as_minji, WRITE),
        (as_minji, EDIT),
    ):
        page = read(browser, address)
        assert runs(page) == []
        assert payload not in page
    assert shown(as_guest)[payload[:20].strip()] == payload


# -- queries ---------------------------------------------------------------------------------------
def test_a_list_takes_one_query_for_all_values_and_none_without_fields(
    as_reader, extra, board, minji, django_capture_on_commit_callbacks, settings
):
    settings.PAGE_CACHE_MB = 0

    def asked() -> list[int]:
        counts = []
        for address in ("/free/", "/free/1/"):
            as_reader.get(address)
            with CaptureQueriesContext(connection) as captured:
                as_reader.get(address)
            tables = [q["sql"] for q in captured if 'FROM "boards_extravalue"' in q["sql"]]
            counts.append(sum(sql.startswith('SELECT "boards_extravalue"') for sql in tables))
        return counts

    def write(count, **fields):
        for _ in range(count):
            write_post(author=minji, board=board, subject="글", source="<p>글</p>", **fields)

    write(1)
    extra("메모")
    assert asked() == [0, 0]
    field = extra("가격", is_listed=True)
    edit_post(
        post=Post.objects.get(), by=minji, subject="글", source="<p>글</p>", extras={field: "1"}
    )
    assert asked() == [1, 2]
    write(10, extras={field: "2"})
    assert asked() == [1, 2]
