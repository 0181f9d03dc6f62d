"""Where a banner leads, and the beacon that counts who was shown it."""

from datetime import datetime, time, timedelta
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from boardsite.databases.optional_writes import write_if_free
from boardsite.limits.rate_limit import hit_today, is_first_today
from boardsite.text.addresses import ascii_address
from boardsite.visitors.identity import (
    address_key,
    is_prefetch,
    now_here,
    today,
    user_agent,
    visitor_key,
)
from boardsite.visitors.origins import is_foreign
from boardsite.visitors.user_agents import is_robot
from pages import tallies
from pages.actions.banners import count_click
from pages.models import Banner
from pages.queries.banners import is_live

CLICKS_OF_ADDRESS = 50  # visitors behind one address who count for one banner in a day
BEACON = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'


@require_safe
def follow_banner(request: HttpRequest, pk: int) -> HttpResponse:
    """Redirects to the address of a banner, which comes from the database alone.

    A visitor counts once a day; robots, prefetches and staff do not. A page that was opened before
    the banner's period ended still leads there, and counts no more."""
    banner = Banner.objects.filter(pk=pk, is_on=True).exclude(address="").first()
    address = ascii_address(banner.address) if banner else ""
    if banner is None or not address:
        raise Http404(_("배너가 없습니다."))
    if _is_counted(request) and is_live(pk):
        write_if_free(partial(_count, request, banner))
    headers = {"Location": address, "Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
    return HttpResponse(status=302, headers=headers)


@require_safe
def show_banner_beacon(request: HttpRequest, pk: int) -> HttpResponse:
    """An empty picture beside a banner. Browsers fetch it when it comes near the window, and keep
    it until midnight."""
    if not is_live(pk):
        raise Http404
    now = now_here()
    if _is_counted(request):
        tallies.note_impression(
            banner=pk,
            day=now.date(),
            visitor=visitor_key(request, now.date()),
            address=address_key(request),
        )
    response = HttpResponse(BEACON, content_type="image/svg+xml")
    response["Cache-Control"] = f"private, max-age={_seconds_of_the_day_left(now)}"
    return response


def _is_counted(request: HttpRequest) -> bool:
    """Whether a person, not one of the staff, has sent it from a page of this site."""
    if request.method != "GET" or is_robot(user_agent(request)) or is_prefetch(request):
        return False
    return not is_foreign(request) and not request.user.is_staff


def _count(request: HttpRequest, banner: Banner) -> None:
    if _is_new(request, banner.pk):
        count_click(banner=banner, day=today())


def _is_new(request: HttpRequest, pk: int) -> bool:
    return is_first_today(f"banner:{pk}:{visitor_key(request)}") and hit_today(
        f"banner:{pk}:{address_key(request)}", CLICKS_OF_ADDRESS
    )


def _seconds_of_the_day_left(now: datetime) -> int:
    midnight = datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)
    return max(1, int((midnight - now) / timedelta(seconds=1)))
