"""The stored addresses of authors, and what came from the same one."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import AuthorAddress, MemberSettings
from boardsite.encryption import CannotDecrypt, decrypt, keyed_hashes
from boardsite.visitors.identity import client_address

PURPOSE = "accounts.author_address"
SAME = 100  # rows that are shown for one address
NEWEST = 20  # rows that are looked at together: the latest of a member


class Seen(NamedTuple):
    """An address in plain text, and the rows that hold it."""

    address: str
    rows: list[AuthorAddress]


def address_to_keep(request: HttpRequest) -> str:
    """The visitor's address if the owner keeps those of authors, else "". No query of its own."""
    return client_address(request) if MemberSettings.known().address_days else ""


def addresses_of(rows: Iterable[AuthorAddress]) -> list[str]:
    """The different addresses of `rows`, in plain text; without those of a lost key."""
    found: dict[str, None] = {}
    for row in rows:
        try:
            found[decrypt(row.address, purpose=PURPOSE)] = None
        except CannotDecrypt:
            continue
    return list(found)


def sent_from(address: str) -> QuerySet[AuthorAddress]:
    """What came from that address, the latest first."""
    hashes = [each.hex() for each in keyed_hashes(address, purpose=PURPOSE)]
    rows = AuthorAddress.objects.filter(address_hash__in=hashes)
    return rows.select_related("member").order_by("-pk")


def with_their_rows(addresses: Iterable[str]) -> list[Seen]:
    """Each address with the SAME latest rows that came from it."""
    return [Seen(address, list(sent_from(address)[:SAME])) for address in addresses]
