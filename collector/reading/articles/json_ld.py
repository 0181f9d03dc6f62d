"""Finds the article in the JSON-LD (schema.org) of a page. Pure."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MAX_LETTERS = 300_000  # of one script
_MAX_NODES = 2_000

_ARTICLES = {"article", "newsarticle", "blogposting", "reportagenewsarticle", "socialmediaposting"}
_ARTICLES |= {"opinionnewsarticle", "analysisnewsarticle", "reviewnewsarticle", "liveblogposting"}


def json_article(page: "HtmlElement") -> dict[str, Any]:
    """The first article in the page's JSON-LD; {} without one."""
    for script in page.xpath("(//script[@type='application/ld+json'])[position() <= 20]"):
        text = (script.text or "")[: _MAX_LETTERS + 1].strip().removesuffix(";")
        if not text or len(text) > _MAX_LETTERS:
            continue
        try:
            data = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        for node in _nodes(data):
            kinds = node.get("@type")
            kinds = kinds if isinstance(kinds, list) else [kinds]
            if any(isinstance(kind, str) and kind.lower() in _ARTICLES for kind in kinds):
                return node
    return {}


def _nodes(data: Any) -> Iterator[dict[str, Any]]:
    waiting = [data]
    for _count in range(_MAX_NODES):
        if not waiting:
            return
        node = waiting.pop(0)
        if isinstance(node, list):
            waiting += node[:100]
        elif isinstance(node, dict):
            yield node
            waiting += [node[key] for key in ("@graph", "mainEntity", "hasPart") if key in node]


def text_at(of: Any, key: str) -> str:
    value = of.get(key) if isinstance(of, dict) else None
    return value if isinstance(value, str) else ""


def listed(value: Any) -> list[Any]:
    return value[:10] if isinstance(value, list) else [value]
