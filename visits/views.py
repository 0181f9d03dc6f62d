from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from boardsite.limits.rate_limit import hit_or_refuse_reader
from boardsite.visitors.identity import address_key, now_here, visitor_key
from visits import tallies
from visits.beacon import beacon_day
from visits.models import VisitSettings
from visits.permissions import may_see_present
from visits.queries import present

BEACON_AGE = timedelta(days=1)


@require_safe
def show_beacon(request: HttpRequest, name: str) -> HttpResponse:
    """The picture of a day. Fetching it shows that the visitor has a browser, as far as that can be
    known."""
    day, now = beacon_day(name), now_here()
    if day is None:
        raise Http404
    if day == now.date() and request.method == "GET":
        tallies.note_beacon(day, visitor_key(request, day))
    response = render(request, "visits/beacon.jinja", {"day": day}, content_type="image/svg+xml")
    response["Cache-Control"] = f"private, max-age={int(BEACON_AGE.total_seconds())}, immutable"
    return response


@require_safe
def list_present(request: HttpRequest) -> HttpResponse:
    """현재접속자."""
    if not may_see_present(request.user):
        raise Http404(_("이 사이트는 현재접속자를 보이지 않습니다."))
    # large when there are many people
    hit_or_refuse_reader(f"present:{address_key(request)}", limit=60, seconds=60)
    visit = getattr(request, "visit", None)
    here = present(request.user, own_key=visit.key if visit else None)
    minutes = VisitSettings.known().present_minutes
    return render(request, "visits/list_present.jinja", {"present": here, "minutes": minutes})
