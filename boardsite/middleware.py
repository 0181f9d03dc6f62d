"""Refuses what nobody sends by hand, and turns 'too often' into a kind page."""

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest
from django.shortcuts import render

from boardsite.ratelimit import TooMany


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
