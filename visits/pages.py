"""Names of pages for the statistics: their path, unless it contains a secret."""

import re

from django.http import HttpRequest
from django.urls import ResolverMatch

MAX_LENGTH = 200

# The arguments of URLs that anybody may know. Other arguments (tokens, keys of mails, codes) give
# access, so only the beginning of those URLs is kept. A member's 아이디 is not listed either: the sums
# of a day outlive the member, whose name must be deleted when they leave.
PLAIN = {"board", "slug", "number", "pk", "piece", "place", "name", "version"}
MEMBERS = "/members/"

# URLs that pages and programs request; a visitor of only these has not seen the site. The same
# holds for the admin (gnuboard counts it, but 접속자집계 is about readers). A visitor who returns from
# logging in elsewhere is counted at the page that they are redirected to.
NOT_PAGES = re.compile(
    r"^/(?:files|static|admin|visits/beacon|sitemap|content/(?:ads|banners|files))/"
    r"|^/(?:robots\.txt|ads\.txt|favicon\.ico|sitemap\.xml)$"
    r"|(?<!^/members)(?<!^/tags)(?<!^/groups)/feed/(?:atom/)?$|/feed\.json$"
    r"|^/skins/[^/]+/style\.css$|^/members/[^/]+/picture/$"
    r"|^/accounts/(?:captcha|check-name)/$|^/messages/names/$|^/accounts/[^/]+/login/(?:callback|token)/"
    r"|^/accounts/2fa/recovery-codes/download/$"
)

# A visitor who reports a post counts as being at the post: the staff see paths beside names, and
# the reported member perhaps too.
REPORT = re.compile(r"(?<=\d/)(?:comments/\d+/)?report/$")

ARGUMENT = re.compile(r"[<(\[^$\\]")  # where a route or a regular expression stops being plain text


def page_path(request: HttpRequest) -> str:
    """The path of a page without its query. For a URL with a secret it is the common prefix of all
    such URLs: /accounts/password/reset/key/…/"""
    match = request.resolver_match
    if match is None and request.path_info.startswith(MEMBERS):
        path = f"{MEMBERS}…/"
    elif match is None or (not match.args and set(match.kwargs) <= PLAIN):
        path = REPORT.sub("", request.path_info)
    else:
        path = _shared_part(match)
    if not path.isprintable():  # PostgreSQL does not accept NUL, and lists have no line breaks
        path = "".join(filter(str.isprintable, path))
    return path[:MAX_LENGTH]


def _shared_part(match: ResolverMatch) -> str:
    # "accounts/^password/…": some of allauth's URLs are regular expressions.
    plain = ARGUMENT.split(match.route.replace("/^", "/").lstrip("^"), maxsplit=1)[0]
    return f"/{plain[: plain.rfind('/') + 1]}…/"
