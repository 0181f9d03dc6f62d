"""One colour becomes the accent of both themes, readable in each."""

import colorsys
import re

import pytest

from pages import colours
from pages.colours import contrast, dark_palette, is_readable, light_palette, nearest_readable
from tests.sources import ROOT

TOKENS = (ROOT / "static/css/tokens.css").read_text("utf-8")
WHEEL = [
    "#" + "".join(f"{round(255 * each):02x}" for each in colorsys.hls_to_rgb(hue / 24, light, full))
    for hue in range(24)
    for light in (0.02, 0.2, 0.35, 0.5, 0.65, 0.8, 0.98)
    for full in (0.0, 0.5, 1.0)
]


def tokens(name: str) -> list[str]:
    """The values of a token in tokens.css: light first, then dark."""
    found = re.findall(rf"--{name}: (#[0-9a-f]{{3,6}});", TOKENS)
    return ["#" + "".join(2 * c for c in each[1:]) if len(each) == 4 else each for each in found]


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21),
        ("#ffffff", "#ffffff", 1),
        ("#767676", "#ffffff", 4.54),  # the lightest grey for text, known from WCAG
        ("#777777", "#ffffff", 4.48),
        ("#ff0000", "#ffffff", 4.0),
        ("#0000ff", "#ffffff", 8.59),
    ],
)
def test_contrast_is_that_of_wcag(one, other, ratio):
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert contrast(other, one) == contrast(one, other)


@pytest.mark.parametrize("text", ["#0A6554", " #0a6554 ", "#0a6554"])
def test_a_colour_is_six_digits(text):
    assert colours.parse(text) == "#0a6554"


@pytest.mark.parametrize(
    "text", ["", "0a6554", "#0a655", "red", "#0a65540", "#gggggg", "#0a6554;}", "#" * 1_000_000]
)
def test_anything_else_is_no_colour(text):
    with pytest.raises(ValueError, match="not a colour"):
        colours.parse(text)


def test_the_papers_are_those_of_the_tokens():
    papers = [tokens(name)[:2] for name in ("paper", "paper-2", "paper-3")]
    assert tuple(light for light, _dark in papers) == colours.LIGHT_PAPERS
    assert tuple(dark for _light, dark in papers) == colours.DARK_PAPERS
    assert tokens("accent")[0] == colours.DEFAULT


@pytest.mark.parametrize(
    ("accent", "is_fine"),
    [
        (colours.DEFAULT, True),
        ("#000000", True),
        ("#a3381f", True),
        ("#1f4fa3", True),
        ("#0a7d68", False),  # 4.2:1 on the darkest paper
        ("#ff0000", False),
        ("#fee500", False),  # 카카오's yellow
        ("#03c75a", False),  # 네이버's green
        ("#ffffff", False),
    ],
)
def test_a_colour_is_refused_when_it_reads_badly(accent, is_fine):
    assert is_readable(accent) is is_fine


def test_the_nearest_readable_colour_reads_well_in_both_themes():
    for accent in WHEEL:
        found = nearest_readable(accent)
        assert nearest_readable(found) == found, accent
        reads_well_in_both_themes(found)


def reads_well_in_both_themes(found: str) -> None:
    for palette, papers, muted in (
        (light_palette(found), colours.LIGHT_PAPERS, tokens("ink-3")[0]),
        (dark_palette(found), colours.DARK_PAPERS, tokens("ink-3")[1]),
    ):
        for paper in (*papers, palette.soft):
            assert contrast(palette.accent, paper) >= 4.5, found
        for paper in papers[:2]:
            assert contrast(palette.strong, paper) >= 4.5, found
        assert contrast(palette.on, palette.accent) >= 4.5, found
        assert contrast(palette.on, palette.strong) >= 4.5, found
        assert contrast(muted, palette.soft) >= 4.5, found
        assert palette.strong != palette.accent, found


def hue_of(colour: str) -> float:
    return colorsys.rgb_to_hls(*(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)))[0]


@pytest.mark.parametrize("accent", ["#fee500", "#03c75a", "#ff0000", "#e0559b", "#57a0ff"])
def test_the_nearest_readable_colour_has_its_hue_and_is_no_darker_than_needed(accent):
    found = nearest_readable(accent)
    assert abs(hue_of(found) - hue_of(accent)) < 0.06
    assert contrast(found, colours.LIGHT_PAPERS[-1]) < 4.75


def test_the_default_would_stay_nearly_what_it_is():
    """So an owner who knows the site's colours finds them again in those that are made."""
    for made, known in (
        (light_palette(colours.DEFAULT), [tokens(name)[0] for name in NAMES]),
        (dark_palette(colours.DEFAULT), [tokens(name)[1] for name in NAMES]),
    ):
        for one, other in zip(made, known, strict=True):
            assert contrast(one, other) < 1.25


NAMES = ("accent", "accent-strong", "accent-soft", "on-accent")
