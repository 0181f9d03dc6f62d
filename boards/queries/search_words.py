"""인기검색어: what is looked for, and what of it is named to everybody; docs/decisions/0025."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import NamedTuple
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.db.models import Max, QuerySet, Sum
from django.urls import reverse

from boards.models import BlockedSearchWord, BoardTexts, SearchSettings, SearchWord
from boards.queries.search import guests_find, readable_places
from boards.text.blocked_words import blocked_word, words_of
from boardsite.private_words import is_private
from boardsite.remembered import Remembered
from boardsite.visitors import today

DAYS = 7  # today is one of them
FEWEST = 3  # visitors on one day: the same visitor on two days cannot be known again
LOOKED_AT = 5  # words for each that is to be shown: some are blocked, or lead to nothing


class PopularWord(NamedTuple):
    """A word as it is counted, and the search for it."""

    word: str
    address: str


def _read_popular() -> list[PopularWord]:
    """What is shown to everybody: never more than what a guest finds posts by."""
    shown = SearchSettings.known().popular_words
    day = today()
    sums = sums_of_words(day - timedelta(days=DAYS - 1), day).filter(most__gte=FEWEST)
    words = list(sums.values_list("word", flat=True)[: shown * LOOKED_AT])
    return [PopularWord(word, search_address(word)) for word in islice(_public(words), shown)]


popular_words = Remembered(_read_popular, seconds=60)
"""The 인기검색어 of the last DAYS days, the most frequent first; none where the owner wants none."""


def _public(words: list[str]) -> Iterator[str]:
    """Those of `words` that may be named to everybody, in their order."""
    if not words:
        return
    hidden = [*blocked_words(), *words_not_taken()]
    places = readable_places(AnonymousUser())
    for word in words:
        if not is_private(word) and not blocked_word(hidden, word) and guests_find(word, places):
            yield word


def search_address(word: str) -> str:
    """The search for a word of ours, which counts it for nobody."""
    return f"{reverse('search')}?{urlencode({'q': word, 'from': 'popular'})}"


def sums_of_words(first: date, last: date) -> QuerySet:
    """Words of these days with `people`, and the `most` of them on one day; most frequent first."""
    words = SearchWord.objects.filter(day__gte=first, day__lte=last).values("word")
    sums = words.annotate(people=Sum("visitors"), most=Max("visitors"))
    return sums.order_by("-people", "word")


def blocked_words() -> dict[str, int]:
    """What the owner has blocked: word → the row's key."""
    return dict(BlockedSearchWord.objects.values_list("word", "pk"))


def words_not_taken() -> list[str]:
    """Words that some board does not take (금지어)."""
    lists = BoardTexts.objects.exclude(blocked_words="").values_list("blocked_words", flat=True)
    return [word for lines in lists for word in words_of(lines)]
