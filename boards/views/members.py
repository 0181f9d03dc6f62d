"""A member's profile, and the posts and comments of theirs that the visitor may read."""

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
from boards.queries.inquiries import INQUIRED, has_inquiries
from boards.roles import judges_all
from boards.rows import mixed_rows, short_date
from boardsite.caching import page_cache
from boardsite.caching.versions import ALL
from boardsite.visitors.identity import today

SHOWN = 10


@require_safe
def show_member(request: HttpRequest, username: str) -> HttpResponse:
    """A closed profile shows only the name to others."""
    used = (
        MemberSession.objects.filter(member=OuterRef("pk")).order_by("-seen_on").values("seen_on")
    )
    members = Member.objects.annotate(
        asked_by_warden=is_warden(request.user), used_on=Subquery(used[:1])
    )
    if has_inquiries():
        members = members.annotate(**INQUIRED)
    member = find_member(username, members)
    page_cache.cache_page(request, scope=ALL)
    is_open = may_see_profile(request.user, member)
    shows_activity = is_open and may_see_activity(request.user, member)
    context = {
        "member": member,
        # Not even the number of somebody's inquiries is for others.
        "post_count": member.post_count - (getattr(member, "inquiry_count", 0) or 0),
        "comment_count": member.comment_count - (getattr(member, "answer_count", 0) or 0),
        "is_open": is_open,
        "shows_activity": shows_activity,
        "is_blocked": member.pk in blocked_by(request.user),
        "may_suspend": may_suspend(request.user, member, is_known_warden=member.asked_by_warden),
    }
    context["may_handle_spam"] = context["may_suspend"] and judges_all(request.user)
    if is_open:
        context |= _dates(request.user, member)
    if shows_activity:
        context |= _activity(request.user, member)
    return render(request, "boards/show_member.jinja", context)


def _dates(visitor: Visitor, member: Member) -> dict[str, str | int]:
    """Dates without times, for privacy. The last visit counts even without a log-in."""
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
