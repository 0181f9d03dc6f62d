"""수정 기록 (edit history): only moderators see what an edit changed."""

import random
import time

import pytest

from boards.actions.posts import delete_post, edit_post, write_post
from boards.actions.purging import purge_post
from boards.actions.revisions import REVISIONS_KEPT
from boards.models import PostRevision
from boards.text.differences import MAX_LENGTH, differences, shortened
from tests.boards.browsing import dangers, post_form, read
from tests.page import Page

HISTORY = "/free/1/history/"


@pytest.fixture
def edited(post, minji):
    return edit_post(
        post=post, by=minji, subject="가을 산행", source="<p>단풍이 활짝 피었습니다.</p>"
    )


def test_an_edit_stores_the_previous_version(as_minji, minji, post):
    as_minji.post("/free/1/edit/", post_form(subject="가을 산행", source="<p>단풍</p>"))
    revision = PostRevision.objects.get()
    assert (revision.post, revision.editor) == (post, minji)
    assert (revision.subject, revision.source) == (
        "봄나들이 다녀왔어요",
        "<p>벚꽃이 활짝 피었습니다.</p>",
    )


def test_an_edit_without_changes_stores_nothing(post, minji):
    same = {"subject": post.subject, "source": post.body.source}
    edit_post(post=post, by=minji, links=["https://pado.kr/"], **same)
    assert not PostRevision.objects.exists()
    edit_post(post=post, by=minji, **same | {"subject": "다른 제목"})
    assert PostRevision.objects.count() == 1


def test_the_oldest_edits_are_deleted(post, minji, monkeypatch):
    monkeypatch.setattr("boards.actions.revisions.REVISIONS_KEPT", 3)
    other = write_post(author=minji, board=post.board, subject="0", source="<p>글</p>")
    edit_post(post=other, by=minji, subject="1", source="<p>글</p>")
    for number in range(6):
        edit_post(post=post, by=minji, subject=f"제목 {number}", source="<p>글</p>")
    kept = post.revisions.order_by("pk").values_list("subject", flat=True)
    assert list(kept) == ["제목 2", "제목 3", "제목 4"]
    assert other.revisions.count() == 1
    assert REVISIONS_KEPT == 50


def test_a_moderator_reads_who_changed_what_and_when(as_moderator, edited):
    page = Page(read(as_moderator, HISTORY))
    changes = page.one("section", class_="changes")
    assert [each.text for each in changes.all("del")] == [
        "지움: 봄나들이 다녀왔어요 지움 끝.",
        "지움: 벚꽃이 지움 끝.",
    ]
    assert [each.text for each in changes.all("ins")] == [
        "넣음: 가을 산행 넣음 끝.",
        "넣음: 단풍이 넣음 끝.",
    ]
    assert "활짝 피었습니다." in changes.text
    (edit,) = page.one("nav", class_="edits").all("a")
    assert edit.text.endswith("민지")


def test_each_edit_is_compared_with_the_next(as_moderator, edited, owner):
    edit_post(post=edited, by=owner, subject="겨울 산행", source="<p>눈이 활짝 피었습니다.</p>")
    page = Page(read(as_moderator, HISTORY))
    newest, first = page.one("nav", class_="edits").all("a")
    assert newest["aria-current"] == "true"
    assert [each.text for each in page.all("ins")] == [
        "넣음: 겨울 넣음 끝.",
        "넣음: 눈이 넣음 끝.",
    ]
    page = Page(read(as_moderator, first["href"]))
    assert "넣음: 단풍이 넣음 끝." in [each.text for each in page.all("ins")]


def test_the_link_appears_after_the_first_edit(as_moderator, as_minji, post, minji):
    assert "수정 기록" not in read(as_moderator, "/free/1/")
    assert "수정한 적이 없는 글입니다." in read(as_moderator, HISTORY)
    edit_post(post=post, by=minji, subject="가을", source="<p>가을</p>")
    assert Page(read(as_moderator, "/free/1/")).one("a", href=HISTORY).text == "수정 기록"
    assert HISTORY not in read(as_minji, "/free/1/")


def test_an_edit_of_formatting_alone_says_so(as_moderator, post, minji):
    edit_post(
        post=post, by=minji, subject=post.subject, source="<p><b>벚꽃이</b> 활짝 피었습니다.</p>"
    )
    assert "서식이나 사진만 바뀌었습니다." in read(as_moderator, HISTORY)


@pytest.mark.parametrize("payload", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_payloads_are_escaped(as_moderator, post, minji, payload):  # case 41
    escaped = payload.replace("<", "&lt;").replace(">", "&gt;")
    edit_post(post=post, by=minji, subject=payload, source=payload, format="text")
    edit_post(post=post, by=minji, subject="끝", source=f"<p>{escaped} 끝</p>")
    for address in (HISTORY, f"{HISTORY}?edit={PostRevision.objects.first().pk}"):
        assert dangers(read(as_moderator, address)) == []


def test_other_visitors_may_not_read_the_history(
    as_guest, as_minji, as_junho, log_in, other_board, edited
):
    from tests.conftest import make_member

    other = make_member("passerby", "옆집지킴이")
    other_board.moderators.add(other)
    for browser in (as_guest, as_minji, as_junho, log_in(other)):
        assert "벚꽃" not in read(browser, HISTORY, status=403)


@pytest.mark.parametrize("asked", ["0", "x", "99999999999999999999", "١", "-1"])
def test_an_invalid_edit_id_is_not_found(as_moderator, edited, asked):  # case 53
    read(as_moderator, f"{HISTORY}?edit={asked}", status=404)


def test_an_edit_of_another_post_is_not_found(as_moderator, edited, minji):
    other = write_post(author=minji, board=edited.board, subject="다른 글", source="<p>비밀</p>")
    edit_post(post=other, by=minji, subject="다른 글", source="<p>공개</p>")
    read(as_moderator, f"{HISTORY}?edit={other.revisions.get().pk}", status=404)


def test_the_history_is_deleted_with_the_post(as_moderator, edited, owner):
    delete_post(post=edited, by=owner)
    read(as_moderator, HISTORY, status=410)
    assert purge_post(post=edited)
    assert not PostRevision.objects.exists()


# -- the text difference ---------------------------------------------------------------------------
def rendered(before: str, after: str) -> str:
    signs = {"same": "{}", "deleted": "[-{}-]", "inserted": "[+{}+]"}
    return "".join(signs[piece.kind].format(piece.text) for piece in differences(before, after))


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("", "", ""),
        ("같은 글", "같은 글", "같은 글"),
        ("", "새 글", "[+새 글+]"),
        ("헌 글", "", "[-헌 글-]"),
        ("봄이 왔다", "가을이 왔다", "[-봄이-][+가을이+] 왔다"),
        ("첫 줄\n둘째 줄", "첫 줄\n셋째 줄", "첫 줄\n[-둘째-][+셋째+] 줄"),
        ("가 나 다", "가 나 라 다", "가 나 [+라 +]다"),
    ],
)
def test_differences_between_two_texts(before, after, says):
    assert rendered(before, after) == says


def test_both_texts_can_be_rebuilt_from_the_pieces():
    draw = random.Random(1)
    words = ["가", "나", "다", "라", "\n", "마바사"]
    for _ in range(200):
        before, after = (" ".join(draw.choices(words, k=draw.randint(0, 30))) for _ in "12")
        pieces = differences(before, after)
        assert "".join(each.text for each in pieces if each.kind != "inserted") == before
        assert "".join(each.text for each in pieces if each.kind != "deleted") == after


@pytest.mark.parametrize(
    "make",
    [
        lambda draw: "가 " * 100_000,
        lambda draw: " ".join(str(draw.randint(0, 100)) for _ in range(50_000)),
        lambda draw: "\n".join(str(draw.randint(0, 50)) for _ in range(50_000)),
        lambda draw: "가" * 200_000,
        lambda draw: " ".join(f"{n} {'x' if draw.random() < 0.5 else 'y'}" for n in range(30_000)),
    ],
)
def test_long_texts_take_bounded_time(make):
    draw = random.Random(2)
    before, after = make(draw), "처음 " + make(draw)
    began = time.thread_time()
    pieces = differences(before, after)
    assert time.thread_time() - began < 10
    assert sum(len(each.text) for each in pieces) <= 2 * MAX_LENGTH


def test_long_unchanged_parts_are_shortened():
    pieces = shortened(differences("가 " * 500 + "끝", "가 " * 500 + "마침"))
    assert pieces[0].text.startswith(" … ")
    assert len(pieces[0].text) < 200
    assert [each.text for each in pieces[1:]] == ["끝", "마침"]
