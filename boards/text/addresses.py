"""Addresses within cleaned HTML that leaves the site: in a feed nothing says where it stood. Pure."""

import html as entities
import re
from urllib.parse import urljoin

# Cleaned HTML has its attributes in double quotes and no < or > but those of tags.
_TAG = re.compile(r"<(?:a|img|iframe) [^>]*>")
_ADDRESS = re.compile(r' (href|src)="([^"]*)"')


def with_absolute_addresses(html: str, base: str) -> str:
    """Cleaned HTML whose links, pictures and players are read as on the page at `base`."""

    def absolute(found: re.Match[str]) -> str:
        name, address = found[1], entities.unescape(found[2])
        try:
            address = urljoin(base, address)
        except ValueError:  # no address at all, as http://[
            return found[0]
        return f' {name}="{entities.escape(address)}"'

    return _TAG.sub(lambda tag: _ADDRESS.sub(absolute, tag[0]), html)
