"""The revisions of a post, for moderators."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from boards.queries.revisions import changes_of, edit_rows
from boards.views.finding import readable_post


@require_safe
def show_history(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """수정 기록: who edited when, and the differences of one edit (`?edit=`, else the last one)."""
    post, can = readable_post(request, slug, number)
    can.require("moderate", back=post.get_absolute_url())
    asked = request.GET.get("edit", "")
    rows = edit_rows(post.get_absolute_url(), post.revisions.defer("source"), asked)
    if asked and not any(row.is_shown for row in rows):
        raise Http404(_("없는 기록입니다."))
    shown = next((row for row in rows if row.is_shown), None)
    context = {
        "board": post.board,
        "post": post,
        "rows": rows,
        "changes": changes_of(post, rows, shown) if shown else None,
    }
    return render(request, "boards/show_history.jinja", context)
