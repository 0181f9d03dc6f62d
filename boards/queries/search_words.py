"""인기검색어: searched words, and those that are shown to everybody; docs/decisions/0025."""

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
from boardsite.caching.ttl_cache import TTLCache
from boardsite.models import SiteSettings
from boardsite.text.private_words import is_private
from boardsite.visitors.identity import today

DAYS = 7  # including today
FEWEST = 3  # visitors on one day, because a visitor is not recognised across days
LOOKED_AT = 5  # candidates per shown word: some are blocked, or find nothing


class PopularWord(NamedTuple):
    """A searched word, and the address of its search."""

    word: str
    address: str


def popular_words() -> list[PopularWord]:
    """The 인기검색어 of the last DAYS days, the most frequent first; empty if the owner has turned them
    off."""
    return known_popular(SearchSettings.known().popular_words)


def _read_popular(shown: int) -> list[PopularWord]:
    """Shown to everybody, so only words for which a guest finds posts."""
    day = today()
    sums = sums_of_words(day - timedelta(days=DAYS - 1), day).filter(most__gte=FEWEST)
    words = list(sums.values_list("word", flat=True)[: shown * LOOKED_AT])
    return [PopularWord(word, search_address(word)) for word in islice(_public(words), shown)]


known_popular = TTLCache(_read_popular, seconds=60)


def _public(words: list[str]) -> Iterator[str]:
    """Those of `words` that may be shown to everybody, in their order."""
    if not words:
        return
    hidden = [*blocked_words(), *words_not_taken()]
    places = readable_places(AnonymousUser())
    for word in words:
        if not is_private(word) and not blocked_word(hidden, word) and guests_find(word, places):
            yield word


def search_address(word: str) -> str:
    """The address of a search from a link of the site, which is not counted."""
    return f"{reverse('search')}?{urlencode({'q': word, 'from': 'popular'})}"


def sums_of_words(first: date, last: date) -> QuerySet:
    """The words of these days with the sum (`people`) and the maximum of one day (`most`); most
    frequent first."""
    words = SearchWord.objects.filter(day__gte=first, day__lte=last).values("word")
    sums = words.annotate(people=Sum("visitors"), most=Max("visitors"))
    return sums.order_by("-people", "word")


def blocked_words() -> dict[str, int]:
    """The words that the owner has blocked: word → primary key."""
    return dict(BlockedSearchWord.objects.values_list("word", "pk"))


def words_not_taken() -> list[str]:
    """The words that the site or some board blocks (금지어)."""
    lists = BoardTexts.objects.exclude(blocked_words="").values_list("blocked_words", flat=True)
    return [
        word for lines in (SiteSettings.known().blocked_words, *lists) for word in words_of(lines)
    ]
