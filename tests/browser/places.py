"""Every page that the public can come to, and who comes there."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from tests.conftest import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Page


class Place(NamedTuple):
    """`path` takes the numbers of the town; `deed` is done there and leads to the page meant.

    `part` is what of the page is ours to answer for: Django's admin is not.
    """

    name: str
    path: str
    who: str = "guest"
    status: int = 200
    deed: Callable[["Page"], None] | None = None
    part: str = "html"


def press(button: str) -> Callable[["Page"], None]:
    """Presses a button of the main form, unchecked by the browser, so that the server refuses."""

    def deed(page: "Page") -> None:
        page.eval_on_selector_all("form", "all => all.forEach(form => form.noValidate = true)")
        page.locator("main").get_by_role("button", name=button, exact=True).click()

    return deed


def moderate(page: "Page") -> None:
    """What a moderator ticked, without a word of what to do with it."""
    page.locator("main input[name=posts]").first.check()
    page.locator("main summary").click()
    press("실행")(page)


def unfold(page: "Page") -> None:
    """The page again with its folded parts open: they are parts of it too."""
    page.reload()
    page.locator("main details.manage > summary").first.click()


def open_answer(page: "Page") -> None:
    """A FAQ with its first answer shown."""
    page.reload()
    page.locator("main .faq summary").first.click()


def stale(page: "Page") -> None:
    """A form whose cookie is gone."""
    page.fill("#id_text", "오래 쓴 댓글")
    page.context.clear_cookies(name="csrftoken")
    press("댓글등록")(page)


def try_to_log_in(username: str) -> Callable[["Page"], None]:
    """With the right password, as one whom the site does not let in."""

    def deed(page: "Page") -> None:
        page.fill("#id_login", username)
        page.locator("main #id_password").fill(PASSWORD)
        press("로그인")(page)

    return deed


def leave_suspended(page: "Page") -> None:
    """Two steps; the status is the first one's."""
    try_to_log_in("suspended")(page)
    page.locator("main").get_by_role("link", name="회원탈퇴").click()
    page.wait_for_url("**/leave/suspended/")


def prove(page: "Page") -> None:
    """Gives the password once more, and comes to where it was asked for."""
    page.locator("main input[name=password]").fill(PASSWORD)
    press("확인")(page)


def change_level(page: "Page") -> None:
    """The admin's page that asks to which level."""
    page.locator("input[name=_selected_action]").first.check()
    page.locator("select[name=action]").select_option("set_level")
    page.locator("button[name=index]").click()


def report_letter(page: "Page") -> None:
    """A letter reported without a reason."""
    page.locator("main .report-letter summary").click()
    press("신고")(page)


OLD_VISITS = "/admin/visits/daycount/import/"
ADMIN = "/admin/accounts/member/"
VISITS = "/admin/reports/visits-"
BLOCKS = "/admin/boards/blockedsearchword/"
SOURCES = "/admin/collector/source/"
COMPLAIN = "/sources/{source}/complain/"
COMPLAINTS = "/admin/collector/complaint/"
PLACES = (
    Place("front", "/"),
    Place("front of a member", "/", "minji"),
    Place("group", "/groups/community/"),
    Place("list", "/free/"),
    Place("list of a member", "/free/?page=2", "minji"),
    Place("list by category", "/free/?category={category}&sort=views"),
    Place("empty list", "/qna/"),
    Place("gallery", "/gallery/", "minji"),
    Place("list of a moderator", "/free/", "moderator", 200, unfold),
    Place("gallery of a moderator", "/gallery/", "moderator", 200, unfold),
    Place("list to correct", "/free/?page=2", "moderator", 422, moderate),
    Place("post of a moderator", "/free/{post}/", "moderator", 200, unfold),
    Place("bin", "/free/bin/", "moderator"),
    Place("hidden posts", "/free/bin/?state=hidden", "moderator"),
    Place("closed post", "/free/{closed}/", "minji"),
    Place("post", "/free/{post}/"),
    Place("post of one's own", "/free/{post}/", "minji"),
    Place("post to answer", "/free/{post}/?reply={comment}", "junho"),
    Place("post with an empty comment", "/free/{post}/", "junho", 422, press("댓글등록")),
    Place("post with pages of comments", "/free/{crowded}/?comments=2&order=newest", "minji"),
    Place("post with a notice of the staff", "/free/{post}/", "moderator"),
    Place("popular", "/popular/"),
    Place("popular today", "/popular/?period=day", "minji"),
    Place("tags", "/tags/"),
    Place("tag", "/tags/도움말/"),
    Place("webzine", "/webzine/"),
    Place("webzine of a moderator", "/webzine/", "owner", 200, unfold),
    Place("faq", "/faq/"),
    Place("faq with an answer open", "/faq/", "minji", 200, open_answer),
    Place("history", "/faq/4/history/", "owner"),
    Place("write as a guest", "/yard/write/"),
    Place("write as a guest with errors", "/yard/write/", "guest", 422, press("작성완료")),
    Place("post of a guest", "/yard/{guest_post}/"),
    Place("unlock", "/yard/{guest_post}/unlock/?to=edit"),
    Place("answer a post", "/free/{post}/reply/", "junho"),
    Place("leave the site", "/accounts/leave/", "minji"),
    Place("leave with errors", "/accounts/leave/", "minji", 422, press("탈퇴 신청")),
    Place("own data", "/accounts/export/", "minji"),
    Place("suspended", "/accounts/login/", "guest", 403, try_to_log_in("suspended")),
    Place("suspended who leaves", "/accounts/login/", "guest", 403, leave_suspended),
    Place("who left", "/accounts/login/", "guest", 403, try_to_log_in("left")),
    Place("who waits for a yes", "/accounts/login/", "guest", 403, try_to_log_in("waiting")),
    Place("shut out", "/free/", "guest", 403),
    Place("suspend a member", "/members/minji/suspend/", "owner"),
    Place("suspend with errors", "/members/minji/suspend/", "owner", 422, press("정지")),
    Place("notifications", "/notifications/", "minji"),
    Place("stop mails", "/notifications/unsubscribe/{token}/"),
    Place("letters", "/messages/", "minji"),
    Place("letters that were sent", "/messages/?box=sent", "junho"),
    Place("letter", "/messages/{message}/", "minji"),
    Place("letter to report", "/messages/{message}/", "minji", 422, report_letter),
    Place("write a letter", "/messages/write/?to=minji", "junho"),
    Place("write a letter with errors", "/messages/write/", "minji", 422, press("보내기")),
    Place("blocked members", "/accounts/blocks/", "minji"),
    Place("choose notifications", "/notifications/choose/", "minji"),
    Place("watched boards and words", "/notifications/watching/", "minji"),
    Place("word to correct", "/notifications/watching/", "minji", 422, press("더하기")),
    Place("search", "/search/"),
    Place("search results", "/search/?q=봄"),
    Place("search for comments", "/search/?q=사진&field=comments"),
    Place("search in vain", "/search/?q=없는낱말"),
    Place("new posts", "/new/"),
    Place("who is here", "/visits/now/"),
    Place("who is here, for a member", "/visits/now/", "minji"),
    Place("who is here, for the staff", "/visits/now/", "owner"),
    Place("member", "/members/minji/"),
    Place("oneself", "/members/minji/", "minji"),
    Place("closed profile", "/members/junho/"),
    Place("write", "/free/write/", "moderator"),
    Place("write with errors", "/free/write/", "minji", 422, press("작성완료")),
    Place("edit a post", "/free/{post}/edit/", "minji"),
    Place("keep a post", "/free/{post}/scrap/", "junho"),
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
    Place("draft of an answer to what is gone", "/free/write/?draft={lost}", "minji"),
    Place("report a post", "/free/{post}/report/", "junho"),
    Place("report with errors", "/free/{post}/report/", "junho", 422, press("신고")),
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
        press("삭제"),
    ),
    Place("edit profile", "/accounts/profile/", "minji"),
    Place("consents", "/accounts/consents/", "minji"),
    Place("consents of marketing", "/accounts/consents/", "junho"),
    Place("agree anew", "/free/write/", "newcomer"),
    Place("agree anew with errors", "/free/write/", "newcomer", 422, press("동의하고 계속")),
    Place("terms", "/terms/"),
    Place("terms of before", "/terms/1/"),
    Place("privacy", "/privacy/"),
    Place("change the password", "/accounts/password/change/", "minji"),
    Place("change the address", "/accounts/email/", "minji"),
    Place("where one is logged in", "/accounts/sessions/", "minji"),
    Place("connections", "/accounts/3rdparty/", "minji"),
    Place("provider said no", "/accounts/3rdparty/login/cancelled/"),
    Place("provider did not answer", "/accounts/3rdparty/login/error/", "guest", 401),
    Place("ways to log in", "/accounts/2fa/", "minji"),
    Place("passkeys", "/accounts/2fa/webauthn/", "minji"),
    Place("prove who one is", "/accounts/reauthenticate/", "minji"),
    Place("authenticator app", "/accounts/2fa/totp/activate/", "minji", 200, prove),
    Place("another passkey", "/accounts/2fa/webauthn/add/", "minji"),
    Place("log out", "/accounts/logout/", "minji"),
    Place("log in", "/accounts/login/"),
    Place("ask for a code", "/accounts/login/code/"),
    Place("log in with errors", "/accounts/login/", "guest", 200, press("로그인")),
    Place("sign up", "/accounts/signup/"),
    Place("mail to confirm", "/accounts/confirm-email/"),
    Place("invitations", "/accounts/invitations/", "minji"),
    Place("sign up with errors", "/accounts/signup/", "guest", 200, press("회원가입")),
    Place("reset the password", "/accounts/password/reset/"),
    Place("password reset sent", "/accounts/password/reset/done/"),
    Place("go to a provider", "/accounts/kakao/login/"),
    Place("record of a member", ADMIN + "{minji}/record/", "owner", part="#content"),
    Place("erase one who has left", ADMIN + "erase/", "owner", part="#content"),
    Place("accounts to merge", ADMIN + "merge/", "owner", part="#content"),
    Place("two accounts", ADMIN + "merge/?kept=minji&gone=junho", "owner", part="#content"),
    Place("level of a member", ADMIN, "owner", 200, change_level, "#content"),
    Place("searched words", "/admin/reports/searched-words/", "owner", part="#content"),
    Place("word to block", BLOCKS + "add/?word=벚꽃", "owner", part="#content"),
    Place("visits by day", VISITS + "days/", "owner", part="#content"),
    Place("visits of many days", VISITS + "days/?from={since}", "owner", part="#content"),
    Place("visits by hour", VISITS + "hours/", "owner", part="#content"),
    Place("browsers of visitors", VISITS + "browsers/", "owner", part="#content"),
    Place("sites that visitors come from", VISITS + "sites/", "owner", part="#content"),
    Place("robots", VISITS + "robots/", "owner", part="#content"),
    Place("visitors who look like programs", VISITS + "suspicious/", "owner", part="#content"),
    Place("days that never were", VISITS + "days/?to=2026-02-30", "owner", 422, part="#content"),
    Place("visitors", "/admin/visits/dayvisitor/", "owner", part="#content"),
    Place("visitors' settings", "/admin/visits/visitsettings/1/change/", "owner", part="#content"),
    Place("first page of the admin", "/admin/", "owner", part="#content"),
    Place("what is written", "/admin/reports/writing/", "owner", part="#content"),
    Place("what is written where", "/admin/reports/writing-by-board/", "owner", part="#content"),
    Place("posts that are read", "/admin/reports/most-read-posts/", "owner", part="#content"),
    Place("how chores fare", "/admin/boardsite/chorerun/", "owner", part="#content"),
    Place("visitors of an older site", OLD_VISITS, "owner", part="#content"),
    Place("visitors to judge anew", "/admin/visits/daycount/judge/", "owner", part="#content"),
    Place("a file of no visitors", OLD_VISITS, "owner", 422, press("가져오기"), "#content"),
    Place("sources of articles", SOURCES, "owner", part="#content"),
    Place("source", SOURCES + "{source}/change/", "owner", part="#content"),
    Place("source to add", SOURCES + "add/", "owner", part="#content"),
    Place("what a source would post", SOURCES + "{source}/try/", "owner", part="#content"),
    Place("source to take down", SOURCES + "{source}/take-down/", "owner", part="#content"),
    Place("articles that were met", "/admin/collector/seenentry/", "owner", part="#content"),
    Place("what was done with sources", "/admin/collector/sourceevent/", "owner", part="#content"),
    Place("article of a paper", "/free/{paper_post}/"),
    Place("article that was taken down", "/free/{hidden_post}/", "guest", 410),
    Place("complaint about an article", COMPLAIN + "?post={article}"),
    Place("complaint with errors", COMPLAIN, "guest", 422, press("신고")),
    Place("complaint that was sent", COMPLAIN + "sent/", "minji"),
    Place("complaints", COMPLAINTS, "owner", part="#content"),
    Place("complaint to answer", COMPLAINTS + "{complaint}/change/", "owner", part="#content"),
    Place("no right", "/staff/", "guest", 403),
    Place("no right for a member", "/staff/", "minji", 403),
    Place("secret", "/free/{secret}/", "minji", 403),
    Place("stale form", "/free/{post}/", "junho", 403, stale),
    Place("nothing there", "/free/999/", "guest", 404),
    Place("too often", "/search/?q=봄", "guest", 429),
)
