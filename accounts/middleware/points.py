"""The day's first visit of a member."""

from functools import partial

from django.utils import timezone

from accounts.actions.points import reward_first_visit
from accounts.queries.points import are_on
from boardsite.databases.optional_writes import write_if_free


class RewardFirstVisit:
    """Gives the points of a day's first visit. The session stores the day, so all other requests
    need no query. Only for requests that have loaded the user anyway."""

    MARK = "greeted_on"

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if hasattr(request, "_cached_user") and request.user.is_authenticated and are_on():
            today = timezone.localdate()
            if request.session.get(self.MARK) != today.isoformat():
                reward = partial(reward_first_visit, member=request.user, day=today)
                if write_if_free(reward):  # else with the next request
                    request.session[self.MARK] = today.isoformat()
        return response
