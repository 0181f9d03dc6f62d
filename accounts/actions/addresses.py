"""Keeps the addresses of authors for as long as the owner says, and records who looks at them."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import models
from django.utils import timezone

from accounts.models import AddressLook, AuthorAddress, Member, MemberSettings
from accounts.queries.addresses import PURPOSE
from boardsite.encryption import encrypt, keyed_hashes

LOOKS = timedelta(days=730)  # how long it is known who has looked
BATCH = 5000  # rows deleted by one statement


def keep_address(
    *, kind: AuthorAddress.Kind, address: str, member: Member | None, number: int | None = None
) -> None:
    """Stores the address of a post, a comment (with its key) or a log-in; a guest is None."""
    keep_addresses([{"kind": kind, "number": number, "member": member, "address": address}])


def keep_addresses(rows: Iterable[dict[str, Any]]) -> None:
    """Stores several at once. Each is the columns of AuthorAddress, with the address in plain text."""
    AuthorAddress.objects.bulk_create(
        AuthorAddress(
            **row
            | {
                "address": encrypt(row["address"], purpose=PURPOSE),
                "address_hash": keyed_hashes(row["address"], purpose=PURPOSE)[0].hex(),
            }
        )
        for row in rows
    )


def record_look(*, by: Member, about: str) -> None:
    AddressLook.objects.create(by=by, about=about[:100])


def forget_old_addresses() -> int:
    """Deletes the addresses whose days are over, all of them if none are kept, and old looks.
    Returns the number of addresses."""
    AddressLook.objects.filter(at__lt=timezone.now() - LOOKS).delete()
    days = MemberSettings.load().address_days
    old = AuthorAddress.objects.all()
    return _delete(old.filter(at__lt=timezone.now() - timedelta(days=days)) if days else old)


def forget_addresses_of(*, member: Member) -> None:
    """For the erasure of a member. Where the law requires it, they stay until their days are over."""
    if not MemberSettings.load().must_keep_addresses:
        _delete(AuthorAddress.objects.filter(member=member))


def _delete(rows: models.QuerySet[AuthorAddress]) -> int:
    """In batches, so that nobody who writes meanwhile waits for long."""
    total = 0
    while batch := list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        total += AuthorAddress.objects.filter(pk__in=batch).delete()[0]
    return total
