"""인기검색어: beside every page, and as a report for the staff; docs/decisions/0025."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import NamedTuple
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.db.models import Max, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from boards.models import BlockedSearchWord, Board, BoardTexts, SearchSettings, SearchWord
from boards.queries.search import guests_find
from boards.text.blocked_words import blocked_word, words_of
from boardsite.private_words import is_private
from boardsite.remembered import Remembered
from boardsite.reports import Link, Period, Table
from boardsite.visitors import today

DAYS = 7  # today is one of them
FEWEST = 3  # visitors on one day: the same visitor on two days cannot be known again
LOOKED_AT = 5  # words for each that is to be shown: some are blocked, or lead to nothing
REPORTED = 200  # words of a report


class PopularWord(NamedTuple):
    """A word as it is counted, and the search for it."""

    word: str
    address: str


def _read_popular() -> list[PopularWord]:
    """What is shown to everybody: never more than what a guest finds posts by."""
    shown = SearchSettings.known().popular_words
    day = today()
    sums = _sums(day - timedelta(days=DAYS - 1), day).filter(most__gte=FEWEST)
    words = list(sums.values_list("word", flat=True)[: shown * LOOKED_AT])
    return [PopularWord(word, search_address(word)) for word in islice(_public(words), shown)]


popular_words = Remembered(_read_popular, seconds=60)
"""The 인기검색어 of the last DAYS days, the most frequent first; none where the owner wants none."""


def _public(words: list[str]) -> Iterator[str]:
    """Those of `words` that may be named to everybody, in their order."""
    if not words:
        return
    hidden = [*_blocked(), *_not_taken()]
    boards = list(Board.objects.readable_by(AnonymousUser()).values_list("pk", flat=True))
    for word in words:
        if not is_private(word) and not blocked_word(hidden, word) and guests_find(word, boards):
            yield word


def search_address(word: str) -> str:
    """The search for a word of ours, which counts it for nobody."""
    return f"{reverse('search')}?{urlencode({'q': word, 'from': 'popular'})}"


def searched_words(period: Period, user) -> Table:
    """The report: what was looked for most, public or not, and the way to block it."""
    blocked, not_taken = _blocked(), _not_taken()
    sums = _sums(*period).values_list("word", "people")[:REPORTED]
    rows = [
        (Link(word, search_address(word)), people, _standing(word, blocked, not_taken, user))
        for word, people in sums
    ]
    return Table([_("검색어"), _("찾은 사람"), _("숨김")], rows)


def search_word_links(user) -> list[Link]:
    """What else the user may see to."""
    pages = [
        (
            _("막은 말"),
            "boards.view_blockedsearchword",
            "admin:boards_blockedsearchword_changelist",
        ),
        (_("검색 설정"), "boards.view_searchsettings", "admin:boards_searchsettings_changelist"),
    ]
    return [Link(name, reverse(page)) for name, right, page in pages if user.has_perm(right)]


def _standing(word: str, blocked: dict[str, int], not_taken: list[str], user) -> Link | str:
    """By what the word is hidden, or how to hide it."""
    model = "boards.{}_blockedsearchword"
    if by := blocked_word(blocked, word):
        text = _("막은 말: %s") % by
        page = reverse("admin:boards_blockedsearchword_delete", args=[blocked[by]])
        return Link(text, page) if user.has_perm(model.format("delete")) else text
    if by := blocked_word(not_taken, word):
        return _("게시판 금지어: %s") % by
    if not user.has_perm(model.format("add")):
        return ""
    page = reverse("admin:boards_blockedsearchword_add")
    return Link(_("막기"), f"{page}?{urlencode({'word': word})}")


def _sums(first: date, last: date):
    """Words of these days with `people`, and the `most` of them on one day; most frequent first."""
    words = SearchWord.objects.filter(day__gte=first, day__lte=last).values("word")
    sums = words.annotate(people=Sum("visitors"), most=Max("visitors"))
    return sums.order_by("-people", "word")


def _blocked() -> dict[str, int]:
    """What the owner has blocked: word → the row's key."""
    return dict(BlockedSearchWord.objects.values_list("word", "pk"))


def _not_taken() -> list[str]:
    """Words that some board does not take (금지어)."""
    lists = BoardTexts.objects.exclude(blocked_words="").values_list("blocked_words", flat=True)
    return [word for lines in lists for word in words_of(lines)]
