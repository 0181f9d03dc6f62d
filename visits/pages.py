"""How a page is called in the statistics: by its path, unless that holds a secret."""

import re

from django.http import HttpRequest

MAX_LENGTH = 200

# What stands in the address of a page that anybody may know of. Other words in addresses (tokens,
# keys of mails, codes) open doors, so of such pages only the pattern is kept.
PLAIN = {"board", "number", "pk", "piece", "name", "username", "version", "year", "month"}

# Addresses that programs and pages ask for; a reader of these alone has not seen the site.
NOT_PAGES = re.compile(
    r"^/(?:files|static)/|^/(?:healthz|robots\.txt|favicon\.ico|sitemap[^/]*)/?$|/feed/(?:atom/)?$"
    r"|^/visits/leaf/"
)


def page_path(request: HttpRequest) -> str:
    """The path of a page without its query; of a page with a secret in its address, its pattern."""
    match = request.resolver_match
    if match is None or set(match.kwargs) <= PLAIN:
        return request.path_info[:MAX_LENGTH]
    return f"/{match.route}"[:MAX_LENGTH]
