"""Turns 'too often' into a kind page."""

from django.shortcuts import render

from boardsite.ratelimit import TooMany


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
