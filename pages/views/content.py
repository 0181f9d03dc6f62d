"""Content pages, their edits and their pictures."""

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import MemberRequest, Refused
from boards.queries.revisions import edit_rows
from boards.views.sending import send_file
from boardsite.caching import page_cache, versions
from boardsite.jinja import draw
from boardsite.text import id_in
from pages.actions.content import restore_content_page as do_restore
from pages.models import ContentPage, ContentPicture, ContentRevision
from pages.permissions import may_edit_content, may_read_content, refusal_to_read
from pages.queries.content import (
    changes_of,
    content_at,
    content_metadata,
    pages_in_footer,
    settings_changed,
)
from pages.text.pictures import picture_ids

SECONDS = 60.0  # that a page is cached while nothing on it changes


@require_safe
def read_content_page(request: HttpRequest, slug: str) -> HttpResponse:
    page = content_at(slug)
    if page is None or not (page.is_published or may_edit_content(request.user)):
        raise _missing()
    if not may_read_content(request.user, page):
        raise Refused(refusal_to_read(page))
    if page.is_public:
        page_cache.cache_page(request, scope=versions.SITE, seconds=SECONDS)
    context = {
        "page": page,
        "may_edit": may_edit_content(request.user),
        "metadata": content_metadata(page) if page.is_public else None,
    }
    response = render(request, "pages/read_content_page.jinja", context)
    if not page.is_public:
        response.headers["Cache-Control"] = "private, no-store"
    return response


@require_safe
def show_content_history(request: HttpRequest, slug: str) -> HttpResponse:
    """수정 기록: who edited when, and the differences of one edit (`?edit=`, else the last one)."""
    page = _editable(request, slug)
    asked = request.GET.get("edit", "")
    edits = edit_rows(page.get_absolute_url(), page.revisions.defer("html"), asked)
    shown = next((edit for edit in edits if edit.is_shown), None)
    if shown is None:
        raise Http404(_("없는 기록입니다."))
    context = {
        "page": page,
        "rows": edits,
        "shown": shown.revision,
        "changes": changes_of(edits, shown),
        "settings_changed": settings_changed(edits, shown),
        "may_restore": shown is not edits[0],
    }
    return render(request, "pages/show_content_history.jinja", context)


@require_POST
def restore_content_page(request: MemberRequest, slug: str) -> HttpResponse:
    """Restores the title and the text of the revision `edit`."""
    page = _editable(request, slug)
    key = id_in(request.POST.get("edit", ""))
    revision = ContentRevision.objects.filter(page=page, pk=key).first()
    if revision is None:
        raise Http404(_("없는 기록입니다."))
    do_restore(revision=revision, by=request.user)
    messages.success(request, _("제목과 내용을 이때로 되돌렸습니다."))
    return redirect(page)


@require_safe
def show_content_picture(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A picture, for those who may read its page. One that the page no longer shows, or that no page
    has yet, is for editors only."""
    picture = ContentPicture.objects.select_related("page").filter(pk=pk).first()
    if picture is None or not _may_see(request, picture):
        raise Http404(_("사진이 없습니다."))
    headers = {
        "Content-Type": "image/gif" if str(picture.file).endswith(".gif") else "image/webp",
        "Content-Disposition": "inline",
        # Cached by the browser only and for an hour, because the page may be closed later.
        "Cache-Control": "private, max-age=3600",
    }
    return send_file(request, picture.file, headers)


def footer_links(request: HttpRequest) -> str:
    """The slot "footer_links"."""
    visitor = getattr(request, "user", AnonymousUser())  # a malformed request has none
    links = pages_in_footer(visitor)
    return draw("pages/footer_links.jinja", links=links) if links else ""


def _may_see(request: HttpRequest, picture: ContentPicture) -> bool:
    page = picture.page
    is_shown = page is not None and picture.pk in picture_ids(page.html)
    if page is not None and is_shown and may_read_content(request.user, page):
        return True
    return may_edit_content(request.user)


def _editable(request: HttpRequest, slug: str) -> ContentPage:
    """The page, if this visitor may edit it; else Refused, or 404 if they may not know of it."""
    page = content_at(slug)
    if page is not None and may_edit_content(request.user):
        return page
    if page is None or not page.is_published:
        raise _missing()
    raise Refused(_("내용관리 권한이 있는 운영진만 할 수 있습니다."))


def _missing() -> Http404:
    return Http404(_("존재하지 않는 페이지입니다."))
