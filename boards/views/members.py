"""A member's page: who he is and what he wrote, as far as the visitor may read it."""

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Member, MemberSession
from accounts.permissions import Visitor, blocked_by, is_warden, may_suspend
from accounts.views.members import find_member
from boards.models import Comment, Post
from boards.permissions import may_see_activity, may_see_profile
from boards.rows import mixed_rows, short_date
from boardsite import pagecache
from boardsite.versions import ALL
from boardsite.visitors import today

SHOWN = 10


@require_safe
def show_member(request: HttpRequest, username: str) -> HttpResponse:
    """Of one who has closed his profile others see the name alone."""
    used = (
        MemberSession.objects.filter(member=OuterRef("pk")).order_by("-seen_on").values("seen_on")
    )
    members = Member.objects.annotate(
        asked_by_warden=is_warden(request.user), used_on=Subquery(used[:1])
    )
    member = find_member(username, members)
    pagecache.keep(request, scope=ALL)
    is_open = may_see_profile(request.user, member)
    shows_activity = is_open and may_see_activity(request.user, member)
    context = {
        "member": member,
        "is_open": is_open,
        "shows_activity": shows_activity,
        "is_blocked": member.pk in blocked_by(request.user),
        "may_suspend": may_suspend(request.user, member, is_known_warden=member.asked_by_warden),
    }
    if is_open:
        context |= _dates(request.user, member)
    if shows_activity:
        context |= _activity(request.user, member)
    return render(request, "boards/show_member.html", context)


def _dates(visitor: Visitor, member: Member) -> dict[str, str | int]:
    """Days alone: the hour is nobody's business. Who stays logged in is seen without a log-in."""
    joined = timezone.localdate(member.date_joined)
    logged_in_on = timezone.localdate(member.last_login) if member.last_login else None
    seen_on = max(filter(None, (logged_in_on, member.used_on)), default=None)
    is_told = seen_on and (member.shows_presence or member == visitor)
    return {
        "joined": f"{joined:%Y-%m-%d}",
        "days": max(0, (today() - joined).days),
        "last_seen": f"{seen_on:%Y-%m-%d}" if is_told else "",
    }


def _activity(visitor: Visitor, member: Member) -> dict[str, list]:
    posts = Post.objects.visible_to(visitor).filter(author=member).newest_first()
    comments = (
        Comment.objects.visible_to(visitor)
        .filter(author=member)
        .select_related("post__board")
        .order_by("-id")[:SHOWN]
    )
    return {
        "rows": [row.unfolded() for row in mixed_rows(visitor, posts[:SHOWN])],
        "comments": [(comment, short_date(comment.created_at, today())) for comment in comments],
    }
