"""Converts the demo's plain markup to the HTML of a post.

An empty line separates paragraphs, a single line break stays one. A paragraph may begin with `## `
(a heading), `- ` on each line (a list), `> ` (a quotation), `| ` on each line (a table, whose first
row is its head) or be one `[그림 sea:3 | caption]`. `**bold**` is bold.
"""

import html
import re
from collections.abc import Callable, Iterator

PICTURE = re.compile(r"\[그림 (\w+:\d+)(?: \| (.+))?\]\Z")
COMMENT = re.compile(r"(>*) ?([^:>]+): (.+)\Z")


def inline(text: str) -> str:
    """Escapes the text and renders its bold parts."""
    return re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", html.escape(text, quote=False))


def figure(address: str, caption: str) -> str:
    """An inline picture with a caption."""
    words = html.escape(caption)
    below = f"<figcaption>{words}</figcaption>" if caption else ""
    return f'<figure><img src="{address}" alt="{words}">{below}</figure>'


def table(rows: list[str]) -> str:
    """Renders `| a | b |` lines as a table. The first row is its head."""
    cells = [[inline(cell.strip()) for cell in row.strip(" |").split("|")] for row in rows]
    head = "".join(f"<th>{cell}</th>" for cell in cells[0])
    body = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in cells[1:]
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def block(text: str, picture_address: Callable[[str], str]) -> str:
    lines = text.split("\n")
    if found := PICTURE.match(text):
        return figure(picture_address(found[1]), found[2] or "")
    if text.startswith("## "):
        below = "\n" + block("\n".join(lines[1:]), picture_address) if lines[1:] else ""
        return f"<h3>{inline(lines[0][3:])}</h3>{below}"
    if all(line.startswith("- ") for line in lines):
        return "<ul>" + "".join(f"<li>{inline(line[2:])}</li>" for line in lines) + "</ul>"
    if all(line.startswith("|") for line in lines):
        return table(lines)
    if all(line.startswith("> ") for line in lines):
        said = "<br>".join(inline(line[2:]) for line in lines)
        return f"<blockquote><p>{said}</p></blockquote>"
    return "<p>" + "<br>".join(inline(line) for line in lines) + "</p>"


def to_html(text: str, picture_address: Callable[[str], str]) -> str:
    """Renders a post. `picture_address("sea:3")` returns the address of that picture."""
    parts = re.split(r"\n\s*\n", text.strip())
    return "\n".join(block(part.strip(), picture_address) for part in parts)


def said(comments: str) -> Iterator[tuple[int, str, str]]:
    """Depth, 별명 and text of each comment. Raises ValueError for a malformed line."""
    for line in comments.strip().splitlines():
        found = COMMENT.match(line.strip())
        if found is None:
            raise ValueError(f"not a comment: {line!r}")
        yield len(found[1]), found[2], found[3].replace(" // ", "\n")
