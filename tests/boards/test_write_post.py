"""Writing a post: its results, permissions, and errors."""

import pytest

from boards.models import Board, Category, Post, PostBucket
from boards.repair import recount
from boardsite.limits import rate_limit
from tests.boards.browsing import dangers, finds, picture, post_form, read

WRITE = "/free/write/"

# A short corpus of case 41: escaped in a subject, removed from a body.
SCRIPTS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<iframe src=javascript:alert(1)></iframe>",
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<a href="jav&#x09;ascript:alert(1)">눌러 보세요</a>',
    '<a href="data:text/html,<script>alert(1)</script>">눌러 보세요</a>',
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    '"><script>alert(1)</script>',
    "' autofocus onfocus=alert(1) x='",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "<object data=javascript:alert(1)></object>",
    "<base href=//evil.example/>",
    "<form action=javascript:alert(1)><button>보내기</button></form>",
    "{{ 7|add:7 }}{% debug %}",
    "<details open ontoggle=alert(1)>",
    "<!--><img src=x onerror=alert(1)>-->",
]


# -- results ---------------------------------------------------------------------------------------
def test_a_member_writes_a_post(as_minji, as_guest, board, minji):
    answer = as_minji.post(WRITE, post_form(source="<p>벚꽃이 <b>활짝</b> 피었습니다.</p>"))
    assert (answer.status_code, answer.url) == (302, "/free/1/")
    post = Post.objects.get()
    assert (post.author, post.author_name, post.board) == (minji, "민지", board)
    assert "<p>벚꽃이 <b>활짝</b> 피었습니다.</p>" in read(as_guest, "/free/1/")


@pytest.mark.parametrize(
    "place", ["/", "/free/", "/new/", "/members/minji/", "/groups/community/", "/feed/"]
)
def test_a_post_is_visible_at_once(place, as_minji, as_guest, board):
    assert "/free/1/" not in read(as_guest, place)
    as_minji.post(WRITE, post_form())
    assert "/free/1/" in read(as_guest, place)


def test_a_post_is_found_at_once(as_minji, as_guest, board):
    as_minji.post(WRITE, post_form(subject="봄나들이", source="<p>벚꽃이 활짝</p>"))
    for word in ("봄나들이", "벚꽃", "활짝 봄나들이"):
        assert finds(as_guest, word) == ["/free/1/"]
    assert finds(as_guest, "민지", field="author") == ["/free/1/"]


def test_a_post_is_counted(as_minji, board, minji):
    for subject in ("하나", "둘"):
        as_minji.post(WRITE, post_form(subject=subject))
    board.refresh_from_db()
    minji.refresh_from_db()
    assert (board.post_count, board.last_number, minji.post_count) == (2, 2, 2)
    assert PostBucket.objects.get().count == 2
    assert recount(repairs=False) == []


def test_each_board_numbers_its_own_posts(as_minji, board, other_board):
    urls = [as_minji.post(WRITE, post_form(subject=subject)).url for subject in ("하나", "둘")]
    assert urls == ["/free/1/", "/free/2/"]
    assert as_minji.post("/qna/write/", post_form()).url == "/qna/1/"


def test_related_links_are_stored(as_minji, as_guest, board):
    as_minji.post(WRITE, post_form(link1="https://pado.kr/1", link2="example.com"))
    page = read(as_guest, "/free/1/")
    for place, address in enumerate(("https://pado.kr/1", "https://example.com"), 1):
        assert f'<a href="/free/1/links/{place}/" rel="nofollow ugc noopener"' in page
        assert f">{address}</a>" in page
    assert Post.objects.get().link_count == 2


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "봄", "http://"])
def test_an_invalid_link_is_refused(link, as_minji, board):
    answer = as_minji.post(WRITE, post_form(link2=link))
    assert (answer.status_code, Post.objects.count()) == (422, 0)
    assert answer.context["form"].errors.keys() == {"link2"}


# -- categories ------------------------------------------------------------------------------------
@pytest.fixture
def chat(board):
    return Category.objects.create(board=board, name="잡담")


def test_a_category_is_stored_and_counted(as_minji, as_guest, board, chat):
    as_minji.post(WRITE, post_form(category=chat.pk))
    assert Post.objects.get().category == chat
    assert "/free/1/" in read(as_guest, f"/free/?category={chat.pk}")
    assert {(row.category_id, row.count) for row in PostBucket.objects.all()} == {
        (0, 1),
        (chat.pk, 1),
    }


def test_a_category_may_be_left_out(as_minji, chat):
    as_minji.post(WRITE, post_form(category=""))
    assert Post.objects.get().category is None


def test_a_board_may_require_a_category(as_minji, board, chat):
    Board.objects.update(category_required=True)
    answer = as_minji.post(WRITE, post_form(category=""))
    assert answer.status_code == 422
    assert "말머리를 골라 주세요." in answer.content.decode()
    assert as_minji.post(WRITE, post_form(category=chat.pk)).status_code == 302


@pytest.mark.parametrize("asked", ["other", "0", "없음", "1\0", "9" * 30])
def test_a_category_of_another_board_is_refused(asked, as_minji, chat, other_board):
    if asked == "other":
        asked = Category.objects.create(board=other_board, name="질문").pk
    answer = as_minji.post(WRITE, post_form(category=asked))
    assert (answer.status_code, Post.objects.count()) == (422, 0)


# -- secret posts and notices (case 34) ------------------------------------------------------------
@pytest.mark.parametrize(
    ("rule", "asked", "is_secret"),
    [
        (Board.Secret.NO, "on", False),
        (Board.Secret.OPTIONAL, "", False),
        (Board.Secret.OPTIONAL, "on", True),
        (Board.Secret.ALWAYS, "", True),
    ],
)
def test_the_board_sets_which_posts_are_secret(rule, asked, is_secret, as_minji, as_guest, board):
    Board.objects.update(secret_posts=rule)
    as_minji.post(WRITE, post_form(is_secret=asked))
    assert Post.objects.get().is_secret == is_secret
    read(as_minji, "/free/1/")
    read(as_guest, "/free/1/", status=403 if is_secret else 200)
    assert finds(as_guest, "벚꽃") == ([] if is_secret else ["/free/1/"])


def test_a_member_cannot_make_a_notice(as_minji, board):
    assert 'name="is_notice"' not in read(as_minji, WRITE)
    as_minji.post(WRITE, post_form(is_notice="on"))
    assert not Post.objects.get().is_notice


def test_a_moderator_can_make_a_notice(as_moderator, as_guest, board):
    as_moderator.post(WRITE, post_form(is_notice="on"))
    post = Post.objects.get()
    board.refresh_from_db()
    assert (post.is_notice, board.post_count, PostBucket.objects.count()) == (True, 1, 0)
    assert "공지" in read(as_guest, "/free/")
    assert recount(repairs=False) == []


def test_a_moderator_cannot_make_a_notice_in_another_board(as_moderator, other_board):
    as_moderator.post("/qna/write/", post_form(is_notice="on"))
    assert not Post.objects.get().is_notice


# -- errors, and the text stays --------------------------------------------------------------------
@pytest.mark.parametrize("subject", ["", "   ", "\u3164", "\u200b\u202e", "\u2800 \u115f"])
def test_a_subject_needs_visible_text(subject, as_minji, board):
    answer = as_minji.post(WRITE, post_form(subject=subject, source="<p>남아 있을 글</p>"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "제목을 입력해 주세요." in page
    assert "남아 있을 글" in page
    assert Post.objects.count() == 0


def test_the_error_of_a_long_subject_states_the_limit(as_minji, board):
    answer = as_minji.post(WRITE, post_form(subject="가" * 201))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "제목은 200자까지 쓸 수 있습니다. 지금 201자입니다." in page
    assert "가" * 201 in page
    assert as_minji.post(WRITE, post_form(subject="가" * 200)).status_code == 302


def test_a_subject_is_measured_as_it_will_be_stored(as_minji, board):
    """NFC turns U+0958 into two characters, and three Hangul letters (macOS) into one."""
    assert as_minji.post(WRITE, post_form(subject="\u0958" * 200)).status_code == 422
    assert as_minji.post(WRITE, post_form(subject="\u1112\u1161\u11ab" * 200)).status_code == 302
    assert Post.objects.get().subject == "한" * 200


def test_a_subject_is_one_clean_line(as_minji, board):
    as_minji.post(WRITE, post_form(subject=" 봄\u202e나\0들\u200b이\r\n  둘째 줄\x07 "))
    assert Post.objects.get().subject == "봄나들이 둘째 줄"


UNSEEN = ["", " \n", "\u3164", "\u200b"]
EMPTY = ["<p><br></p>", "<p>&nbsp;</p>", "<script>1</script>", "<img src='javascript:1'>"]


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("source", "format"),
    [*[(each, "text") for each in UNSEEN], *[(each, "html") for each in UNSEEN + EMPTY]],
)
def test_a_body_needs_visible_content(source, format, as_minji, board):
    answer = as_minji.post(WRITE, post_form(subject="남아 있을 제목", source=source, format=format))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "내용을 입력해 주세요." in page
    assert 'value="남아 있을 제목"' in page


def test_a_picture_alone_is_a_body(as_minji, board):
    location = as_minji.post("/free/upload-picture/", {"file": picture()}).json()["location"]
    assert as_minji.post(WRITE, post_form(source=f'<img src="{location}">')).status_code == 302


def test_control_characters_do_not_reach_the_page(as_minji, as_guest, board):
    as_minji.post(WRITE, post_form(source="<p>벚\x01꽃\x1b\u202e이</p>"))
    assert "<p>벚꽃이</p>" in read(as_guest, "/free/1/")
    assert finds(as_guest, "벚꽃이") == ["/free/1/"]


def test_a_body_with_nul_is_refused_with_one_error(as_minji, board):
    answer = as_minji.post(WRITE, post_form(source="벚\0꽃"))
    assert answer.status_code == 422
    assert len(answer.context["form"].errors["source"]) == 1


@pytest.mark.parametrize(
    "source", ["가" * 200_001, "<b>" * 10_001, "<div>" * 400 + "가" + "</div>" * 400]
)
def test_an_excessive_body_is_refused(source, as_minji, board):
    answer = as_minji.post(WRITE, post_form(source=source))
    (problem,) = answer.context["form"].errors["source"]
    assert (answer.status_code, Post.objects.count()) == (422, 0)
    assert problem.endswith("주세요.")


def test_a_request_above_the_size_limit_is_answered_with_400(as_minji, board):
    answer = as_minji.post(WRITE, post_form(source="a" * 9_000_000))
    assert (answer.status_code, Post.objects.count()) == (400, 0)
    assert "글이 너무 깁니다." in answer.content.decode()


def test_plain_text_is_shown_as_written(as_minji, as_guest, board):
    source = "1 < 2 <b>굵게</b>\n둘째 줄\n\nhttps://pado.kr/벚꽃에서"
    as_minji.post(WRITE, post_form(source=source, format="text"))
    page = read(as_guest, "/free/1/")
    assert "<p>1 &lt; 2 &lt;b&gt;굵게&lt;/b&gt;<br>둘째 줄</p>" in page
    assert '<a href="https://pado.kr/" target="_blank"' in page


def test_no_script_gets_through(as_minji, as_guest, board):
    """Cases 41 and 43, on every page that shows a post."""
    Board.objects.update(new_member_days=0)  # the test writes more than a new member may in a day
    places = ["/free/", "/", "/new/", "/search/?q=벚꽃", "/members/minji/"]
    for script in SCRIPTS:
        fields = post_form(subject=script, source=f"<p>벚꽃</p>{script}")
        places.append(as_minji.post(WRITE, fields).url)
    for place in places:
        assert dangers(read(as_guest, place)) == [], place
    for place in places[-len(SCRIPTS) :]:
        assert dangers(read(as_minji, f"{place}edit/")) == [], place
    assert list(Post.objects.order_by("pk").values_list("subject", flat=True)) == SCRIPTS


def test_the_previous_test_would_detect_a_script():
    for script in SCRIPTS[:4] + SCRIPTS[5:8]:
        assert dangers(script), script


# -- permissions -----------------------------------------------------------------------------------
def test_a_guest_is_asked_to_log_in(as_guest, board):
    page = read(as_guest, WRITE, status=403)
    assert "글을 쓸 권한이 없습니다." in page
    assert 'href="/accounts/login/?next=/free/write/"' in page
    assert as_guest.post(WRITE, post_form()).status_code == 403
    assert Post.objects.count() == 0


def test_the_text_of_a_guest_is_restored_after_log_in(as_guest, minji, board):
    as_guest.post(WRITE, post_form(subject="세션이 끝난 글", source="<p>오래 쓴 글</p>"))
    as_guest.force_login(minji)
    page = read(as_guest, WRITE)
    assert 'value="세션이 끝난 글"' in page
    assert "&lt;p&gt;오래 쓴 글&lt;/p&gt;" in page
    assert 'name="format" value="html"' in page
    assert "오래 쓴 글" not in read(as_guest, WRITE)  # only once


def test_the_restored_text_is_shown_on_no_other_form(as_guest, minji, board, other_board, post):
    as_guest.post(WRITE, post_form(subject="세션이 끝난 글"))
    as_guest.force_login(minji)
    for place in ("/qna/write/", "/free/1/edit/"):
        assert "세션이 끝난 글" not in read(as_guest, place)
    assert "세션이 끝난 글" in read(as_guest, WRITE)


def test_anonymous_visitors_cannot_fill_the_session_table(as_guest, minji, board):
    as_guest.post(WRITE, post_form(source="가" * 200_001))
    assert "kept_text" not in as_guest.session
    for number in range(11):
        as_guest.post(WRITE, post_form(subject=f"글 {number:02}"))
    as_guest.force_login(minji)
    assert 'value="글 09"' in read(as_guest, WRITE)


@pytest.mark.parametrize(("level", "status"), [(2, 403), (4, 403), (5, 302)])
def test_the_level_decides(level, status, as_minji, minji, board):
    Board.objects.update(write_level=5)
    type(minji).objects.update(level=level)
    assert as_minji.post(WRITE, post_form()).status_code == status
    assert Post.objects.count() == (status == 302)


@pytest.mark.parametrize("board_slug", ["free", "qna"])
def test_a_moderator_writes_in_their_board_at_any_level(
    board_slug, as_moderator, board, other_board
):
    Board.objects.update(write_level=10)
    answer = as_moderator.post(f"/{board_slug}/write/", post_form())
    assert answer.status_code == (302 if board_slug == "free" else 403)


def test_the_owner_writes_everywhere(as_owner, board):
    Board.objects.update(write_level=10, list_level=10)
    assert as_owner.post(WRITE, post_form()).status_code == 302


def test_a_suspended_member_is_a_guest(as_minji, minji, board, post):
    type(minji).objects.filter(pk=minji.pk).update(suspended_until="2999-01-01T00:00Z")
    assert as_minji.post(WRITE, post_form()).status_code == 403
    assert as_minji.post("/free/1/edit/", post_form()).status_code == 403
    assert Post.objects.count() == 1


def test_an_unknown_board_is_not_found(as_minji, board):
    assert as_minji.post("/nowhere/write/", post_form()).status_code == 404


def test_the_rate_limit_keeps_the_text_of_a_post(as_minji, minji, board, monkeypatch):
    # nine minutes before the window ends
    monkeypatch.setattr(rate_limit, "_now", lambda: 1_800_000_060)
    for _ in range(39):
        rate_limit.hit(f"write:{minji.pk}", 40, 600)
    as_minji.post(WRITE, post_form(subject=""))  # not counted
    assert as_minji.post(WRITE, post_form()).status_code == 302
    answer = as_minji.post(WRITE, post_form(subject="남아 있을 제목"))
    page = answer.content.decode()
    assert (answer.status_code, Post.objects.count()) == (429, 1)
    assert "9분 뒤에 다시 시도해 주세요." in page
    assert 'value="남아 있을 제목"' in page
    assert as_minji.post("/free/1/edit/", post_form()).status_code == 429
