"""Cells of exports are never formulas, whatever members call themselves."""

import csv
import io

import pytest

from boardsite.reporting.spreadsheet import BOM, cell, csv_lines


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("민지", "민지"),
        ("a=1", "a=1"),
        ("=1+1", "'=1+1"),
        ("+82 10", "'+82 10"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("\n=1", "'\n=1"),
        ("  =1", "'  =1"),
        ("＝1", "'＝1"),
        ('=cmd|"/c calc"!A1', '\'=cmd|"/c calc"!A1'),
        ("", ""),
        (None, ""),
        (-5, "-5"),
        (1200, "1200"),
    ],
)
def test_case_62_a_formula_is_text(value, shown):
    assert cell(value) == shown


def test_a_file_is_utf8_that_excel_recognises():
    rows = [
        ["아이디", "별명"],
        ["minji", '=HYPERLINK("http://x","민지")'],
        ["a,b", 'say "hi"\nbye'],
    ]
    lines = list(csv_lines(rows))
    assert lines[0] == BOM == "\ufeff"
    read = list(csv.reader(io.StringIO("".join(lines[1:]))))
    assert read == [rows[0], ["minji", '\'=HYPERLINK("http://x","민지")'], rows[2]]
