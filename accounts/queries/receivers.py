"""The receivers of a 쪽지: resolves typed names, and suggests names."""

import re
from collections.abc import Callable

from django.db import connections, router
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Collate
from django.utils import timezone

from accounts.models import Member, Message
from accounts.permissions import blocked_by
from accounts.text.names import keys_beginning_with, nickname_key

LONGEST_NAME = 40  # characters; a 별명 with its 아이디 in brackets has 38
OFFERED = 8
LOOKED_AT = 200  # names with that beginning; this keeps the query fast on a site of a million posts
WITH_USERNAME = re.compile(r"([^()]+)\(([a-z0-9_]{3,20})\)\Z")

names_read_by: Callable[[Member], Q] | None = None
"""The condition that a member has a post or comment that the given member may read. The app with
the posts sets it (its AppConfig.ready); None: there are no posts."""


def members_named(names: list[str], *, besides: Member) -> dict[str, list[Member]]:
    """Whom each of `names` may mean: by 별명, by 아이디, or by both, written 별명(아이디).

    There are several where one member's 별명 is another's 아이디. Members who have left, and `besides`,
    are meant only where nobody else is. One query."""
    wanted = {name: _parts(name) for name in names if len(name) <= LONGEST_NAME}
    keys = {key for key, _username, _is_both in wanted.values() if key}
    usernames = {username for _key, username, _is_both in wanted.values() if username}
    rows = list(Member.objects.filter(Q(nickname_key__in=keys) | Q(username__in=usernames)))
    return {name: _meant(wanted.get(name), rows, besides) for name in names}


def name_to_write_to(member: Member) -> str:
    """The name in the field of receivers that means `member` and nobody else."""
    others = Member.objects.filter(username=member.nickname.lower()).exclude(pk=member.pk)
    return spelled_out(member) if others.exists() else member.nickname


def spelled_out(member: Member) -> str:
    return f"{member.nickname}({member.username})"


def names_to_offer(typed: str, *, sender: Member) -> list[str]:
    """별명 that begin with `typed`, of members to whom `sender` may want to write.

    Only names that `sender` may have seen at a post or comment, and those of members who sent them
    a 쪽지: the field must reveal neither all members nor those who write anonymously."""
    if len(typed) > LONGEST_NAME:
        return []
    first, end = keys_beginning_with(typed)
    if not first:
        return []
    begin_so = (
        Member.objects.alias(key=_by_code_points())
        .filter(
            Q(suspended_until=None) | Q(suspended_until__lte=timezone.now()),
            key__gte=first,
            key__lt=end,
            is_active=True,
            left_at=None,
            is_robot=False,
            takes_messages=True,
        )
        .exclude(pk__in=[sender.pk, *blocked_by(sender)])
    )
    heard_of = Q(Exists(Message.objects.filter(sender=OuterRef("pk"), receiver=sender)))
    has_written = Q(post_count__gt=0) | Q(comment_count__gt=0)
    known = heard_of | (has_written & names_read_by(sender)) if names_read_by else heard_of
    candidates = begin_so.filter(heard_of | has_written).order_by("key").values("pk")[:LOOKED_AT]
    found = Member.objects.filter(known, pk__in=candidates).alias(key=_by_code_points())
    return list(found.order_by("key").values_list("nickname", flat=True)[:OFFERED])


def _by_code_points() -> F | Collate:
    """The key of the 별명, ordered by code points. SQLite compares in this way; PostgreSQL uses the
    database's locale, in which equal beginnings need not be adjacent."""
    is_postgresql = connections[router.db_for_read(Member)].vendor == "postgresql"
    return Collate("nickname_key", "C") if is_postgresql else F("nickname_key")


def _parts(name: str) -> tuple[str, str, bool]:
    """The 별명 key and the 아이디 that `name` may be, and whether it must be both."""
    if both := WITH_USERNAME.match(name.lower()):
        return nickname_key(both[1]), both[2], True
    return nickname_key(name), name.lower(), False


def _meant(
    parts: tuple[str, str, bool] | None, rows: list[Member], besides: Member
) -> list[Member]:
    if parts is None:
        return []
    key, username, is_both = parts
    if is_both:
        return [row for row in rows if (row.nickname_key, row.username) == (key, username)]
    found = [row for row in rows if row.nickname_key == key or row.username == username]
    return [row for row in found if row.is_here and row.pk != besides.pk] or found
