"""CSV files that Excel opens in Korean and that never run as formulas."""

import csv
from collections.abc import Iterable, Iterator

from django.http import StreamingHttpResponse

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"  # by this Excel recognises UTF-8


def cell(value: object) -> str:
    """`value` as a cell that a spreadsheet treats as text; None is empty.

    A spreadsheet evaluates text that begins like a formula (OWASP: CSV Injection). A leading '
    makes it text again. Full-width ＝＋－＠ count as well. Numbers stay numbers, because no visitor can
    write them."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return str(value)
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith((*FORMULA, "＝", "＋", "－", "＠")) else text


class _Echo:
    """A file for csv.writer that returns each line."""

    def write(self, line: str) -> str:
        return line


def csv_lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Lines of a CSV file with escaped cells."""
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
    yield BOM
    for row in rows:
        yield writer.writerow([cell(value) for value in row])


def csv_file(name: str, rows: Iterable[Iterable[object]]) -> StreamingHttpResponse:
    """A download called `name` that is streamed while `rows` are read, however many there are."""
    response = StreamingHttpResponse(csv_lines(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
