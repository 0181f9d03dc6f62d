"""A member's page: who he is and what he wrote, as far as the visitor may read it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Member
from accounts.permissions import blocked_by
from boards.models import Comment, Post
from boards.rows import mixed_rows, short_date
from boardsite.visitors import today

SHOWN = 10


@require_safe
def show_member(request: HttpRequest, username: str) -> HttpResponse:
    member = get_object_or_404(Member, username=username, is_active=True)
    posts = Post.objects.visible_to(request.user).filter(author=member).newest_first()
    comments = (
        Comment.objects.visible_to(request.user)
        .filter(author=member)
        .select_related("post__board")
        .order_by("-id")[:SHOWN]
    )
    context = {
        "member": member,
        "joined": f"{timezone.localtime(member.date_joined):%Y-%m-%d}",
        "rows": [row.unfolded() for row in mixed_rows(request.user, posts[:SHOWN])],
        "is_blocked": member.pk in blocked_by(request.user),
        "comments": [(comment, short_date(comment.created_at, today())) for comment in comments],
    }
    return render(request, "boards/show_member.html", context)
