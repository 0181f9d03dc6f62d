"""Spending points on a post or a file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from boards.actions.earning import pay_file as do_pay_file
from boards.actions.earning import pay_post as do_pay_post
from boards.permissions import access
from boards.views.files import find_download
from boards.views.guests import visitor_of
from boards.views.posts import find_post, require_read
from boards.views.prices import ask_price, is_agreed
from boardsite.ratelimit import hit_or_refuse

PAYMENTS = 200  # in ten minutes


@require_POST
def pay_post(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Pays for reading and opens the post; it is paid only once."""
    post = find_post(slug, number)
    can = access(visitor_of(request), post.board)
    require_read(can, post, is_paid=False)
    if cost := can.must_pay(post):
        if not (request.user.is_authenticated and is_agreed(request, cost)):
            return ask_price(request, post, cost)
        hit_or_refuse(f"pay:{request.user.pk}", limit=PAYMENTS, seconds=600)
        do_pay_post(post=post, member=request.user)
    return redirect(post)


@require_POST
def pay_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Pays for a file and goes on to it."""
    file = find_download(request, pk)
    can = access(visitor_of(request), file.post.board)
    if can.unpaid_files(file.post, [file]):
        cost = -file.post.board.download_points
        if not (request.user.is_authenticated and is_agreed(request, cost)):
            return ask_price(request, file.post, cost, file)
        hit_or_refuse(f"pay:{request.user.pk}", limit=PAYMENTS, seconds=600)
        do_pay_file(file=file, member=request.user)
    return redirect(file.url)
