"""What a site has counted: visitors of each day, and the words that were searched for."""

from collections.abc import Iterator

from django.apps import apps
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from boards.models import SearchWord
from boards.text.search_words import search_word
from importer.actions.ledger import remember
from importer.models import Imported, Kind, known
from importer.reading.site import OldSite
from importer.reading.values import count, day

# Models of an app that is switched off cannot be imported.
if apps.is_installed("visits"):
    from visits.actions.importing import import_day_counts
    from visits.old_counts import FIRST_DAY, MOST_VISITORS

BATCH = 500


def import_visit_counts(old: OldSite) -> Iterator[int]:
    """The visitors of each day (`g5_visit_sum`), where visits are counted; a later run sets them again. Yields
    how many days were looked at."""
    if not apps.is_installed("visits"):
        return
    counts, today = {}, timezone.localdate()
    for row in old.rows("visit_sum"):
        at = day(row["vs_date"])
        if at is None or not FIRST_DAY <= at <= today:
            old.note("날짜가 잘못된 접속자 수", row["vs_date"])
        else:
            counts[at] = count(row, "vs_count", MOST_VISITORS)
    if counts:
        import_day_counts(counts)
    yield len(counts)


def import_search_words(old: OldSite) -> Iterator[int]:
    """인기검색어: how many visitors searched for a word on a day. Words that look like personal data are left
    out, as they are here. Yields how many rows were looked at."""
    visitors: dict[tuple[str, str], set[str]] = {}
    for row in old.rows("popular"):
        word, at = search_word(row["pp_word"]), day(row["pp_date"])
        if word and at is not None:
            visitors.setdefault((str(at), word), set()).add(row.get("pp_ip", ""))
    pairs = sorted(visitors)
    for start in range(0, len(pairs), BATCH):
        with transaction.atomic():
            _add({pair: len(visitors[pair]) for pair in pairs[start : start + BATCH]})
    yield old.count("popular")


def _add(counts: dict[tuple[str, str], int]) -> None:
    """Adds the searches that the ledger does not know yet."""
    keys = {f"{at} {word}"[:64]: (at, word) for at, word in counts}
    before = known(Kind.WORD, keys)
    for key, (at, word) in keys.items():
        more = counts[at, word] - (before[key].new if key in before else 0)
        if more > 0:
            row, is_new = SearchWord.objects.get_or_create(
                day=at, word=word, defaults={"visitors": more}
            )
            if not is_new:
                own = SearchWord.objects.filter(day=row.day, word=word)
                own.update(visitors=F("visitors") + more)
            Imported.objects.filter(kind=Kind.WORD, old=key).delete()
            remember(Kind.WORD, [(key, counts[at, word], {})])
