"""The page on which moderators order the questions of an FAQ."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from boards.actions.ordering import order_posts as do_order_posts
from boards.paging import Buckets
from boards.permissions import access
from boards.queries.faq import QuestionRow, is_ordered_by_hand, question_rows
from boards.views.finding import find_board
from boardsite.limits.attempts import counts_attempts

FIELD = "place_"  # followed by the id of the post: the name of the field
DIGITS = 4


@require_http_methods(["GET", "POST"])
@counts_attempts
def order_posts(request: HttpRequest, slug: str) -> HttpResponse:
    """Shows the questions with their numbers, and orders them by the numbers that were sent."""
    board = find_board(slug)
    can = access(request.user, board)
    can.require("moderate", back=board.get_absolute_url())
    if not is_ordered_by_hand(board, Buckets(board).total):
        raise Http404(_("순서를 정하는 게시판이 아닙니다."))
    rows = question_rows(can)
    if request.method == "POST":
        do_order_posts(board=board, order=_sent_order(request, rows))
        messages.success(request, _("질문의 순서를 바꾸었습니다."))
        return redirect("order_posts", slug)
    return render(request, "boards/order_posts.jinja", {"board": board, "rows": rows})


def _sent_order(request: HttpRequest, rows: list[QuestionRow]) -> list[int]:
    """The ids by the numbers that were sent. A question that was given the number of another gets
    its place, and the other moves aside."""

    def place(row: QuestionRow) -> tuple[int, int, int]:
        sent = request.POST.get(f"{FIELD}{row.pk}", "")[: DIGITS + 1]
        is_number = sent.isascii() and sent.isdigit() and len(sent) <= DIGITS
        number = int(sent) if is_number else row.position
        return number, (number > row.position) - (number < row.position), row.position

    return [row.pk for row in sorted(rows, key=place)]
