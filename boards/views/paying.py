"""Spending points on a post or a file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from boards.actions.earning import pay_file as do_pay_file
from boards.actions.earning import pay_post as do_pay_post
from boards.permissions import access
from boards.views.files import find_download
from boards.views.finding import readable_post
from boards.views.guests import visitor_of
from boards.views.prices import ask_price, is_agreed
from boardsite.limits.rate_limit import hit_or_refuse

PAYMENTS = 200  # in ten minutes


@require_POST
def pay_post(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Pays for reading the post, once, and opens it."""
    post, can = readable_post(request, slug, number, is_paid=False)
    if cost := can.must_pay(post):
        if not (request.user.is_authenticated and is_agreed(request, cost)):
            return ask_price(request, post, cost)
        hit_or_refuse(f"pay:{request.user.pk}", limit=PAYMENTS, seconds=600)
        do_pay_post(post=post, member=request.user)
    return redirect(post)


@require_POST
def pay_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Pays for a file, once, and redirects to it."""
    file, post = find_download(request, pk)
    can = access(visitor_of(request), post.board)
    if can.unpaid_files(post, [file]):
        cost = -post.board.download_points
        if not (request.user.is_authenticated and is_agreed(request, cost)):
            return ask_price(request, post, cost, file)
        hit_or_refuse(f"pay:{request.user.pk}", limit=PAYMENTS, seconds=600)
        do_pay_file(file=file, member=request.user)
    return redirect(file.url)
