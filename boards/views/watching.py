"""새 글 알림: watching boards and words, and the list of watches."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Member
from accounts.permissions import Refused
from boards.actions import watching as actions
from boards.forms import WordForm
from boards.models import Board, BoardWatch, WordWatch
from boards.permissions import access
from boards.refusals import REFUSED_WATCH
from boards.views.finding import find_board
from boardsite.forms import show_form


@require_POST
def watch_board(request: HttpRequest, slug: str) -> HttpResponse:
    """Everybody who may read the board can be notified of its new posts."""
    board = find_board(slug)
    can = access(request.user, board)
    can.require("read")
    member = _require_member(request, back=board.get_absolute_url())
    actions.watch_board(member=member, board=board)
    messages.success(request, _("이 게시판에 새 글이 올라오면 알려 드립니다."))
    return redirect(board)


@require_POST
def unwatch_board(request: HttpRequest, slug: str) -> HttpResponse:
    """Also for a board that the member may not read any more. Redirects to the page of the button."""
    member = _require_member(request, back=reverse("list_watches"))
    board = find_board(slug)
    actions.unwatch_board(member=member, board=board)
    messages.success(request, _("게시판의 새 글 알림을 껐습니다."))
    return redirect("list_watches" if "in_list" in request.POST else board)


@require_safe
def list_watches(request: HttpRequest) -> HttpResponse:
    """The visitor's own watched boards and words."""
    member = _require_member(request, back=reverse("list_watches"))
    return _show(request, member, WordForm())


@require_POST
def watch_word(request: HttpRequest) -> HttpResponse:
    member = _require_member(request, back=reverse("list_watches"))
    form = WordForm(request.POST)
    if form.is_valid():
        try:
            actions.watch_word(member=member, word=form.cleaned_data["word"])
        except actions.TooManyWords:
            words = _(
                "알림 단어는 %(count)d개까지 둘 수 있습니다. 먼저 쓰지 않는 것을 지워 주세요."
            )
            form.add_error("word", words % {"count": actions.MOST_WORDS})
        else:
            messages.success(request, _("알림 단어를 추가했습니다."))
            return redirect("list_watches")
    return _show(request, member, form)


@require_POST
def unwatch_word(request: HttpRequest, pk: int) -> HttpResponse:
    member = _require_member(request, back=reverse("list_watches"))
    watch = WordWatch.objects.filter(member=member, pk=pk).first()
    if watch is None:
        raise Http404(_("알림 단어가 존재하지 않습니다."))
    actions.unwatch_word(watch=watch)
    messages.success(request, _("알림 단어를 지웠습니다."))
    return redirect("list_watches")


def _show(request: HttpRequest, member: Member, form: WordForm) -> HttpResponse:
    own = BoardWatch.objects.filter(member=member).select_related("board")
    readable = set(Board.objects.readable_by(member).order_by().values_list("pk", flat=True))
    boards = [
        {"board": watch.board, "is_readable": watch.board_id in readable}
        for watch in own.order_by("board__group__position", "board__position", "board")
    ]
    words = WordWatch.objects.filter(member=member).order_by("word", "pk")
    context = {"boards": boards, "words": words, "form": form}
    return show_form(request, "boards/list_watches.jinja", context, form)


def _require_member(request: HttpRequest, *, back: str) -> Member:
    if not request.user.is_authenticated:
        raise Refused(REFUSED_WATCH, back=back)
    return request.user
