"""The day's first visit of a member."""

from django.utils import timezone

from accounts.actions.points import greet_first_visit
from accounts.queries.points import are_on


class GreetFirstVisit:
    """Gives the points of a day's first visit; the session remembers the day, so that all other
    requests ask the database nothing. Only of requests that have asked who it is anyway."""

    MARK = "greeted_on"

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if hasattr(request, "_cached_user") and request.user.is_authenticated and are_on():
            today = timezone.localdate()
            if request.session.get(self.MARK) != today.isoformat():
                request.session[self.MARK] = today.isoformat()
                greet_first_visit(member=request.user, day=today)
        return response
