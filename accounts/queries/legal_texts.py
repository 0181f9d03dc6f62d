"""The current legal texts, and who still has to agree.

Each process caches which text must be accepted until that changes, so that pages need no query."""

from datetime import timedelta

from django.db.models import Max, QuerySet
from django.utils import timezone

from accounts.models import Consent, LegalText, Member
from boardsite.caching.versioned_cache import VersionedCache
from boardsite.models import OneRow

Kind = LegalText.Kind
TWO_YEARS = timedelta(days=730)  # 정보통신망법 제50조 제8항
REQUIRED = [Kind.TERMS, Kind.PRIVACY]


def due_marketing() -> QuerySet[Consent]:
    """Consents to advertising that the owner must remind members of, the oldest first."""
    given = Consent.objects.filter(kind=Consent.Kind.MARKETING, withdrawn_at=None)
    given = given.filter(member__is_active=True, member__left_at=None)
    return given.filter(confirmed_at__lt=timezone.now() - TWO_YEARS).order_by("confirmed_at", "pk")


def newest_text(kind: str) -> LegalText | None:
    """The current version; None while the owner has written none (the built-in text)."""
    return LegalText.objects.filter(kind=kind).order_by("-version").first()


def newest_texts(kinds: list[str]) -> dict[str, LegalText | None]:
    """newest_text of several kinds; one query."""
    return {**dict.fromkeys(kinds), **{text.kind: text for text in _newest(kinds)}}


def _newest(kinds: list[str]) -> QuerySet[LegalText]:
    of_kinds = LegalText.objects.filter(kind__in=kinds)
    # Versions are only ever added, so the highest id is the highest version.
    return LegalText.objects.filter(
        pk__in=of_kinds.values("kind").annotate(newest=Max("pk")).values("newest")
    )


def _demand() -> int:
    """The id of the latest text that every member must accept, 0 for none."""
    demands = LegalText.objects.filter(kind__in=REQUIRED, needs_consent=True)
    return demands.order_by("-pk").values_list("pk", flat=True).first() or 0


known_demand = VersionedCache(_demand, seconds=OneRow.SECONDS, is_setting=True)


def texts_to_agree(member: Member) -> list[LegalText]:
    """The current texts of the kinds in which `member` has accepted neither the latest version that
    asks for consent nor a later one. Two queries, three when there are such texts."""
    agreed: dict[str, int] = dict.fromkeys(REQUIRED, 0)
    given = Consent.objects.filter(member=member, kind__in=REQUIRED, text__isnull=False)
    for kind, version in given.values_list("kind", "text__version"):
        agreed[kind] = max(agreed[kind], version)
    asking = LegalText.objects.filter(kind__in=REQUIRED, needs_consent=True)
    owed = {
        kind for kind, version in asking.values_list("kind", "version") if version > agreed[kind]
    }
    texts = newest_texts(sorted(owed)) if owed else {}
    return [text for kind in REQUIRED if (text := texts.get(kind)) is not None]
