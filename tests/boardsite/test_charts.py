"""Charts: positions of columns and bars, labels that fit, and numbers that must not break them."""

import re
from itertools import pairwise

import pytest
from django.template.loader import render_to_string

from boardsite.reporting.charts import Series, draw, sparkline
from boardsite.reporting.charts.bars import MOST_BARS
from boardsite.reporting.charts.columns import MOST_COLUMNS
from boardsite.reporting.charts.words import cut, round_top, short, width_of
from tests.page import Page

DAYS = [f"2026-11-{day:02}" for day in range(1, 31)]


def columns(labels, *series, **options):
    return draw("columns", labels, [Series(*each) for each in series], rest="그 밖", **options)


def bars(labels, *series, **options):
    return draw("bars", labels, [Series(*each) for each in series], rest="그 밖", **options)


def pixels(lengths) -> list[float]:
    return [float(length) for length in lengths]


def percents(lengths) -> list[float]:
    return [float(length.removesuffix("%")) for length in lengths]


@pytest.mark.parametrize(
    ("highest", "top", "step"),
    [
        (0, 1, 1), (1, 1, 1), (4, 4, 1), (5, 5, 1), (6, 6, 2), (9, 10, 2), (10, 10, 2), (11, 15, 5),
        (99, 100, 20), (100, 100, 20), (101, 150, 50), (2_108, 2_500, 500),
        (948_022, 1_000_000, 200_000), (10**15, 10**15, 2 * 10**14),
    ],
)  # fmt: skip
def test_the_scale_ends_at_a_round_number(highest, top, step):
    assert round_top(highest) == (top, step)
    assert top >= highest
    assert 1 <= top / step <= 5


@pytest.mark.parametrize(
    ("number", "top", "text"),
    [
        (0, 10, "0"), (20_000, 100_000, "20,000"), (200_000, 1_000_000, "20만"),
        (2_500_000, 10**7, "250만"), (15 * 10**7, 10**9, "1.5억"), (10**15, 10**15, "1,000조"),
    ],
)  # fmt: skip
def test_numbers_of_the_axis_stay_short(number, top, text):
    assert short(number, top) == text


@pytest.mark.parametrize("kind", ["columns", "bars"])
def test_no_data_gives_no_chart(kind):
    assert draw(kind, [], [Series("사람", [])], rest="") is None
    assert draw(kind, ["월"], [], rest="") is None


@pytest.mark.parametrize("kind", ["columns", "bars"])
def test_zeros_give_an_empty_chart_with_an_axis(kind):
    chart = draw(kind, DAYS, [Series("사람", [0] * 30)], rest="그 밖")
    assert not any(piece.parts for piece in chart.pieces)
    assert chart.pieces[0].title == "2026-11-01: 0"


def test_one_day_is_one_column_with_its_number():
    chart = columns(["2026-11-24"], ("사람", [2108]))
    [piece] = chart.pieces
    assert piece.title == "2026-11-24: 2,108"
    [part] = piece.parts
    assert float(part.y) + float(part.height) == 220
    assert [word.text for word in chart.values] == ["2,108"]
    assert [word.text for word in chart.names] == ["11-24"]


def test_columns_are_side_by_side_and_as_high_as_their_numbers():
    chart = columns(DAYS, ("사람", range(30)))
    assert len(chart.pieces) == 30
    assert chart.pieces[0].parts == []
    heights = pixels(piece.parts[0].height for piece in chart.pieces[1:])
    assert heights == pytest.approx([200 * value / 30 for value in range(1, 30)], abs=0.06)
    left = percents(piece.field.x for piece in chart.pieces)
    assert left == pytest.approx([100 * number / 30 for number in range(30)], abs=0.001)
    assert (chart.highest, chart.highest_at) == ("29", "2026-11-30")


def test_stacked_columns():
    chart = columns(["월", "화"], ("사람", [30, 10]), ("의심", [10, 0]))
    below, above = chart.pieces[0].parts
    assert float(above.y) + float(above.height) == pytest.approx(float(below.y))
    assert (below.series, above.series) == (1, 2)
    assert chart.legend == ["사람", "의심"]
    assert chart.pieces[0].title == "월: 사람 30, 의심 10"
    assert chart.values[0].text == "40"


def test_columns_without_a_meaningful_sum_are_grouped():
    chart = columns(["월"], ("사람", [30]), ("페이지뷰", [60]), is_stacked=False)
    first, second = chart.pieces[0].parts
    assert first.x != second.x
    assert float(first.y) + float(first.height) == float(second.y) + float(second.height)
    assert chart.highest == "60"


def test_a_series_of_zeros_is_not_in_the_legend():
    assert columns(["월"], ("사람", [3]), ("의심", [0])).legend == ()


def test_no_more_series_than_readers_can_distinguish():
    chart = columns(["월"], *[(f"{number}", [1]) for number in range(5)])
    assert len(chart.legend) == 3


@pytest.mark.parametrize("count", [1, 2, 7, 12, 24, 30, 62, 63, 90, 365, 400])
def test_labels_of_the_axis_do_not_touch(count):
    labels = [
        f"20{26 + number // 400}-{1 + number // 28 % 12:02}-{1 + number % 28:02}"
        for number in range(count)
    ]
    chart = columns(labels, ("사람", range(count)))
    assert len(chart.pieces) == count
    for width, words in (
        (720, chart.names),
        (280, [word for word in chart.names if not word.is_minor]),
    ):
        if width == 280 and chart.size == "long":
            continue  # as wide as on a desktop: it scrolls
        places = [width * place / 100 for place in percents(word.x for word in words)]
        room = width_of(words[0].text) * 7
        assert all(after - before >= room for before, after in pairwise(places))


def test_more_than_four_hundred_days_are_grouped():
    labels = [
        f"{2020 + day // 365}-{1 + day % 365 // 31:02}-{1 + day % 31:02}" for day in range(1000)
    ]
    chart = columns(labels, ("사람", [1] * 1000))
    assert chart.folded == 3
    assert len(chart.pieces) == 334 <= MOST_COLUMNS
    assert chart.pieces[0].title == "2020-01-01~2020-01-03: 3"
    assert chart.pieces[-1].title.endswith(": 1")


def test_huge_numbers_fit():
    chart = columns(DAYS, ("사람", [10**15] * 30))
    assert max(len(mark.text) for mark in chart.grid) <= 7
    assert chart.values == []
    assert max(percents(part.width for piece in chart.pieces for part in piece.parts)) < 4


def test_values_that_are_not_counts_are_drawn_as_zero():
    assert columns(["월", "화"], ("사람", [None, -3])).pieces[0].parts == []


def test_further_names_are_summed_up():
    chart = bars([f"site{n}" for n in range(30)], ("사람", range(30, 0, -1)))
    assert len(chart.pieces) == MOST_BARS + 1
    assert chart.pieces[-1].title == f"그 밖: {sum(range(1, 11))}"
    assert percents(piece.parts[0].width for piece in chart.pieces)[-1] == 100
    assert chart.names[-1].text == "그 밖"


def test_exactly_twenty_names_have_no_rest():
    assert len(bars([f"site{n}" for n in range(20)], ("사람", [1] * 20)).pieces) == 20


def test_bars_do_not_overlap():
    chart = bars(["가", "나"], ("사람", [3, 2]), ("쪽", [9, 4]), is_stacked=False)
    boxes = [(float(part.y), float(part.height)) for piece in chart.pieces for part in piece.parts]
    assert all(y + height <= after for (y, height), (after, _h) in pairwise(boxes))
    assert sum(boxes[-1]) <= chart.height


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Chrome", "Chrome"), ("a" * 20, "a" * 20), ("a" * 21, "a" * 19 + "…"),
        ("가" * 10, "가" * 10), ("가" * 11, "가" * 9 + "…"), ("", ""),
    ],
)  # fmt: skip
def test_long_names_are_cut_beside_the_bar(text, shown):
    assert cut(text) == shown


HOSTILE = '"><script>alert(1)</script><b x="'


@pytest.mark.parametrize("kind", ["columns", "bars"])
def test_markup_in_names_is_escaped(kind):
    chart = draw(kind, [HOSTILE, "나"], [Series(HOSTILE, [1, 2]), Series("b", [1, 1])], rest="")
    html = render_to_string("ui/chart.html", {"chart": chart, "title": HOSTILE, "id": "chart"})
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert not Page(html).all("b")


def test_the_chart_has_a_name_and_a_description():
    chart = columns(DAYS, ("사람", range(30)), ("의심", [1] * 30))
    page = Page(render_to_string("ui/chart.html", {"chart": chart, "title": "일", "id": "days"}))
    picture = page.one("svg", role="img")
    assert picture["aria-labelledby"] == "days-title days-about"
    assert page.one("title", id="days-title").text == "일"
    about = page.one("desc", id="days-about").text
    assert "2026-11-01부터 2026-11-30까지" in about
    assert "2026-11-30의 30" in about
    # Besides the colours, the second series has stripes, which the legend shows too.
    assert 'fill="url(#days-2)"' in page.html
    assert "사람" in page.one("ul", class_="chart-legend").text
    assert "<style" not in page.html
    assert not re.search(r"\sstyle=", page.html)


def test_a_chart_wider_than_a_phone_can_be_scrolled_by_keyboard():
    chart = columns([f"{n}" for n in range(100)], ("사람", range(100)))
    page = Page(render_to_string("ui/chart.html", {"chart": chart, "title": "일", "id": "days"}))
    assert page.one("div", class_="chart-box-long")["tabindex"] == "0"


@pytest.mark.parametrize(
    ("values", "points"),
    [
        ([], ""), ([5], ""),
        ([0, 0], "2.0,30.0 118.0,30.0"),
        ([0, 10, 5], "2.0,30.0 60.0,2.0 118.0,16.0"),
        ([-3, 10**15], "2.0,30.0 118.0,2.0"),
    ],
)  # fmt: skip
def test_a_sparkline_starts_at_zero(values, points):
    assert sparkline(values) == points
