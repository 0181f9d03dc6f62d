"""Log-in by providers: members who have connected an account there log in with it here too, once the owner has
entered the keys of the same application (its identifiers are those of one application)."""

from collections.abc import Iterator

from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from accounts.queries.social import NAMES
from importer.actions.ledger import remember, sort_out
from importer.models import Kind, pks
from importer.reading.site import OldSite
from importer.reading.values import moment, plain

LONGEST_UID = 191


def import_social_accounts(old: OldSite) -> Iterator[int]:
    """Connects the accounts that are new, of providers that exist here; yields how many rows were looked at."""
    members = pks(Kind.MEMBER)
    for row in list(old.rows("member_social_profiles", order="CAST(mp_no AS INTEGER)")):
        provider, uid = row["provider"].strip().lower(), plain(row["identifier"]).strip()
        member = members.get(row["mb_id"].lower())
        if provider not in NAMES:
            old.note("여기에 없는 소셜로그인", row["provider"])
        elif uid and member and len(uid) <= LONGEST_UID:
            with transaction.atomic():
                for new in sort_out(Kind.SOCIAL, [row], lambda row: row["mp_no"]).new:
                    account, is_new = SocialAccount.objects.get_or_create(
                        provider=provider, uid=uid, defaults={"user_id": member}
                    )
                    if is_new and (joined := moment(row.get("mp_register_day", ""))):
                        SocialAccount.objects.filter(pk=account.pk).update(date_joined=joined)
                    if is_new:
                        remember(Kind.SOCIAL, [(new["mp_no"], account.pk, new)])
        yield 1
