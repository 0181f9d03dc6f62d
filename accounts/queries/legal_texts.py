"""The texts that members agree to: those of now, and who still has to agree.

Which text must be agreed to before one goes on is remembered by each process for at most
`OneRow.SECONDS`, so that pages pay no query for it.
"""

from django.db.models import Max, QuerySet

from accounts.models import Consent, LegalText, Member
from boardsite.models import OneRow
from boardsite.remembered import Remembered

Kind = LegalText.Kind
REQUIRED = [Kind.TERMS, Kind.PRIVACY]


def newest_text(kind: str) -> LegalText | None:
    """The version that counts now; None while the owner has written none (the built-in text)."""
    return LegalText.objects.filter(kind=kind).order_by("-version").first()


def newest_texts(kinds: list[str]) -> dict[str, LegalText | None]:
    """newest_text of several kinds; one query."""
    return {**dict.fromkeys(kinds), **{text.kind: text for text in _newest(kinds)}}


def _newest(kinds: list[str]) -> QuerySet[LegalText]:
    of_kinds = LegalText.objects.filter(kind__in=kinds)
    # Versions are only ever added, so the highest id is the highest version.
    return LegalText.objects.filter(
        pk__in=of_kinds.values("kind").annotate(pk=Max("pk")).values("pk")
    )


def _demand() -> int:
    """The id of the last text that every member must agree to, 0 for none."""
    demands = LegalText.objects.filter(kind__in=REQUIRED, needs_consent=True)
    return demands.order_by("-pk").values_list("pk", flat=True).first() or 0


known_demand = Remembered(_demand, seconds=OneRow.SECONDS)


def texts_to_agree(member: Member) -> list[LegalText]:
    """The present texts of the kinds in which `member` has not agreed to the last version that asks
    for it, nor to a later one; two queries, three when there are such."""
    agreed = dict.fromkeys(REQUIRED, 0)
    given = Consent.objects.filter(member=member, kind__in=REQUIRED, text__isnull=False)
    for kind, version in given.values_list("kind", "text__version"):
        agreed[kind] = max(agreed[kind], version)
    asking = LegalText.objects.filter(kind__in=REQUIRED, needs_consent=True)
    owed = {
        kind for kind, version in asking.values_list("kind", "version") if version > agreed[kind]
    }
    texts = newest_texts(sorted(owed)) if owed else {}
    return [texts[kind] for kind in REQUIRED if kind in owed]
