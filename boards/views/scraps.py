"""스크랩: saving a post with a note, the list of saved posts, removing one."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Member
from accounts.permissions import Refused
from boards.actions.scraps import scrap_post as do_scrap_post
from boards.actions.scraps import unscrap_post as do_unscrap_post
from boards.forms import ScrapForm
from boards.models import Scrap
from boards.queries.scraps import scrap_rows
from boards.refusals import REFUSED_SCRAP
from boards.views.finding import readable_post
from boards.views.keeping import keeps_text, kept_text
from boardsite.context import site_settings
from boardsite.forms import show_form
from boardsite.pagination import Pages, page_number


@require_http_methods(["GET", "POST"])
@keeps_text
def scrap_post(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """GET asks for a note, POST saves the post. The note of a saved post can be changed."""
    post, can = readable_post(request, slug, number)
    if not request.user.is_authenticated or not can.may_scrap(post):
        raise Refused(REFUSED_SCRAP)
    scrap = Scrap.objects.filter(member=request.user, post=post).first()
    written = {"note": scrap.note if scrap else ""} | kept_text(request)
    form = ScrapForm(request.POST if request.method == "POST" else None, initial=written)
    if form.is_valid():
        if do_scrap_post(post=post, member=request.user, note=form.cleaned_data["note"]):
            messages.success(request, _("이 글을 스크랩했습니다."))
            return redirect(post)
        messages.success(request, _("메모를 저장했습니다."))
        return redirect("list_scraps")  # the page that shows the notes
    context = {"form": form, "scrap": scrap, "post": post, "board": post.board}
    return show_form(request, "boards/scrap_post.jinja", context, form)


@require_safe
def list_scraps(request: HttpRequest) -> HttpResponse:
    """The visitor's own scraps, newest first."""
    member = _require_member(request)
    pages = _pages(request, member, page_number(request))
    rows = scrap_rows(member, pages.offset, pages.size)
    return render(request, "boards/list_scraps.jinja", {"rows": rows, "pages": pages})


@require_POST
def unscrap_post(request: HttpRequest, pk: int) -> HttpResponse:
    """Deletes one of the visitor's own scraps and returns to the page of the list."""
    member = _require_member(request)
    number = page_number(request)
    scrap = Scrap.objects.filter(member=member, pk=pk).first()
    if scrap is None:
        raise Http404(_("스크랩이 존재하지 않습니다."))
    do_unscrap_post(scrap=scrap)
    messages.success(request, _("스크랩을 지웠습니다."))
    pages = _pages(request, member, 1)
    return redirect(pages.address(min(number, pages.last)))  # the last page may be empty now


def _require_member(request: HttpRequest) -> Member:
    if not request.user.is_authenticated:
        raise Refused(REFUSED_SCRAP, back=reverse("list_scraps"))
    return request.user


def _pages(request: HttpRequest, member: Member, number: int) -> Pages:
    total = Scrap.objects.filter(member=member).count()
    size = site_settings(request).page_size
    return Pages(number, total, size, reverse("list_scraps"), {})
