"""Who may see the details of /readyz, and /metrics."""

from hmac import compare_digest
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port

from boardsite.visitors.identity import client_address

FORWARDED = (
    *("boardsite.forwarded", "HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_VIA"),
    *("HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP", "HTTP_CF_CONNECTING_IP"),
)
"""Marks of a request that has come through a proxy, which may run on this machine. Our own server
replaces the headers by the first one (boardsite.server.gateway)."""


def is_from_this_machine(request: HttpRequest) -> bool:
    """Whether a program of this machine asks directly. A visitor behind a proxy that TRUSTED_PROXY
    does not name has a local address, too. Some proxies leave no mark but the name of the site."""
    if any(mark in request.META for mark in FORWARDED):
        return False
    host = request.META.get("HTTP_HOST", "")
    name = split_domain_port(host)[0].strip("[]")
    return _is_loopback(client_address(request)) and (
        name == "localhost" or not host or _is_loopback(name)
    )


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def has_token(request: HttpRequest) -> bool:
    """Whether the request has the header `Authorization: Bearer` with MONITORING_TOKEN."""
    kind, _space, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    wanted = settings.MONITORING_TOKEN
    is_bearer = bool(wanted) and kind.lower() == "bearer"
    return is_bearer and compare_digest(token.strip().encode(), wanted.encode())
