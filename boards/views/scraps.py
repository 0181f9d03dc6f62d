"""스크랩: keeping a post with a note, the list of what one keeps, letting go."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import Refused
from boards.actions.scraps import scrap_post as do_scrap_post
from boards.actions.scraps import unscrap_post as do_unscrap_post
from boards.forms import ScrapForm
from boards.models import Scrap
from boards.permissions import access
from boards.queries.scraps import scrap_rows
from boards.refusals import REFUSED_SCRAP
from boards.views.keeping import keep_text, kept_text
from boards.views.posts import find_post, require_read
from boardsite.context import site_settings
from boardsite.forms import show_form
from boardsite.pagination import Pages, page_number


@require_http_methods(["GET", "POST"])
def scrap_post(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Asks for a note and keeps the post; the note of one kept already can be changed."""
    post = find_post(slug, number)
    can = access(request.user, post.board)
    keep_text(request)  # the session may have run out
    require_read(can, post)
    if not can.may_scrap(post):
        raise Refused(REFUSED_SCRAP)
    scrap = Scrap.objects.filter(member=request.user, post=post).first()
    written = {"note": scrap.note if scrap else ""} | kept_text(request)
    form = ScrapForm(request.POST if request.method == "POST" else None, initial=written)
    if form.is_valid():
        if do_scrap_post(post=post, member=request.user, note=form.cleaned_data["note"]):
            messages.success(request, _("이 글을 스크랩했습니다."))
            return redirect(post)
        messages.success(request, _("메모를 저장했습니다."))
        return redirect("list_scraps")  # where notes are read
    context = {"form": form, "scrap": scrap, "post": post, "board": post.board}
    return show_form(request, "boards/scrap_post.html", context, form)


@require_safe
def list_scraps(request: HttpRequest) -> HttpResponse:
    """One's own scraps, newest first; nobody else's can be asked for."""
    _require_member(request)
    pages = _pages(request, page_number(request))
    rows = scrap_rows(request.user, pages.offset, pages.size)
    return render(request, "boards/list_scraps.html", {"rows": rows, "pages": pages})


@require_POST
def unscrap_post(request: HttpRequest, pk: int) -> HttpResponse:
    """Lets one of one's own scraps go and returns to the page of the list that it stood on."""
    _require_member(request)
    number = page_number(request)
    scrap = Scrap.objects.filter(member=request.user, pk=pk).first()
    if scrap is None:
        raise Http404(_("스크랩이 존재하지 않습니다."))
    do_unscrap_post(scrap=scrap)
    messages.success(request, _("스크랩을 지웠습니다."))
    pages = _pages(request, 1)
    return redirect(pages.address(min(number, pages.last)))  # the last page may have emptied


def _require_member(request: HttpRequest) -> None:
    if not request.user.is_authenticated:
        raise Refused(REFUSED_SCRAP, back=reverse("list_scraps"))


def _pages(request: HttpRequest, number: int) -> Pages:
    total = Scrap.objects.filter(member=request.user).count()
    size = site_settings(request).page_size
    return Pages(number, total, size, reverse("list_scraps"), {})
