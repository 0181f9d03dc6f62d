"""Fingerprints tell copies of one story from different stories on one subject."""

import itertools
import subprocess
import sys
import time
import unicodedata

import pytest

from collector.reading.fingerprints import (
    MAYBE,
    MIN_WORDS,
    NEAR,
    fingerprint,
    is_copy,
    is_near,
    may_be_near,
    sketch,
)
from tests.collector.copies import found_among, pairs
from tests.collector.stories import BEATS, BOILERPLATE, STORIES, variants

WORDS = "가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허고노"


CUT = "the last sentence cut"


def bits(one: str, other: str) -> int:
    return ((fingerprint(one) ^ fingerprint(other)) & (2**64 - 1)).bit_count()


@pytest.mark.parametrize("name", STORIES)
@pytest.mark.parametrize("change", [change for change in variants("가. 나") if change != CUT])
def test_a_story_is_near_its_versions_in_other_papers(name, change):
    text = STORIES[name]
    assert bits(text, variants(text)[change]) <= NEAR
    assert is_near(fingerprint(text), fingerprint(variants(text)[change]))


def test_most_stories_are_near_themselves_without_their_last_sentence():
    """A tenth of such a short story is missing: four of the six are still recognised."""
    found = [bits(text, variants(text)[CUT]) <= NEAR for text in STORIES.values()]
    assert sum(found) >= 4


@pytest.mark.parametrize("around", ["", BOILERPLATE], ids=["bare", "boilerplate"])
def test_other_stories_are_not_near_whatever_stands_around_them(around):
    for one, other in itertools.combinations(STORIES.values(), 2):
        assert not is_near(fingerprint(one + around), fingerprint(other + around))


@pytest.mark.parametrize("around", ["", BOILERPLATE], ids=["bare", "boilerplate"])
@pytest.mark.parametrize("beat", BEATS)
def test_reports_of_one_beat_on_other_days_are_not_near(beat, around):
    for one, other in itertools.combinations(BEATS[beat], 2):
        assert not is_near(fingerprint(one + around), fingerprint(other + around))


def test_half_a_story_is_another_story():
    text = STORIES["market"]
    assert not is_near(fingerprint(text), fingerprint(text[: len(text) // 2]))


@pytest.mark.parametrize(
    "text", ["", "짧은 글", " ".join(WORDS[: MIN_WORDS - 1]), "가" * 10_000, "… " * 99]
)
def test_a_short_text_has_no_fingerprint(text):
    assert fingerprint(text) is None


def test_thirty_words_are_enough():
    assert fingerprint(" ".join(WORDS)) is not None
    assert len(WORDS) == MIN_WORDS


def test_spelling_does_not_matter():
    text = STORIES["court"] + " Samsung Galaxy"
    for other in (
        text.upper(),
        text.replace(" ", "\n\t"),
        text.replace("“", "「").replace("”", "」"),
        unicodedata.normalize("NFD", text),
    ):
        assert bits(text, other) == 0


def test_it_is_a_signed_number_of_64_bits_and_never_changes():
    """Fingerprints of a week are in the database when a new version starts, so they must not
    change."""
    numbers = {name: fingerprint(text) for name, text in STORIES.items()}
    assert all(-(2**63) <= number < 2**63 for number in numbers.values())
    assert any(number < 0 for number in numbers.values())
    assert any(number > 0 for number in numbers.values())
    assert numbers["market"] == 7681860889764005839
    assert numbers["bus"] == -8075792465457152500


def test_nearness_ignores_the_sign():
    assert is_near(-1, 2**63 - 1)
    assert is_near(-1, -1)
    assert is_near(0, 2**NEAR - 1)
    assert not is_near(0, 2 ** (NEAR + 1) - 1)
    assert not is_near(-1, 0)
    assert is_near(-(2**63), 0)


def test_many_comparisons_are_quick():
    text = STORIES["market"] * 100
    began = time.thread_time()
    for n in range(100):
        fingerprint(f"{n} {text}")
    assert time.thread_time() - began < 20
    one = fingerprint(text)
    began = time.thread_time()
    assert sum(is_near(one, other) for other in range(10_000)) < 10_000
    assert time.thread_time() - began < 5


def test_no_page_of_the_site_imports_trafilatura():
    code = (
        "import sys, collector.reading.fingerprints, collector.reading.rules,"
        " collector.reading.listings; sys.exit('trafilatura' in sys.modules or 'lxml' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# -- Sketches of agency reports --------------------------------------------------------------------
def are_one_story(one: str, other: str) -> bool:
    """The decision of grouping.RecentStories."""
    is_near_enough = may_be_near(fingerprint(one), fingerprint(other))
    return is_near_enough and is_copy(sketch(one), sketch(other))


def test_copies_of_an_agency_are_found_and_other_reports_are_not():
    """Precision and recall; decision 0030 lists them by kind."""
    found = found_among(pairs(seed=7, count=12), are_one_story)
    assert {kind: share for kind, share in found.copies.items() if share < 0.9} == {}
    assert found.recall >= 0.95
    assert found.precision == 1


def test_without_sketches_most_copies_are_missed():
    """With fingerprints alone, which is why there are sketches."""
    found = found_among(pairs(seed=7, count=12), lambda one, other: bits(one, other) <= NEAR)
    assert found.recall < 0.6


@pytest.mark.parametrize("change", variants("가. 나"))
@pytest.mark.parametrize("name", STORIES)
def test_short_reports_are_found_in_other_papers(name, change):
    assert are_one_story(STORIES[name], variants(STORIES[name])[change])


@pytest.mark.parametrize("around", ["", BOILERPLATE], ids=["bare", "boilerplate"])
def test_no_other_report_is_taken_for_one(around):
    for texts in (STORIES.values(), *BEATS.values()):
        for one, other in itertools.combinations(texts, 2):
            assert not is_copy(sketch(one + around), sketch(other + around))


def test_a_part_and_a_round_up_are_different_stories():
    text, whole = STORIES["market"], " ".join(STORIES.values())
    assert not is_copy(sketch(text), sketch(text[: len(text) // 2]))
    assert not is_copy(sketch(text), sketch(whole))


def test_a_sketch_is_short_and_never_changes():
    """Sketches of a week are in the database when a new version starts."""
    made = sketch(STORIES["market"])
    assert len(made) == 258
    assert made[:10].hex() == "007701ccc2c507c43a13"
    assert sketch("짧은 글") is None
    assert len(sketch(" ".join(WORDS))) == 2 + 4 * (MIN_WORDS - 3)
    assert MAYBE > NEAR
