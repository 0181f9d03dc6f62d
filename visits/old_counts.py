"""Parses the visitor counts of an older site: a day and a number in each line. Pure.

    vs_date,vs_count
    2009-03-02,618

mysql, phpMyAdmin or a spreadsheet export gnuboard's g5_visit_sum in this way."""

import codecs
import csv
import re
from datetime import date

from django.utils.translation import gettext as _

MOST_LINES = 30_000
MOST_BYTES = 4 * 1024 * 1024
MOST_VISITORS = 2_000_000_000
"""The largest value of the column on both databases."""
FIRST_DAY = date(1995, 1, 1)
"""No Korean site of this kind is older; an earlier day is a mistake of the export."""

# A spreadsheet may add a time to the day and use other separators.
DAY = re.compile(r"(\d{4})\s?[-./]\s?(\d\d?)\s?[-./]\s?(\d\d?)\.?(?: 0?0:00(?::00)?)?")
NUMBER = re.compile(r"\d{1,12}|\d{1,3}(?:,\d{3}){1,3}")
ONE_LINE = re.compile(r"오늘:\d*,어제:")  # cf_visit, gnuboard's own sums


class WrongFile(ValueError):
    """A sentence for the person who uploads the file; it names the line."""


def decode_file(content: bytes) -> str:
    """Decodes UTF-8, CP949 or what a spreadsheet calls Unicode; raises WrongFile."""
    if len(content) > MOST_BYTES:
        raise WrongFile(_("파일이 너무 큽니다."))
    if content.startswith(b"PK"):
        raise WrongFile(_("엑셀 파일이 아니라 CSV 파일이어야 합니다."))
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp949"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise WrongFile(_("파일의 글자를 읽을 수 없습니다."))


def read_counts(text: str, *, today: date) -> dict[date, int]:
    """The number of visitors of each day. All or nothing: WrongFile names the first wrong line."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) > MOST_LINES:
        raise WrongFile(_("{most:,}줄까지 가져올 수 있습니다.").format(most=MOST_LINES))
    if lines and ONE_LINE.search(lines[0][1]):
        raise WrongFile(_("이 줄에는 날짜가 없습니다. g5_visit_sum 표를 내보내 주세요."))
    if lines and _is_head(lines[0][1]):
        del lines[0]
    if not lines:
        raise WrongFile(_("날짜와 접속자 수가 한 줄도 없습니다."))
    counts: dict[date, int] = {}
    for number, line in lines:
        try:
            day, count = _read_line(line, today)
            if counts.setdefault(day, count) != count:
                raise WrongFile(_("같은 날짜가 다른 수로 또 나옵니다 ({day})").format(day=day))
        except WrongFile as wrong:
            raise WrongFile(
                _("{number}번째 줄: {wrong}.").format(number=number, wrong=wrong)
            ) from None
    return counts


def _is_head(line: str) -> bool:
    """A first line with names of columns has no digit."""
    return not re.search(r"\d", line)


def _read_line(line: str, today: date) -> tuple[date, int]:
    cells = _cells(line)
    if len(cells) != 2:
        raise WrongFile(_("날짜와 수, 두 칸이어야 합니다"))
    return _read_day(cells[0], today), _read_number(cells[1])


def _cells(line: str) -> list[str]:
    """Splits at commas or other separators, without empty cells at the end."""
    sign = next((each for each in "\t;" if each in line), ",")
    try:
        cells = [cell.strip().strip("'") for cell in next(csv.reader([line], delimiter=sign))]
    except csv.Error:
        return []
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _read_day(cell: str, today: date) -> date:
    match = DAY.fullmatch(cell)
    if not match:
        raise WrongFile(_("날짜를 2009-03-02처럼 적어 주세요 ({cell})").format(cell=cell[:30]))
    try:
        day = date(*map(int, match.groups()))
    except ValueError:
        raise WrongFile(_("없는 날짜입니다 ({cell})").format(cell=cell)) from None
    if day > today:
        raise WrongFile(_("아직 오지 않은 날입니다 ({day})").format(day=day))
    if day < FIRST_DAY:
        raise WrongFile(_("1995년보다 이른 날입니다 ({day})").format(day=day))
    return day


def _read_number(cell: str) -> int:
    if re.fullmatch(r"-\s?\d+", cell):
        raise WrongFile(_("접속자 수가 0보다 작습니다 ({cell})").format(cell=cell[:30]))
    if not NUMBER.fullmatch(cell):
        raise WrongFile(_("접속자 수가 아닙니다 ({cell})").format(cell=cell[:30]))
    count = int(cell.replace(",", ""))
    if count > MOST_VISITORS:
        raise WrongFile(_("하루의 접속자 수가 너무 큽니다 ({cell})").format(cell=cell))
    return count
