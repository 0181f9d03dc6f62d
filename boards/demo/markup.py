"""From the demo's plain writing to the HTML that a post holds.

An empty line parts paragraphs, a single line break stays one. A paragraph may begin with `## ` (a
heading), `- ` on each line (a list), `> ` (a quotation), `| ` on each line (a table, its first
row the head) or be one `[그림 sea:3 | caption]`. `**bold**` is bold.
"""

import html
import re
from collections.abc import Callable, Iterator

PICTURE = re.compile(r"\[그림 (\w+:\d+)(?: \| (.+))?\]\Z")
COMMENT = re.compile(r"(>*) ?([^:>]+): (.+)\Z")


def inline(text: str) -> str:
    """Escaped text with its bold parts."""
    return re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", html.escape(text, quote=False))


def figure(address: str, caption: str) -> str:
    """An inline picture, with what is written under it."""
    words = html.escape(caption)
    below = f"<figcaption>{words}</figcaption>" if caption else ""
    return f'<figure><img src="{address}" alt="{words}">{below}</figure>'


def table(rows: list[str]) -> str:
    """`| a | b |` lines as a table, the first of them its head."""
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
    """The post's HTML. `picture_address("sea:3")` answers where that picture can be seen."""
    parts = re.split(r"\n\s*\n", text.strip())
    return "\n".join(block(part.strip(), picture_address) for part in parts)


def said(comments: str) -> Iterator[tuple[int, str, str]]:
    """Depth, 별명 and text of each comment. Raises ValueError for a line that is not one."""
    for line in comments.strip().splitlines():
        found = COMMENT.match(line.strip())
        if found is None:
            raise ValueError(f"not a comment: {line!r}")
        yield len(found[1]), found[2], found[3].replace(" // ", "\n")
