"""What members agreed to and refused: advertisements, news by mail; and whether they were identified (본인확인)."""

from collections.abc import Iterator

from accounts.models import Consent, MailRefusal, Member
from importer.models import Imported, Kind
from importer.proving.here import USED
from importer.proving.passwords import is_replaced
from importer.proving.proof import Proof
from importer.proving.there import integer, moment
from importer.reading.staging import Found

KIND = "동의"
YES_NO = ("아님", "예")


def check_consents(proof: Proof) -> Iterator[int]:
    for batch in proof.there.rows("member"):
        keys = proof.here.members.of(row["mb_id"].lower() for row in batch)
        members = Member.objects.filter(left_at=None, erased_at=None).in_bulk(keys.values())
        about = {"member__in": members}
        agreed = {
            each.member_id: each.given_at
            for each in Consent.objects.filter(
                kind=Consent.Kind.MARKETING, withdrawn_at=None, **about
            )
        }
        refused = set(MailRefusal.objects.filter(**about).values_list("member", flat=True))
        certified = dict(
            Imported.objects.filter(kind=Kind.CERTIFIED, new__in=members).values_list(
                "new", "digest"
            )
        )
        for row in batch:
            member = members.get(keys.get(row["mb_id"].lower(), 0))
            if member is not None:
                here = (agreed.get(member.pk), member.pk in refused, certified.get(member.pk))
                _compare(proof, row, member, *here)
        yield len(batch)


def _compare(
    proof: Proof, row: Found, member: Member, agreed: object, refuses: bool, certified: int | None
) -> None:
    where, why = row["mb_id"], USED if is_replaced(member.password) else ""
    at = moment(row.get("mb_mailling_date", ""))
    wanted = at if integer(row, "mb_mailling") and at else None
    proof.findings.count(KIND, there=wanted is not None, here=agreed is not None)
    what = "광고성 정보를 받기로 한 시각이 다릅니다"
    proof.findings.same(KIND, what, where, wanted or "", agreed or "", why)
    if "mb_mailling" in row:
        there = row["mb_mailling"] == "0"
        what = "소식 메일을 거부했는지가 다릅니다"
        proof.findings.same(KIND, what, where, YES_NO[there], YES_NO[refuses], why)
    is_certified = bool(row.get("mb_certify", ""))
    what = "본인확인을 했는지가 다릅니다"
    proof.findings.same(KIND, what, where, is_certified, certified is not None)
    if is_certified and certified is not None:
        is_adult = integer(row, "mb_adult") != 0
        what = "성인인지가 다릅니다"
        proof.findings.same(KIND, what, where, is_adult, bool(certified))
