"""1:1 문의: the list, finding one's own as a guest, canned answers, and closing."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from boards.actions.inquiries import close_inquiry as do_close_inquiry
from boards.forms.comments import COMMENT_LENGTH, CommentForm
from boards.forms.inquiries import FindInquiryForm
from boards.models import Board
from boards.permissions import Access, access
from boards.queries.inquiries import STATES, WAITING, inquiry_rows, opened_by, own_list, tabs_of
from boards.queries.inquiries import staff_list as list_for_staff
from boards.views.finding import find_board, readable_post
from boards.views.guests import visitor_of
from boards.views.unlocking import unlock
from boardsite.caching import page_cache
from boardsite.context import site_settings
from boardsite.forms import refuse_form, show_form
from boardsite.limits.attempts import counts_attempts
from boardsite.limits.rate_limit import TooMany, hit, hit_or_refuse
from boardsite.pagination import Pages, page_number
from boardsite.text import id_in
from boardsite.visitors.identity import address_key

HOUR = 3600
TRIES = 10  # an hour from each network
# Beyond this many an hour for one address for mail, each network may try once in so many seconds:
# nobody can lock its owner out.
TRIES_OF_ALL, SLOWLY = 50, 60


def list_inquiries(request: HttpRequest, board: Board) -> HttpResponse:
    """For moderators all inquiries of the board, by state; for others their own. A guest sees those
    that they have unlocked."""
    can = access(visitor_of(request), board)
    page_cache.cache_page(request, scope=board.pk)
    state = request.GET.get("state", "") if can.moderate else ""
    state = state if state in STATES else WAITING
    found = list_for_staff(board, state) if can.moderate else own_list(can)
    number, size = page_number(request), board.page_size or site_settings(request).page_size
    pages = Pages(number, found.count(), size, board.get_absolute_url(), {"state": state})
    context = {
        "board": board,
        "can": can,
        "rows": inquiry_rows(found[pages.offset : pages.offset + size]),
        "pages": pages,
        "state": state,
        "tabs": tabs_of(board) if can.moderate else [],
    }
    return render(request, "boards/list_inquiries.jinja", context)


@require_http_methods(["GET", "POST"])
@counts_attempts
def find_inquiry(request: HttpRequest, slug: str) -> HttpResponse:
    """내 문의 찾기: unlocks the inquiries that a guest wrote with this address and this password."""
    board = find_board(slug)
    can = access(request.user, board)
    can.require("read")
    if not board.is_inquiry:
        raise Http404(_("1:1 문의 게시판이 아닙니다."))
    if request.user.is_authenticated:
        return redirect(board)
    form = FindInquiryForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _may_try(request, form):
        found = opened_by(board, form.cleaned_data["mail"], form.cleaned_data["password"])
        for post in found:
            unlock(request, post)
        if found:
            return redirect(board)
        form.add_error(None, _("E-mail 주소와 비밀번호가 맞는 문의가 없습니다."))
    context = {"form": form, "board": board}
    return show_form(request, "boards/find_inquiry.jinja", context, form)


def _may_try(request: HttpRequest, form: FindInquiryForm) -> bool:
    """Counts a try before any password is checked; above the limit, adds an error."""
    address = address_key(request)
    mail = salted_hmac("find_inquiry", form.cleaned_data["mail"].lower()).hexdigest()[:20]
    try:
        hit_or_refuse(f"find:{address}", limit=TRIES, seconds=HOUR)
        if not hit(f"find:{mail}", TRIES_OF_ALL, HOUR):
            hit_or_refuse(f"slow:find:{address}", limit=1, seconds=SLOWLY)
    except TooMany as refusal:
        refuse_form(form, refusal)
        return False
    return True


@require_POST
def close_inquiry(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Marks an inquiry as answered without writing an answer."""
    post, can = readable_post(request, slug, number)
    can.require("moderate", back=post.get_absolute_url())
    if not post.board.is_inquiry:
        raise Http404(_("1:1 문의 게시판이 아닙니다."))
    do_close_inquiry(post=post, seen=id_in(request.POST.get("seen", "")))
    messages.success(request, _("답변완료로 표시했습니다."))
    return redirect(post.board)


def form_with_canned_answer(request: HttpRequest, can: Access) -> CommentForm:
    """The form of a comment with the chosen canned answer below what was typed."""
    chosen = request.POST.get("canned_answer", "")
    texts = [request.POST.get("text", "")[:COMMENT_LENGTH].strip()]
    texts += [each.text for each in can.board.canned_answers.all() if str(each.pk) == chosen]
    initial = {
        "text": "\n\n".join(filter(None, texts)),
        "submission": request.POST.get("submission", "")[:36],
    }
    return CommentForm.new(can, initial=initial)
