"""Lists for spreadsheets: CSV that Excel opens in Korean and never runs as formulas."""

import csv
from collections.abc import Iterable, Iterator

from django.http import StreamingHttpResponse

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"  # by which Excel knows UTF-8


def cell(value: object) -> str:
    """`value` as a cell that a spreadsheet takes for words; None is empty.

    A spreadsheet runs text that begins as a formula (OWASP: CSV Injection): a ' before it makes it
    text again. Numbers, which no visitor can word, stay numbers. Full-width ＝＋－＠ count as well.
    """
    if value is None:
        return ""
    if isinstance(value, int | float):
        return str(value)
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith((*FORMULA, "＝", "＋", "－", "＠")) else text


class _Echo:
    """A file for csv.writer that hands each line back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Lines of a CSV file, each cell made harmless."""
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
    yield BOM
    for row in rows:
        yield writer.writerow([cell(value) for value in row])


def csv_file(name: str, rows: Iterable[Iterable[object]]) -> StreamingHttpResponse:
    """A download called `name` that is sent as `rows` come, however many they are."""
    response = StreamingHttpResponse(csv_lines(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
