"""Keeps a spam account's E-mail address and 아이디 from joining again, even after it was erased."""

from django.db import transaction

from accounts.models import Member, RetiredName, ShutOutMail
from accounts.models.members import FOREVER
from accounts.queries.retired_names import mail_hash, name_hash


@transaction.atomic
def shut_out(*, member: Member) -> None:
    """Nobody may join with the present address or 아이디 of `member`; stores only keyed hashes."""
    ShutOutMail.objects.update_or_create(
        mail_hash=mail_hash(member.email), defaults={"until": FOREVER}
    )
    RetiredName.objects.get_or_create(name_hash=name_hash(member.username))


@transaction.atomic
def end_shut_out(*, member: Member) -> None:
    """Undoes shut_out for a member who has not been erased."""
    ShutOutMail.objects.filter(mail_hash=mail_hash(member.email)).delete()
    RetiredName.objects.filter(name_hash=name_hash(member.username)).delete()
