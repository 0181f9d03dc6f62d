"""Refuses what nobody sends by hand and robots that ask too often; turns 'too often' into a kind page;
has strangers' pages read from the replica."""

import math

from django.core.exceptions import BadRequest, MiddlewareNotUsed
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from boardsite import replica, robots
from boardsite.agents import is_robot
from boardsite.ratelimit import TooMany
from boardsite.visitors import client_address, is_stranger, user_agent

FREE_FOR_ROBOTS = {"/robots.txt", "/favicon.ico", "/healthz"}


class LimitRobots:
    """Answers 429, a line of text and Retry-After to a robot that asks too often (boardsite.robots),
    before anything is opened or built for it. Stands after what serves static files, which are free."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        agent = user_agent(request)
        if is_robot(agent) and request.path_info not in FREE_FOR_ROBOTS:
            wait = robots.take_page(agent, client_address(request))
            if wait:
                return HttpResponse(
                    _("요청이 너무 잦습니다. 천천히 다시 와 주세요.") + "\n",
                    content_type="text/plain; charset=utf-8",
                    status=429,
                    headers={"Retry-After": str(math.ceil(wait))},
                )
        return self.get_response(request)


class RefuseNul:
    """Answers 404 to a NUL in the path, 400 to one in the query or a cookie: PostgreSQL takes it in
    no text, so that whatever asks the database with it would fail. Forms see to what they are sent."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "\0" in request.path_info:
            raise Http404
        if _is_nul_sent(request):
            raise BadRequest("A NUL in the query or a cookie")
        return self.get_response(request)


def _is_nul_sent(request: HttpRequest) -> bool:
    query = request.META.get("QUERY_STRING", "")
    return (
        "\0" in query or "%00" in query or any("\0" in value for value in request.COOKIES.values())
    )


class ReadFromReplica:
    """Has a stranger's page read from the replica, where there is one (boardsite.replica). A page that
    the replica has failed in is made again from the primary.

    Stands before all that asks the database.
    """

    def __init__(self, get_response):
        if not replica.exists():
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request):
        if not is_stranger(request):
            return self.get_response(request)
        with replica.reading() as choice:
            response = self.get_response(request)
        if response.status_code == 500 and choice.alias == replica.REPLICA:
            if replica.has_failed():
                return self.get_response(request)
        return response


class KindRefusals:
    """Answers TooMany with 429, the sentence, and Retry-After in seconds."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, TooMany):
            return None
        response = render(request, "429.html", {"message": str(exception)}, status=429)
        response.headers["Retry-After"] = str(exception.retry_after)
        return response
