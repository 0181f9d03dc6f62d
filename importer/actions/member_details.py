"""What belongs to a member besides the row: notes of the staff, consents, a confirmed address, 본인확인.

Real names, birthdays, telephone numbers and postal addresses have no place here and are not taken over.
"""

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.utils.translation import gettext as _

from accounts.models import Consent, MailRefusal, Member, MemberNote
from importer.models import Imported, Kind, known
from importer.passwords import is_imported
from importer.reading.site import OldSite
from importer.reading.staging import Found
from importer.reading.values import flag, moment, plain

LONGEST_NOTE = 2_000


def import_details(old: OldSite, members: Iterable[tuple[Found, Member]]) -> None:
    """Creates the rows of new members, in the transaction that creates these."""
    members = list(members)
    here = [(row, each) for row, each in members if each.left_at is None]
    MemberNote.objects.bulk_create(
        MemberNote(member=each, text=text[:LONGEST_NOTE])
        for row, each in members
        if (text := _note(row))
    )
    Consent.objects.bulk_create(_consents(here))
    MailRefusal.objects.bulk_create(_refusals(here))
    if flag(old.config, "cf_use_email_certify"):
        _confirm(here)
    Imported.objects.bulk_create(_certified(here))


def follow_details(rows: Iterable[Found]) -> None:
    """Takes over what members whose rows have changed agree to and refuse, and whether they were identified.
    Those who have logged in here since have decided that here."""
    rows = list(rows)
    ids = {key: each.new for key, each in known(Kind.MEMBER, map(_key, rows)).items()}
    members = Member.objects.filter(left_at=None).in_bulk(ids.values())
    there = [
        (row, member)
        for row in rows
        if (member := members.get(ids.get(_key(row), 0)))
        and (is_imported(member.password) or not member.has_usable_password())
    ]
    about = [member for _row, member in there]
    Consent.objects.filter(kind=Consent.Kind.MARKETING, member__in=about).delete()
    MailRefusal.objects.filter(member__in=about).delete()
    keys = [str(member.pk) for member in about]
    Imported.objects.filter(kind=Kind.CERTIFIED, board=0, old__in=keys).delete()
    Consent.objects.bulk_create(_consents(there))
    MailRefusal.objects.bulk_create(_refusals(there))
    Imported.objects.bulk_create(_certified(there))


def _key(row: Found) -> str:
    return row["mb_id"].lower()[:64]


def _refusals(members: list[tuple[Found, Member]]) -> list[MailRefusal]:
    return [MailRefusal(member=each) for row, each in members if row.get("mb_mailling") == "0"]


def _certified(members: list[tuple[Found, Member]]) -> list[Imported]:
    """Whether they are adults is the digest."""
    return [
        Imported(kind=Kind.CERTIFIED, old=str(each.pk), new=each.pk, digest=flag(row, "mb_adult"))
        for row, each in members
        if row.get("mb_certify")
    ]


def _note(row: Found) -> str:
    text = plain(row.get("mb_memo", "")).strip()
    return _("그누보드의 관리자 메모: %s") % text if text else ""


def _consents(members: list[tuple[Found, Member]]) -> list[Consent]:
    """광고성 정보 수신, where it is known when they agreed; that is when the two years begin."""
    return [
        Consent(member=each, kind=Consent.Kind.MARKETING, given_at=at, confirmed_at=at)
        for row, each in members
        if flag(row, "mb_mailling") and (at := moment(row.get("mb_mailling_date", "")))
    ]


def _confirm(members: list[tuple[Found, Member]]) -> None:
    """On a site that asked for it, who has confirmed their address has, and the others still have to."""
    certified = [each for row, each in members if moment(row.get("mb_email_certify", ""))]
    EmailAddress.objects.bulk_create(
        (
            EmailAddress(user=each, email=each.email.lower(), verified=True, primary=True)
            for each in certified
        ),
        ignore_conflicts=True,
    )
    done = {each.pk for each in certified}
    Member.objects.filter(pk__in=[each.pk for _row, each in members if each.pk not in done]).update(
        must_confirm_email=True
    )


def was_certified(member: Member, audience: str) -> bool:
    """For settings.AUDIENCE_CHECK: whether the old site had verified the member's identity, or age."""
    row = Imported.objects.filter(kind=Kind.CERTIFIED, board=0, old=str(member.pk)).first()
    return row is not None and (audience == "certified" or bool(row.digest))
