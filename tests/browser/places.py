"""Every public page, and who opens it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from tests.conftest import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Page


class Place(NamedTuple):
    """`path` takes parameters from `site_data`. `action` is performed on the page and leads to the
    page under test.
    """

    name: str
    path: str
    who: str = "guest"
    status: int = 200
    action: Callable[["Page"], None] | None = None


PLAIN = "all => all.forEach(form => { form.noValidate = true; delete form.dataset.inplace; })"


def submit(button: str) -> Callable[["Page"], None]:
    """Submits the main form without the browser's validation, so that the server refuses it with a
    page."""

    def action(page: "Page") -> None:
        page.eval_on_selector_all("form", PLAIN)
        page.locator("main").get_by_role("button", name=button, exact=True).click()

    return action


def moderate(page: "Page") -> None:
    """Submits a selection of posts without an operation."""
    page.locator("main input[name=posts]").first.check()
    page.locator("main summary").click()
    submit("실행")(page)


def expand(page: "Page") -> None:
    """Reloads the page and opens its collapsed parts, which belong to the page too."""
    page.reload()
    page.locator("main details.manage > summary").first.click()


def open_submenu(page: "Page") -> None:
    """Opens the second level of an item of the menu."""
    page.reload()
    page.locator(".submenu summary").nth(1).click()


def open_menu(page: "Page") -> None:
    """Opens the panel with the whole menu."""
    page.reload()
    page.locator(".menu > summary").click()


def open_answer(page: "Page") -> None:
    """Opens the first answer of the FAQ."""
    page.reload()
    page.locator("main .faq summary").first.click()


def vote_for_nothing(page: "Page") -> None:
    """Votes for no option."""
    submit("투표하기")(page)


def open_poll_fields(page: "Page") -> None:
    """Reloads the page and opens the fields of a poll."""
    page.reload()
    page.locator("main .poll-fields > summary").click()
    page.locator("main .more-options > summary").first.click()


def write_wrong_poll(page: "Page") -> None:
    """Sends a question with a single option."""
    page.locator("main .poll-fields > summary").click()
    page.fill("#id_poll_question", "어디로 갈까요?")
    page.fill("#id_poll_options_1", "산")
    submit("작성완료")(page)


def submit_without_cookie(page: "Page") -> None:
    """Submits a form after its CSRF cookie is gone."""
    page.fill("#id_text", "오래 쓴 댓글")
    page.context.clear_cookies(name="csrftoken")
    submit("댓글등록")(page)


def try_to_log_in(username: str) -> Callable[["Page"], None]:
    """Logs in with the right password as a member whom the site refuses."""

    def action(page: "Page") -> None:
        page.fill("#id_login", username)
        page.locator("main #id_password").fill(PASSWORD)
        submit("로그인")(page)

    return action


def leave_suspended(page: "Page") -> None:
    """Two steps; the status is that of the first one."""
    try_to_log_in("suspended")(page)
    page.locator("main").get_by_role("link", name="회원탈퇴").click()
    page.wait_for_url("**/leave/suspended/")


def enter_password(page: "Page") -> None:
    """Enters the password again, and gets to the requested page."""
    page.locator("main input[name=password]").fill(PASSWORD)
    submit("확인")(page)


def change_level(page: "Page") -> None:
    """The admin page that asks for the new level."""
    page.locator("input[name=_selected_action]").first.check()
    page.locator("select[name=action]").select_option("set_level")
    page.locator("button[name=index]").click()


def report_message(page: "Page") -> None:
    """Reports a message without a reason."""
    page.locator("main .report-letter summary").click()
    submit("신고")(page)


OLD_VISITS = "/admin/visits/daycount/import/"
ADMIN = "/admin/accounts/member/"
VISITS = "/admin/reports/visits-"
BLOCKS = "/admin/boards/blockedsearchword/"
CONTENT = "/admin/pages/contentpage/{content}/change/"
SOURCES = "/admin/collector/source/"
COMPLAIN = "/sources/{source}/complain/"
MENU = "/admin/pages/sitemenu/"
POPUPS = "/admin/pages/popup/"
BANNERS = "/admin/pages/banner/"
LAYOUT = "/admin/pages/block/"
COMPLAINTS = "/admin/collector/complaint/"
PLACES = (
    Place("front", "/"),
    Place("front of a member", "/", "minji"),
    Place("front of blocks", "/?blocks"),
    Place("front of blocks of a member", "/?blocks", "minji"),
    Place("side of blocks", "/free/?blocks", "minji"),
    Place("group", "/groups/community/"),
    Place("content page", "/content/company/"),
    Place("content page for members", "/content/inner/", "guest", 403),
    Place("draft of a content page", "/content/draft/", "owner"),
    Place("history of a content page", "/content/company/history/?edit={content_edit}", "owner"),
    Place("form of a content page", CONTENT, "owner"),
    Place("list", "/free/"),
    Place("list of a member", "/free/?page=2", "minji"),
    Place("list by category", "/free/?category={category}&sort=views"),
    Place("empty list", "/qna/"),
    Place("gallery", "/gallery/", "minji"),
    Place("list of a moderator", "/free/", "moderator", 200, expand),
    Place("gallery of a moderator", "/gallery/", "moderator", 200, expand),
    Place("list with errors", "/free/?page=2", "moderator", 422, moderate),
    Place("post of a moderator", "/free/{post}/", "moderator", 200, expand),
    Place("bin", "/free/bin/", "moderator"),
    Place("hidden posts", "/free/bin/?state=hidden", "moderator"),
    Place("closed post", "/free/{closed}/", "minji"),
    Place("post", "/free/{post}/"),
    Place("post with a poll", "/free/{poll}/"),
    Place("poll in which one has voted", "/free/{poll}/", "minji"),
    Place("poll with errors", "/free/{poll}/", "junho", 422, vote_for_nothing),
    Place("poll whose end one may change", "/free/{poll}/edit/", "minji"),
    Place("write with a poll", "/free/write/", "junho", 200, open_poll_fields),
    Place("write with a wrong poll", "/free/write/", "junho", 422, write_wrong_poll),
    Place("post of one's own", "/free/{post}/", "minji"),
    Place("post to answer", "/free/{post}/?reply={comment}", "junho"),
    Place("post with an empty comment", "/free/{post}/", "junho", 422, submit("댓글등록")),
    Place("post with pages of comments", "/free/{crowded}/?comments=2&order=newest", "minji"),
    Place("post with a notice of the staff", "/free/{post}/", "moderator"),
    Place("popular", "/popular/"),
    Place("popular today", "/popular/?period=day", "minji"),
    Place("tags", "/tags/"),
    Place("tag", "/tags/도움말/"),
    Place("webzine", "/webzine/"),
    Place("webzine of a moderator", "/webzine/", "owner", 200, expand),
    Place("faq", "/faq/"),
    Place("inquiries of a guest", "/help/"),
    Place("own inquiries", "/help/", "junho"),
    Place("inquiries to answer", "/help/", "owner"),
    Place("an inquiry", "/help/2/", "junho"),
    Place("an inquiry to answer", "/help/1/", "owner"),
    Place("form of an inquiry", "/help/write/"),
    Place("form of an inquiry refused", "/help/write/", "guest", 422, submit("작성완료")),
    Place("finding an inquiry", "/help/find/"),
    Place("finding an inquiry refused", "/help/find/", "guest", 422, submit("확인")),
    Place("order of an faq", "/faq/order/", "owner"),
    Place("faq with an answer open", "/faq/", "minji", 200, open_answer),
    Place("history", "/faq/4/history/", "owner"),
    Place("write as a guest", "/yard/write/"),
    Place("write as a guest with errors", "/yard/write/", "guest", 422, submit("작성완료")),
    Place("post of a guest", "/yard/{guest_post}/"),
    Place("unlock", "/yard/{guest_post}/unlock/?to=edit"),
    Place("answer a post", "/free/{post}/reply/", "junho"),
    Place("leave the site", "/accounts/leave/", "minji"),
    Place("leave with errors", "/accounts/leave/", "minji", 422, submit("탈퇴 신청")),
    Place("own data", "/accounts/export/", "minji"),
    Place("suspended", "/accounts/login/", "guest", 403, try_to_log_in("suspended")),
    Place("suspended who leaves", "/accounts/login/", "guest", 403, leave_suspended),
    Place("former member", "/accounts/login/", "guest", 403, try_to_log_in("left")),
    Place("waiting for approval", "/accounts/login/", "guest", 403, try_to_log_in("waiting")),
    Place("blocked address", "/free/", "guest", 403),
    Place("suspend a member", "/members/minji/suspend/", "owner"),
    Place("suspend with errors", "/members/minji/suspend/", "owner", 422, submit("정지")),
    Place("notifications", "/notifications/", "minji"),
    Place("stop mails", "/notifications/unsubscribe/{token}/"),
    Place("messages", "/messages/", "minji"),
    Place("sent messages", "/messages/?box=sent", "junho"),
    Place("message", "/messages/{message}/", "minji"),
    Place("message to report", "/messages/{message}/", "minji", 422, report_message),
    Place("write a message", "/messages/write/?to=minji", "junho"),
    Place("write a message with errors", "/messages/write/", "minji", 422, submit("보내기")),
    Place("blocked members", "/accounts/blocks/", "minji"),
    Place("choose notifications", "/notifications/choose/", "minji"),
    Place("watched boards and words", "/notifications/watching/", "minji"),
    Place("watched word with errors", "/notifications/watching/", "minji", 422, submit("추가")),
    Place("search", "/search/"),
    Place("search results", "/search/?q=봄"),
    Place("search for comments", "/search/?q=사진&field=comments"),
    Place("search without results", "/search/?q=없는낱말"),
    Place("new posts", "/new/"),
    Place("online visitors", "/visits/now/"),
    Place("online visitors, for a member", "/visits/now/", "minji"),
    Place("online visitors, for the staff", "/visits/now/", "owner"),
    Place("member", "/members/minji/"),
    Place("own profile", "/members/minji/", "minji"),
    Place("closed profile", "/members/junho/"),
    Place("write", "/free/write/", "moderator"),
    Place("write with errors", "/free/write/", "minji", 422, submit("작성완료")),
    Place("edit a post", "/free/{post}/edit/", "minji"),
    Place("scrap a post", "/free/{post}/scrap/", "junho"),
    Place("change a note", "/free/{post}/scrap/", "minji"),
    Place("own page", "/my/", "minji"),
    Place("own posts", "/my/posts/", "junho"),
    Place("own comments", "/my/comments/?page=2", "minji"),
    Place("own likes", "/my/likes/", "junho"),
    Place("own settings", "/my/settings/", "minji"),
    Place("no own posts", "/my/posts/", "owner"),
    Place("scraps", "/scraps/", "minji"),
    Place("no scraps", "/scraps/", "moderator"),
    Place("drafts", "/drafts/", "minji"),
    Place("no drafts", "/drafts/", "junho"),
    Place("draft to copy", "/drafts/{draft}/", "minji"),
    Place("draft of a reply to a deleted post", "/free/write/?draft={lost}", "minji"),
    Place("report a post", "/free/{post}/report/", "junho"),
    Place("report with errors", "/free/{post}/report/", "junho", 422, submit("신고")),
    Place("report a comment", "/free/{post}/comments/{comment}/report/", "minji"),
    Place("reports", "/reports/", "moderator"),
    Place("reports that were judged", "/reports/?state=handled", "moderator"),
    Place("delete a post", "/free/{post}/delete/", "minji"),
    Place("edit a comment", "/free/{post}/comments/{own_comment}/edit/", "minji"),
    Place("delete a comment", "/free/{post}/comments/{own_comment}/delete/", "minji"),
    Place(
        "post with a message",
        "/free/{post}/comments/{own_comment}/delete/",
        "minji",
        200,
        submit("삭제"),
    ),
    Place("edit profile", "/accounts/profile/", "minji"),
    Place("consents", "/accounts/consents/", "minji"),
    Place("consents of marketing", "/accounts/consents/", "junho"),
    Place("agree again", "/free/write/", "newcomer"),
    Place("agree again with errors", "/free/write/", "newcomer", 422, submit("동의하고 계속")),
    Place("terms", "/terms/"),
    Place("terms of before", "/terms/1/"),
    Place("privacy", "/privacy/"),
    Place("consent to privacy", "/privacy/consent/"),
    Place("form of a legal text", "/admin/accounts/legaltext/add/", "owner"),
    Place("change the password", "/accounts/password/change/", "minji"),
    Place("change the address", "/accounts/email/", "minji"),
    Place("sessions", "/accounts/sessions/", "minji"),
    Place("connections", "/accounts/3rdparty/", "minji"),
    Place("provider said no", "/accounts/3rdparty/login/cancelled/"),
    Place("provider did not answer", "/accounts/3rdparty/login/error/", "guest", 401),
    Place("login methods", "/accounts/2fa/", "minji"),
    Place("passkeys", "/accounts/2fa/webauthn/", "minji"),
    Place("reauthenticate", "/accounts/reauthenticate/", "minji"),
    Place("authenticator app", "/accounts/2fa/totp/activate/", "minji", 200, enter_password),
    Place("another passkey", "/accounts/2fa/webauthn/add/", "minji"),
    Place("log out", "/accounts/logout/", "minji"),
    Place("log in", "/accounts/login/"),
    Place("ask for a code", "/accounts/login/code/"),
    Place("log in with errors", "/accounts/login/", "guest", 200, submit("로그인")),
    Place("sign up", "/accounts/signup/"),
    Place("mail to confirm", "/accounts/confirm-email/"),
    Place("invitations", "/accounts/invitations/", "minji"),
    Place("sign up with errors", "/accounts/signup/", "guest", 200, submit("회원가입")),
    Place("reset the password", "/accounts/password/reset/"),
    Place("password reset sent", "/accounts/password/reset/done/"),
    Place("go to a provider", "/accounts/kakao/login/"),
    Place("record of a member", ADMIN + "{minji}/record/", "owner"),
    Place("erase one who has left", ADMIN + "erase/", "owner"),
    Place("accounts to merge", ADMIN + "merge/", "owner"),
    Place("two accounts", ADMIN + "merge/?kept=minji&gone=junho", "owner"),
    Place("level of a member", ADMIN, "owner", 200, change_level),
    Place("searched words", "/admin/reports/searched-words/", "owner"),
    Place("search word to block", BLOCKS + "add/?word=벚꽃", "owner"),
    Place("visits by day", VISITS + "days/", "owner"),
    Place("visits of many days", VISITS + "days/?from={since}", "owner"),
    Place("visits by hour", VISITS + "hours/", "owner"),
    Place("browsers of visitors", VISITS + "browsers/", "owner"),
    Place("sites that visitors come from", VISITS + "sites/", "owner"),
    Place("robots", VISITS + "robots/", "owner"),
    Place("visitors who look like programs", VISITS + "suspicious/", "owner"),
    Place("invalid days", VISITS + "days/?to=2026-02-30", "owner", 422),
    Place("visitors", "/admin/visits/dayvisitor/", "owner"),
    Place("visitors' settings", "/admin/visits/visitsettings/1/change/", "owner"),
    Place("first page of the admin", "/admin/", "owner"),
    Place("posts by day", "/admin/reports/writing/", "owner"),
    Place("posts by board", "/admin/reports/writing-by-board/", "owner"),
    Place("most read posts", "/admin/reports/most-read-posts/", "owner"),
    Place("the site's look", "/admin/pages/appearancedraft/1/change/", "owner"),
    Place("chores", "/admin/boardsite/chorerun/", "owner"),
    Place("visitors of an older site", OLD_VISITS, "owner"),
    Place("visitors to classify again", "/admin/visits/daycount/judge/", "owner"),
    Place("empty import", OLD_VISITS, "owner", 422, submit("가져오기")),
    Place("sources of articles", SOURCES, "owner"),
    Place("source", SOURCES + "{source}/change/", "owner"),
    Place("source to add", SOURCES + "add/", "owner"),
    Place("trial of a source", SOURCES + "{source}/try/", "owner"),
    Place("source to take down", SOURCES + "{source}/take-down/", "owner"),
    Place("seen articles", "/admin/collector/seenentry/", "owner"),
    Place("log of sources", "/admin/collector/sourceevent/", "owner"),
    Place("article of a paper", "/free/{paper_post}/"),
    Place("article that was taken down", "/free/{hidden_post}/", "guest", 410),
    Place("complaint about an article", COMPLAIN + "?post={article}"),
    Place("complaint with errors", COMPLAIN, "guest", 422, submit("신고")),
    Place("complaint that was sent", COMPLAIN + "sent/", "minji"),
    Place("complaints", COMPLAINTS, "owner"),
    Place("complaint to answer", COMPLAINTS + "{complaint}/change/", "owner"),
    Place("menu with a second level open", "/terms/", "minji", 200, open_submenu),
    Place("whole menu", "/terms/", "minji", 200, open_menu),
    Place("menu to arrange", MENU, "owner"),
    Place("menu item to add", MENU + "items/add/link/", "owner"),
    Place(
        "menu item with errors",
        MENU + "items/add/link/",
        "owner",
        422,
        submit("저장"),
    ),
    Place("group in the menu", MENU + "items/{menu_group}/", "owner"),
    Place("menu item to delete", MENU + "items/{menu_heading}/delete/", "owner"),
    Place("blocks to arrange", LAYOUT, "owner"),
    Place("block to add", LAYOUT + "add/?place=front&kind=latest", "owner"),
    Place("text to change", LAYOUT + "{text_block}/change/", "owner"),
    Place("services", "/admin/pages/servicesettings/", "owner"),
    Place("ads", "/admin/pages/ad/", "owner"),
    Place("ad", "/admin/pages/ad/{ad}/change/", "owner"),
    Place("ad to add", "/admin/pages/ad/add/", "owner"),
    Place("popups in the admin", POPUPS, "owner"),
    Place("popup in the admin", POPUPS + "{popup}/change/", "owner"),
    Place("popup to preview", POPUPS + "{popup}/preview/", "owner"),
    Place("banners in the admin", BANNERS, "owner"),
    Place("banner to add", BANNERS + "add/", "owner"),
    Place("banner in the admin", BANNERS + "{banner}/change/", "owner"),
    Place("no permission", "/staff/", "guest", 403),
    Place("no permission for a member", "/staff/", "minji", 403),
    Place("secret", "/free/{secret}/", "minji", 403),
    Place("stale form", "/free/{post}/", "junho", 403, submit_without_cookie),
    Place("nothing there", "/free/999/", "guest", 404),
    Place("too often", "/search/?q=봄", "guest", 429),
)
