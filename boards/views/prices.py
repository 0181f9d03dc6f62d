"""Asking before points are spent: the price, the balance, and a button."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.actions.points import NotEnoughPoints
from accounts.permissions import Refused
from boards.models import Attachment, Post
from boards.refusals import REFUSED_UNPAID


def ask_price(
    request: HttpRequest, post: Post, cost: int, file: Attachment | None = None
) -> HttpResponse:
    """The page that asks whether to spend `cost` points on reading `post`, or on its `file`.

    Raises Refused for a guest, and NotEnoughPoints.
    """
    back = post.get_absolute_url()
    if not request.user.is_authenticated:
        raise Refused(REFUSED_UNPAID, back=back)
    balance = request.user.points
    if balance < cost:
        raise NotEnoughPoints(cost, balance, back=back)
    words = (
        _("이 파일을 내려받으면 %(cost)s포인트가 듭니다. 지금 %(balance)s포인트가 있습니다.")
        if file
        else _("이 글을 읽으면 %(cost)s포인트가 듭니다. 지금 %(balance)s포인트가 있습니다.")
    )
    context = {
        "board": post.board,
        "post": post,
        "file": file,
        "cost": cost,
        "sentence": words % {"cost": f"{cost:,}", "balance": f"{balance:,}"},
    }
    return render(request, "boards/pay_points.jinja", context)


def is_agreed(request: HttpRequest, cost: int) -> bool:
    """Whether the form names this price, because the owner may have changed it meanwhile."""
    return request.POST.get("cost") == str(cost)
