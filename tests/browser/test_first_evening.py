"""An owner's first evening: from the demo to a site of their own, by clicking and typing alone.

Each step is what the owner does for one thing; a guest and a member then meet all of them.
"""

import pytest
from django.core.management import call_command

from tests.browser.editor import write_in_editor
from tests.browser.steps import expect
from tests.browser.test_accessibility import AXE, RULES, RUN
from tests.conftest import make_member, make_owner
from tests.crowd import picture_upload
from tests.pages.services import GA, NAVER

PLUM = "#8a2a5d"
ANALYTICS = "https://www.googletagmanager.com"
WIDTHS = (1280, 390)
# Django's field for a board's moderators does without the style attributes that it tries to set.
SELECT2 = "Applying inline style violates"


@pytest.fixture
def first_site(side_by_side):
    """The site as `run.sh` leaves it."""
    call_command("demo", verbosity=0)


def test_a_site_of_ones_own(first_site, open_page):
    page = open_page("/", member=make_owner())
    give_logo_and_colour(page)
    arrange_front_page(page)
    write_content_page(page)
    arrange_menu(page)
    announce_in_popup(page)
    ask_in_poll(page)
    open_faq(page)
    open_inquiries(page)
    connect_services(page)

    member = open_page("/", member=make_member("sora", "소라"))
    vote(member)
    inquire(member)
    answer_inquiry(page)
    read_answer(member)
    assert [each for each in page.complaints if not each.startswith(SELECT2)] == []
    assert member.complaints == []

    for width in WIDTHS:
        see_everything(open_page("/", width=width))


# -- what the owner does ---------------------------------------------------------------------------
def go_to(page, name: str) -> None:
    """Goes to a page of the admin by way of its index, from wherever the owner is."""
    if page.locator("#site-name").count():
        page.locator("#site-name a").click()
    else:
        page.get_by_role("link", name="관리자").first.click()
    with page.expect_navigation():
        page.locator("#content-main").get_by_role("link", name=name, exact=True).click()
    expect(page.locator("#content")).to_be_visible()
    look(page)


def visit(page, name: str) -> None:
    """By way of the whole menu, from wherever one is."""
    if page.locator("#site-name").count():
        page.get_by_role("link", name="사이트 보기").click()
    page.locator(".menu > summary").click()
    page.get_by_role("link", name=name, exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def close_popup(page) -> None:
    popup = page.get_by_role("dialog", name="여는 날 안내")
    expect(popup).to_contain_text("떡을 나눕니다.")
    popup.get_by_role("button", name="닫기").click()


def look(page, part: str = "#content") -> None:
    """The page is accessible, in both themes and on both screens."""
    page.evaluate(AXE)
    problems, before = [], page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        for theme, rules in RULES.items():
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            problems += [
                f"{page.url} {theme} {width}: {each}" for each in page.evaluate(RUN, [part, rules])
            ]
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(before)
    assert problems == [], "\n".join(problems)


def save(page, button: str = "저장", part=None) -> None:
    part = part or page.locator("#content")
    with page.expect_navigation():
        part.get_by_role("button", name=button, exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def give_logo_and_colour(page) -> None:
    go_to(page, "로고와 색")
    logo = picture_upload(size=(160, 40)).read()
    file = {"name": "로고.png", "mimeType": "image/png", "buffer": logo}
    page.get_by_label("로고:", exact=True).set_input_files(file)
    page.get_by_label("강조색").fill(PLUM)
    save(page, "저장하고 게시")


def arrange_front_page(page) -> None:
    go_to(page, "첫 화면과 옆 단")
    front = page.get_by_role("region", name="첫 화면")
    save(page, "기본 구성을 블록으로 가져오기", front)
    front.get_by_label("추가할 블록").select_option(label="글 상자")
    front.get_by_role("button", name="블록 추가").click()
    page.get_by_label("제목").fill("너울골에 오신 것을 환영합니다")
    write_in_editor(page, "오늘 문을 열었습니다.")
    look(page)
    save(page)
    while (up := page.get_by_role("button", name="위로: 너울골에 오신")).is_enabled():
        with page.expect_navigation():
            up.click()
    look(page)
    save(page, "게시")


def write_content_page(page) -> None:
    go_to(page, "내용관리")
    page.get_by_role("link", name="내용 추가").click()
    page.get_by_label("제목").fill("너울골 소개")
    page.get_by_label("내용 ID").fill("about")
    write_in_editor(page, "바다가 보이는 마을입니다.")
    page.get_by_label("공개").check()
    page.get_by_label("하단에 링크").check()
    look(page)
    save(page)


def arrange_menu(page) -> None:
    go_to(page, "메뉴설정")
    save(page, "게시판을 모두 넣기")
    page.get_by_role("link", name="내용 추가").click()
    page.get_by_label("내용", exact=True).select_option(label="너울골 소개")
    look(page)
    save(page)
    look(page)


def announce_in_popup(page) -> None:
    go_to(page, "팝업레이어")
    page.get_by_role("link", name="팝업레이어 추가").click()
    page.get_by_label("제목").fill("여는 날 안내")
    write_in_editor(page, "떡을 나눕니다.")
    look(page)
    save(page)


def ask_in_poll(page) -> None:
    page.get_by_role("link", name="사이트 보기").click()
    close_popup(page)
    visit(page, "자유게시판")
    page.get_by_role("link", name="글쓰기").first.click()
    page.get_by_label("제목").fill("첫 모임은 어디서 할까요?")
    write_in_editor(page, "골라 주세요.")
    page.locator(".poll-fields > summary").click()
    page.get_by_label("질문").fill("첫 모임 장소")
    page.get_by_label("항목 1", exact=True).fill("도서관")
    page.get_by_label("항목 2", exact=True).fill("바닷가")
    page.get_by_role("button", name="작성완료").click()
    expect(page.get_by_role("region", name="첫 모임 장소")).to_be_visible()
    go_to(page, "첫 화면과 옆 단")
    side = page.get_by_role("region", name="옆 단")
    save(page, "기본 구성을 블록으로 가져오기", side)
    side.get_by_label("추가할 블록").select_option(label="설문조사")
    side.get_by_role("button", name="블록 추가").click()
    page.get_by_label("설문").select_option(index=1)
    look(page)
    save(page)
    save(page, "게시")


def add_board(page, name: str, slug: str) -> None:
    go_to(page, "게시판")
    page.get_by_role("link", name="게시판 추가").click()
    page.locator("#id_group").select_option(index=1)
    page.get_by_label("이름:", exact=True).first.fill(name)
    page.get_by_label("주소:", exact=True).fill(slug)


def open_faq(page) -> None:
    add_board(page, "자주 묻는 질문", "faq")
    page.get_by_label("모양:").select_option(value="faq")
    look(page)
    save(page)
    visit(page, "자주 묻는 질문")
    page.get_by_role("link", name="글쓰기").first.click()
    page.get_by_label("제목").fill("누가 올 수 있나요?")
    write_in_editor(page, "누구나 오세요.")
    page.get_by_role("button", name="작성완료").click()
    expect(page.locator("main")).to_contain_text("누구나 오세요.")


def open_inquiries(page) -> None:
    add_board(page, "1:1 문의", "help")
    page.get_by_label("1:1 문의 게시판").check()
    save(page)


def connect_services(page) -> None:
    go_to(page, "검색 엔진·통계·광고")
    tag = f'<meta name="naver-site-verification" content="{NAVER}">'
    page.get_by_label("네이버 서치어드바이저").fill(tag)
    page.get_by_label("구글 애널리틱스").fill(GA)
    save(page)


# -- a member --------------------------------------------------------------------------------------
def vote(page) -> None:
    close_popup(page)
    visit(page, "자유게시판")
    page.get_by_role("link", name="첫 모임은 어디서 할까요?").first.click()
    page.locator("main").get_by_label("바닷가").check()
    page.locator("main").get_by_role("button", name="투표하기").click()
    expect(page.locator("main")).to_contain_text("1표 100.0%")


def inquire(page) -> None:
    visit(page, "1:1 문의")
    page.get_by_role("link", name="문의하기").first.click()
    page.get_by_label("제목").fill("주차할 곳이 있나요?")
    write_in_editor(page, "차로 갑니다.")
    page.get_by_role("button", name="작성완료").click()
    expect(page.locator("main")).to_contain_text("접수")


def answer_inquiry(page) -> None:
    visit(page, "1:1 문의")
    page.get_by_role("link", name="주차할 곳이 있나요?").click()
    expect(page.get_by_role("heading", name="답변하기")).to_be_visible()
    look(page, "main")
    page.get_by_label("댓글 내용").fill("도서관 뒤에 있습니다.")
    page.get_by_role("button", name="답변등록").click()
    expect(page.locator(".inquiry-state")).to_contain_text("답변완료")


def read_answer(page) -> None:
    visit(page, "1:1 문의")
    expect(page.locator("main")).to_contain_text("답변완료")
    page.get_by_role("link", name="주차할 곳이 있나요?").click()
    expect(page.locator("main")).to_contain_text("도서관 뒤에 있습니다.")


# -- a guest ---------------------------------------------------------------------------------------
def see_everything(page) -> None:
    """At once, although the site caches its pages for guests."""
    close_popup(page)
    expect(page.locator("header img.logo")).to_be_visible()
    expect(page.locator("header img.logo")).to_have_js_property("naturalWidth", 160)
    style = "getComputedStyle(document.documentElement).getPropertyValue('--accent')"
    assert page.evaluate(style) == PLUM
    expect(page.locator(".latest-grid > *").first).to_contain_text("오늘 문을 열었습니다.")
    expect(page.get_by_role("region", name="첫 모임 장소")).to_contain_text("바닷가")
    look(page, "html")

    policy = page.reload().headers["content-security-policy"]
    assert f"{ANALYTICS}/gtag/" in policy
    expect(
        page.locator(f'head meta[name="naver-site-verification"][content="{NAVER}"]')
    ).to_have_count(1)
    expect(page.locator(f'head script[src^="{ANALYTICS}/gtag/js?id={GA}"]')).to_have_count(1)

    visit(page, "너울골 소개")
    expect(page.locator("main")).to_contain_text("바다가 보이는 마을입니다.")
    expect(page.get_by_role("contentinfo").get_by_role("link", name="너울골 소개")).to_be_visible()
    visit(page, "자주 묻는 질문")
    page.get_by_text("누가 올 수 있나요?").click()
    expect(page.get_by_text("누구나 오세요.")).to_be_visible()
    visit(page, "자유게시판")
    page.get_by_role("link", name="첫 모임은 어디서 할까요?").first.click()
    expect(page.locator("main")).to_contain_text("1표 100.0%")
    visit(page, "1:1 문의")
    expect(page.locator("main")).not_to_contain_text("주차할 곳이 있나요?")
    assert page.complaints == []
