"""Refuses blocked addresses."""

from django.http import HttpResponseForbidden
from django.template.loader import render_to_string

from accounts.permissions import is_owner
from accounts.queries.address_blocks import is_site_blocked


class BlockAddresses:
    """Answers 403 to addresses that the owner has blocked, before anything is looked up for them.

    A logged-in owner is never blocked, and anybody may try to log in."""

    FREE = ("/accounts/login/", "/accounts/2fa/", "/accounts/logout/")

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if (
            is_site_blocked(request)
            and not request.path.startswith(self.FREE)
            and not is_owner(request.user)
        ):
            return HttpResponseForbidden(render_to_string("accounts/blocked.jinja"))
        return self.get_response(request)
