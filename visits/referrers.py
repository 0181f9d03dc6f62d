"""Where a visitor came from, by the Referer header: a host, a search engine, its words. Pure."""

from typing import NamedTuple


class Referrer(NamedTuple):
    """`source` is a value of models.Source; `site` a host of at most 100 characters."""

    source: str = "direct"
    site: str = ""
    engine: str = ""
    words: str = ""


def read_referrer(referer: str, *, own_host: str) -> Referrer:
    """Of the address only the host is kept, and of a search its words."""
    return Referrer()
