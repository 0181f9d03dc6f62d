"""Converts the tables in which papers put photographs to figures. Pure."""

from typing import TYPE_CHECKING

from collector.reading import markup
from collector.reading.entries import MAX_CAPTION

if TYPE_CHECKING:
    from lxml.html import HtmlElement


def set_figures(body: "HtmlElement") -> None:
    """Converts a table of one picture and at most one cell of text, its caption, to a figure.

    Korean papers write photographs in this way; the table would be drawn with borders.
    """
    for table in list(body.iterdescendants("table")):
        pictures = table.xpath("(.//img)[position() <= 2]")
        if len(pictures) != 1 or table.xpath("boolean(.//table)"):
            continue
        said = [words for cell in table.iter("td", "th", "caption") if (words := _line(cell))]
        if len(said) <= 1 and len("".join(said)) <= MAX_CAPTION:
            _make_figure(table, pictures[0], said)


def _make_figure(table: "HtmlElement", picture: "HtmlElement", said: list[str]) -> None:
    picture.tail = None
    table.clear(keep_tail=True)
    table.tag = "figure"
    table.append(picture)
    for words in said:
        caption = table.makeelement("figcaption")
        caption.text = words
        table.append(caption)


def _line(cell: "HtmlElement") -> str:
    return markup.one_line(cell.text_content()[:2000])
