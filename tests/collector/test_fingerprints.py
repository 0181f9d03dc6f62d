"""The same story of two papers is told from two stories of one beat."""

import itertools
import subprocess
import sys
import time
import unicodedata

import pytest

from collector.reading.fingerprints import MIN_WORDS, NEAR, fingerprint, is_near
from tests.collector.stories import BEATS, BOILERPLATE, STORIES, variants

WORDS = "가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허고노"


CUT = "the last sentence cut"


def bits(one: str, other: str) -> int:
    return ((fingerprint(one) ^ fingerprint(other)) & (2**64 - 1)).bit_count()


@pytest.mark.parametrize("name", STORIES)
@pytest.mark.parametrize("change", [change for change in variants("가. 나") if change != CUT])
def test_the_same_story_is_near_itself_in_other_papers(name, change):
    text = STORIES[name]
    assert bits(text, variants(text)[change]) <= NEAR
    assert is_near(fingerprint(text), fingerprint(variants(text)[change]))


def test_most_stories_are_near_themselves_without_their_last_sentence():
    """A tenth of such short ones: in four of the six it is enough."""
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


def test_half_a_story_is_another_one():
    text = STORIES["market"]
    assert not is_near(fingerprint(text), fingerprint(text[: len(text) // 2]))


@pytest.mark.parametrize(
    "text", ["", "짧은 글", " ".join(WORDS[: MIN_WORDS - 1]), "가" * 10_000, "… " * 99]
)
def test_a_text_of_few_words_has_none(text):
    assert fingerprint(text) is None


def test_thirty_words_are_enough():
    assert fingerprint(" ".join(WORDS)) is not None
    assert len(WORDS) == MIN_WORDS


def test_how_it_is_written_does_not_matter():
    text = STORIES["court"] + " Samsung Galaxy"
    for other in (
        text.upper(),
        text.replace(" ", "\n\t"),
        text.replace("“", "「").replace("”", "」"),
        unicodedata.normalize("NFD", text),
    ):
        assert bits(text, other) == 0


def test_it_is_a_signed_number_of_64_bits_and_stays_what_it_was():
    """Numbers of a week are in the database when a new version starts: these must not change."""
    numbers = {name: fingerprint(text) for name, text in STORIES.items()}
    assert all(-(2**63) <= number < 2**63 for number in numbers.values())
    assert any(number < 0 for number in numbers.values())
    assert any(number > 0 for number in numbers.values())
    assert numbers["market"] == 7681860889764005839
    assert numbers["bus"] == -8075792465457152500


def test_nearness_crosses_the_sign():
    assert is_near(-1, 2**63 - 1)
    assert is_near(-1, -1)
    assert is_near(0, 2**NEAR - 1)
    assert not is_near(0, 2 ** (NEAR + 1) - 1)
    assert not is_near(-1, 0)
    assert is_near(-(2**63), 0)


def test_many_are_quick():
    text = STORIES["market"] * 100
    began = time.process_time()
    for n in range(100):
        fingerprint(f"{n} {text}")
    assert time.process_time() - began < 2
    one = fingerprint(text)
    began = time.process_time()
    assert sum(is_near(one, other) for other in range(10_000)) < 10_000
    assert time.process_time() - began < 0.5


def test_no_page_of_the_site_pays_for_trafilatura():
    code = (
        "import sys, collector.reading.fingerprints, collector.reading.rules,"
        " collector.reading.listings; sys.exit('trafilatura' in sys.modules or 'lxml' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
