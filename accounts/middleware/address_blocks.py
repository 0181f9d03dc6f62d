"""Addresses that are shut out."""

from django.http import HttpResponseForbidden
from django.template.loader import render_to_string

from accounts.permissions import is_owner
from accounts.queries.address_blocks import is_shut_out


class ShutOutAddresses:
    """403 to whom the owner has shut out by his address, before anything is looked up for him.

    An owner who is logged in is never shut out, and whoever he is may try to log in.
    """

    FREE = ("/accounts/login/", "/accounts/2fa/", "/accounts/logout/", "/healthz")

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if (
            is_shut_out(request)
            and not request.path.startswith(self.FREE)
            and not is_owner(request.user)
        ):
            return HttpResponseForbidden(render_to_string("accounts/shut_out.html"))
        return self.get_response(request)
