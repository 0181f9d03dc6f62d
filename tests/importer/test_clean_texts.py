"""Texts that the cleaner refuses become plain text, whatever they hold."""

import pytest

from importer.reading.cleaning import rendered
from importer.reading.values import without_tags


@pytest.mark.parametrize(
    "worst",
    ["<a ", "<a>", "</a", "<!", "< ", "&", "&lt;", "<b>&", "<div>" * 300 + "가"],
)
def test_a_text_that_is_too_much_for_the_cleaner_is_plain_text(worst):
    html = rendered(worst * (200_000 // len(worst)) + "끝", "html")
    assert "<a" not in html
    assert "<div" not in html


def test_what_is_too_deep_keeps_its_words():
    assert "자갈치 시장" in rendered("<div>" * 300 + "자갈치 시장", "html")


def test_a_sign_that_is_no_tag_stays():
    assert without_tags("<b>3 < 5</b> 이고 a<7, 끝") == "3 < 5 이고 a<7, 끝"
