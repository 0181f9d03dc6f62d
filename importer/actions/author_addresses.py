"""IP addresses of authors, where the owner keeps them: those whose days are not over, and no others
(docs/decisions/0076, 0079)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.actions.addresses import keep_addresses
from accounts.models import AuthorAddress, Member, MemberSettings
from boards.models import Comment, Post
from importer.reading.staging import Found
from importer.reading.values import moment


def kept_since() -> datetime | None:
    """From when on addresses are kept; None where the owner keeps none."""
    days = MemberSettings.known().address_days
    return timezone.now() - timedelta(days=days) if days else None


def keep_addresses_of_texts(
    since: datetime | None, kind: AuthorAddress.Kind, rows: Iterable[tuple[Found, Post | Comment]]
) -> None:
    """Of posts or comments that have just been imported."""
    if since is not None:
        keep_addresses(
            _row(kind, row.get("wr_ip", ""), text.author_id, text.created_at, text.pk)
            for row, text in rows
            if text.created_at >= since and is_address(row.get("wr_ip", ""))
        )


def keep_addresses_of_members(rows: Iterable[tuple[Found, Member]]) -> None:
    """Of the last log-in of members who have just been imported."""
    since = kept_since()
    if since is not None:
        keep_addresses(
            _row(AuthorAddress.Kind.LOG_IN, row["mb_login_ip"], member.pk, at)
            for row, member in rows
            if (at := moment(row.get("mb_today_login", ""))) and at >= since
            if member.left_at is None and is_address(row.get("mb_login_ip", ""))
        )


def forget_addresses_of_posts(posts: list[int]) -> None:
    """Deletes those of posts (ids) and of their comments."""
    comments = Comment.objects.filter(post__in=posts).values_list("pk", flat=True)
    of_posts = Q(kind=AuthorAddress.Kind.POST, number__in=posts)
    of_comments = Q(kind=AuthorAddress.Kind.COMMENT, number__in=list(comments))
    AuthorAddress.objects.filter(of_posts | of_comments).delete()


def is_address(text: str) -> bool:
    """Whether a column holds one; old versions of gnuboard5 stored other things behind proxies."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _row(
    kind: AuthorAddress.Kind,
    address: str,
    member: int | None,
    at: datetime,
    number: int | None = None,
) -> dict[str, Any]:
    return {"kind": kind, "address": address, "member_id": member, "at": at, "number": number}
