"""Addresses for feeds, which have no base address, and for headers. Pure."""

import html as entities
import re
from urllib.parse import urljoin, urlsplit

from django.utils.encoding import iri_to_uri, punycode

# Cleaned HTML has attributes in double quotes, and no < or > outside of tags.
_TAG = re.compile(r"<(?:a|img|iframe) [^<>]*>")
_ADDRESS = re.compile(r' (href|src)="([^"]*)"')


def with_absolute_addresses(html: str, base: str) -> str:
    """Cleaned HTML whose relative links, pictures and players are resolved against `base`."""

    def absolute(found: re.Match[str]) -> str:
        name, address = found[1], entities.unescape(found[2])
        try:
            address = urljoin(base, address)
        except ValueError:  # not an address, for example http://[
            return found[0]
        return f' {name}="{entities.escape(address)}"'

    return _TAG.sub(lambda tag: _ADDRESS.sub(absolute, tag[0]), html)


def ascii_address(url: str) -> str:
    """`url` in ASCII for a header, its host in Punycode; "" if it is neither an address of a web page
    nor a path of this site."""
    if url.startswith("/") and not url.startswith(("//", "/\\")):
        return iri_to_uri(url)
    try:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https"):
            return ""
        user, at, host = parts.netloc.rpartition("@")
        if not host.isascii():
            name, colon, port = host.partition(":")
            parts = parts._replace(netloc=f"{user}{at}{punycode(name)}{colon}{port}")
    except ValueError:  # from an importer: an invalid host
        return ""
    return iri_to_uri(parts.geturl())
