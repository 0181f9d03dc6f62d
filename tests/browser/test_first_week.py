"""An owner's first week: everything that keeps a site running, in the admin and without a shell."""

import pytest
from django.core.management import call_command

from accounts.actions.consents import give_consents
from boards.actions.posts import write_post
from boards.models import Board
from boardsite.mail import servers
from boardsite.mail.mail_url import BACKEND, read_mail_url
from tests.browser.editor import write_in_editor
from tests.browser.steps import expect
from tests.browser.test_first_evening import SELECT2, go_to, look, save
from tests.conftest import make_member, make_owner
from tests.demos import write_small_demo
from tests.mail_server import MailServer

ASSISTANTS = {"다래": "게시판 관리자", "머루": "회원 담당", "보리": "신고 담당"}
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def mail_server(monkeypatch, settings):
    """A mail server that the owner has, and a site that has been told of none."""
    settings.EMAIL_BACKEND, settings.EMAIL_CONFIG = BACKEND, read_mail_url("")
    settings.HAS_OWN_SENDER = False
    with MailServer() as server:
        monkeypatch.setattr(servers, "PORTS", [*servers.PORTS, server.port])
        yield server


@pytest.fixture
def week_old_site(side_by_side, monkeypatch):
    """The demo, three members who want to help, and one who came to advertise."""
    write_small_demo(monkeypatch)
    for number, nickname in enumerate(ASSISTANTS):
        give_consents(member=make_member(f"helper{number}", nickname), texts={})
    spammer = make_member("cheap", "싸게팝니다")
    board = Board.objects.get(slug="free")
    for number in range(3):
        write_post(author=spammer, board=board, subject=f"대출 {number}", source="<p>싸요</p>")


def test_a_week_without_a_shell(week_old_site, mail_server, open_page):
    owner = make_owner()
    page = open_page("/", member=owner)
    name_the_site(page)
    set_up_mail(page, mail_server)
    give_roles(page)
    mail_members(page, mail_server)
    page.set_viewport_size(PHONE)
    handle_spam_account(page)
    close_board(page)
    close_for_maintenance(page, open_page)
    remove_demo(page)
    finish_first_steps(page)
    assert [each for each in page.complaints if not each.startswith(SELECT2)] == []

    guest = open_page("/", width=390)
    expect(guest.locator(".site-name")).to_have_text("파도 마을")
    expect(guest.locator("body")).not_to_contain_text("보기대표")
    for path, status in (("/free/1/", 404), ("/free/", 403), ("/notice/", 404)):
        assert guest.goto(path).status == status, path


def follow(page, link) -> None:
    with page.expect_navigation():
        link.click()


def first_step(page, name: str) -> None:
    page.goto("/admin/")
    follow(page, page.locator(".first-steps").get_by_role("link", name=name))
    look(page)


def name_the_site(page) -> None:
    follow(page, page.get_by_role("link", name="관리자").first)
    expect(page.get_by_text("예시(보기대표, 000-00-00000)가 남아")).to_be_visible()
    look(page)
    first_step(page, "사이트 이름 정하기")
    page.get_by_label("사이트 이름").fill("파도 마을")
    save(page)


def set_up_mail(page, server: MailServer) -> None:
    first_step(page, "메일 서버 정하기")
    page.get_by_label("메일 서비스").select_option(label="다른 메일 서버")
    page.get_by_label("서버 주소").fill("127.0.0.1")
    page.get_by_label("포트").select_option(str(server.port))
    page.get_by_label("암호화").select_option(index=2)
    page.get_by_label("보내는 주소").fill("town@pado.kr")
    save(page)
    go_to(page, "메일 서버")
    follow(page, page.get_by_role("button", name="시험 메일 보내기"))
    expect(page.get_by_role("status")).to_contain_text("메일을 받았습니다")
    look(page)
    assert server.receivers == ["owner@example.com"]


def give_roles(page) -> None:
    go_to(page, "회원")
    for nickname, role in ASSISTANTS.items():
        page.locator("#searchbar").fill(nickname)
        follow(page, page.get_by_role("button", name="검색"))
        follow(page, page.locator("#result_list tbody").get_by_role("link").first)
        page.get_by_label(role).check()
        save(page)  # back in the list
    look(page)
    page.locator("#searchbar").fill("")
    follow(page, page.get_by_role("button", name="검색"))
    for role in ASSISTANTS.values():
        expect(page.locator("#result_list")).to_contain_text(role)


def mail_members(page, server: MailServer) -> None:
    server.letters.clear()
    go_to(page, "회원메일발송")
    follow(page, page.get_by_role("link", name="회원메일발송 추가"))
    page.get_by_label("제목").fill("{별명}님, 문을 열었습니다")
    write_in_editor(page, "파도 마을이 문을 열었습니다.")
    look(page)
    save(page)
    follow(page, page.get_by_role("button", name="시험 메일 보내기"))
    expect(page.locator(".messagelist .success")).to_be_visible()
    follow(page, page.get_by_role("link", name="받는 회원을 확인하고 보내기"))
    look(page)
    save(page, "보내기 시작")
    call_command("mail_notifications")  # as the server does each minute
    page.reload()
    expect(page.get_by_role("status").first).to_have_text("마침")
    expect(page.locator(".mailing")).to_contain_text(f"보냄 {len(server.receivers) - 1}명")
    look(page)
    wanted = {f"helper{number}@example.com" for number in range(3)}
    assert wanted <= {*server.receivers}
    assert len(server.receivers) == len({*server.receivers}) + 1  # the test went to the owner


def handle_spam_account(page) -> None:
    page.goto("/free/1/")
    page.locator(".post-info .name-menu > summary").click()
    follow(page, page.get_by_role("link", name="프로필"))
    follow(page, page.get_by_role("link", name="스팸 계정 처리"))
    look(page, "main")
    follow(page, page.get_by_role("button", name="스팸 계정 처리"))
    expect(page.get_by_text("모두 숨겨졌습니다")).to_be_visible()


def close_board(page) -> None:
    page.goto("/admin/")
    go_to(page, "게시판")
    follow(page, page.locator("#result_list").get_by_role("link", name="자유게시판"))
    look(page)
    page.get_by_role("heading", name="누가 볼 수 있나").click()
    page.get_by_label("목록 보기 레벨").fill("10")
    page.get_by_label("글 읽기 레벨").fill("10")
    save(page)


def close_for_maintenance(page, open_page) -> None:
    visitor = open_page("/notice/", width=390)
    expect(visitor.get_by_role("heading", level=1)).to_have_text("공지사항")
    go_to(page, "점검")
    page.get_by_label("점검 중").check()
    page.get_by_label("안내").fill("새 서버로 옮기고 있습니다.")
    save(page)
    assert visitor.reload().status == 503
    expect(visitor.get_by_text("새 서버로 옮기고 있습니다.")).to_be_visible()
    look(visitor, "body")
    assert page.goto("/notice/").status == 200
    page.goto("/admin/")
    follow(page, page.get_by_role("link", name="점검 중입니다"))
    page.get_by_label("점검 중").uncheck()
    save(page)
    assert visitor.reload().status == 200


def remove_demo(page) -> None:
    first_step(page, "예시 내용 삭제")
    expect(page.get_by_text("남는 글이 있습니다.")).to_be_visible()
    save(page, "예시 내용 삭제")
    look(page)
    page.goto("/admin/")
    expect(page.get_by_text("보기대표")).to_have_count(0)


def finish_first_steps(page) -> None:
    steps = page.locator(".first-steps")
    while (skip := steps.get_by_role("button", name="넘기기")).count():
        follow(page, skip.first)
    expect(page.get_by_text("처음 할 일")).to_have_count(0)
