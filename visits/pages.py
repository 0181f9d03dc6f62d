"""How a page is called in the statistics: by its path, unless that holds a secret."""

import re

from django.http import HttpRequest
from django.urls import ResolverMatch

MAX_LENGTH = 200

# What stands in the address of a page that anybody may know of. Other words in addresses (tokens,
# keys of mails, codes) open doors, so of such pages only the beginning is kept.
PLAIN = {"board", "slug", "number", "pk", "piece", "name", "username", "version"}

# Addresses that pages and programs ask for; a reader of these alone has not seen the site. Nor has
# somebody who works in the admin (gnuboard counts him, we do not: 접속자집계 is about readers), and
# who comes back from logging in elsewhere is counted at the page that he is sent on to.
NOT_PAGES = re.compile(
    r"^/(?:files|static|admin|visits/leaf|sitemap)/"
    r"|^/(?:healthz|robots\.txt|favicon\.ico|sitemap\.xml)$"
    r"|(?<!^/members)(?<!^/tags)(?<!^/groups)/feed/(?:atom/)?$|/feed\.json$"
    r"|^/skins/[^/]+/style\.css$|^/members/[^/]+/picture/$"
    r"|^/accounts/(?:captcha|check-name)/$|^/accounts/[^/]+/login/(?:callback|token)/"
    r"|^/accounts/2fa/recovery-codes/download/$"
)

# Who reports a post is at the post: the staff read paths beside names, the reported one perhaps too.
REPORT = re.compile(r"(?<=\d/)(?:comments/\d+/)?report/$")

ARGUMENT = re.compile(r"[<(\[^$\\]")  # where a route or an expression ceases to be plain text


def page_path(request: HttpRequest) -> str:
    """The path of a page without its query; of a page with a secret in its address, the part that
    all of its kind share: /accounts/password/reset/key/…/"""
    match = request.resolver_match
    if match is None or (not match.args and set(match.kwargs) <= PLAIN):
        path = REPORT.sub("", request.path_info)
    else:
        path = _shared_part(match)
    if not path.isprintable():  # PostgreSQL takes no NUL, and lists no line breaks
        path = "".join(filter(str.isprintable, path))
    return path[:MAX_LENGTH]


def _shared_part(match: ResolverMatch) -> str:
    # "accounts/^password/…": allauth writes some addresses as expressions.
    plain = ARGUMENT.split(match.route.replace("/^", "/"), maxsplit=1)[0]
    return f"/{plain[: plain.rfind('/') + 1]}…/"
