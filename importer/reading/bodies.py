"""Addresses of the old site within bodies. Pure."""

import html as entities
import re
from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

from importer.reading.addresses import Old, parse

_ATTRIBUTE = re.compile(r"""(\s(?:src|href)\s*=\s*)("[^"]*"|'[^']*'|[^\s"'>]+)""", re.IGNORECASE)
_FILE = re.compile(
    r"/data/((?:editor|cheditor4)/[0-9]{4}/[^/?#]+|file/[A-Za-z0-9_]{1,20}/[^/?#]+)\Z"
)
LONGEST = 2_000  # characters of an address

Replace = Callable[[str], str | None]


def files_in(source: str) -> set[str]:
    """The paths below `data/` of all files that a body shows or links to, whatever their host."""
    found = (_file(_value(match[2])) for match in _ATTRIBUTE.finditer(source))
    return {path for path in found if path}


def hosts_of_files(source: str) -> set[str]:
    """The hosts under which a body names the site's own files."""
    values = (_value(match[2]) for match in _ATTRIBUTE.finditer(source))
    return {host for value in values if _file(value) and (host := split_address(value)[0])}


def rewritten(
    source: str,
    file_address: Replace,
    page_address: Callable[[Old], str | None],
    hosts: set[str],
) -> str:
    """The body with new addresses. `file_address` gets the path of a file below `data/`, `page_address` what
    a link to the site itself (relative, or to one of `hosts`) asks for; None leaves an address as it is."""

    def replace(match: re.Match[str]) -> str:
        value = _value(match[2])
        path = _file(value)
        new = file_address(path) if path else _page(value)
        return match[0] if new is None else f'{match[1]}"{entities.escape(new)}"'

    def _page(value: str) -> str | None:
        host, path, query = split_address(value)
        if host and host not in hosts:
            return None
        asked = parse(path, dict(parse_qsl(query, max_num_fields=50)))
        return page_address(asked) if asked and "/bbs/" in path else None

    return _ATTRIBUTE.sub(replace, source)


def _value(written: str) -> str:
    text = written[1:-1] if written[:1] in "\"'" else written
    return entities.unescape(text[:LONGEST]).strip()


def _file(value: str) -> str:
    found = _FILE.search(split_address(value)[1])
    return found[1] if found and ".." not in found[1] else ""


def split_address(value: str) -> tuple[str, str, str]:
    """Host, path and query; "" each for an address that is none."""
    try:
        parts = urlsplit(value)
    except ValueError:
        return "", "", ""
    return parts.netloc.lower(), parts.path, parts.query
