"""저작권 신고: the public form for asking to have articles taken down."""

from urllib.parse import urlsplit

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_http_methods, require_safe

from boards.models import Board, Post
from boards.permissions import access
from boardsite.forms import refuse_form, show_form
from boardsite.limits.attempts import counts_attempts
from boardsite.limits.rate_limit import TooMany, hit_or_refuse
from boardsite.text import id_in
from boardsite.visitors.identity import address_key
from collector.actions.complaints import complain as do_complain
from collector.forms import ComplaintForm
from collector.models import SeenEntry, Source

COMPLAINTS_AN_HOUR = 5  # from one address


@require_http_methods(["GET", "POST"])
@counts_attempts
def complain(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows and handles the form. `?post=` names a post of the source; without it the referring
    page does."""
    source = _find_source(request, pk)
    post = _asked_post(request, source)
    is_guest = not request.user.is_authenticated
    form = ComplaintForm(request.POST if request.method == "POST" else None, is_guest=is_guest)
    if form.is_valid() and _within_hour(request, form):
        do_complain(source=source, post=post, **form.arguments())
        return redirect("complaint_sent", pk)
    context = {"form": form, "source": source, "post": post}
    return show_form(request, "collector/complain.jinja", context, form)


@require_safe
def complaint_sent(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "collector/complaint_sent.jinja", {"source": _find_source(request, pk)})


def _find_source(request: HttpRequest, pk: int) -> Source:
    """A source with a post that this visitor may read; 404 otherwise, so that others stay
    unknown."""
    boards = Board.objects.readable_by(request.user).values("pk")
    posted = SeenEntry.objects.filter(source=OuterRef("pk"), post__board__in=boards)
    return get_object_or_404(Source.objects.filter(Exists(posted)), pk=pk)


def _asked_post(request: HttpRequest, source: Source) -> Post | None:
    """The post in question, if it comes from `source` and the visitor may read it."""
    asked = id_in(request.POST.get("post") or request.GET.get("post", ""))
    posts = Post.objects.published().select_related("board__group")
    if asked:
        posts = posts.filter(pk=asked)
    elif request.method == "GET" and (place := _came_from(request)):
        posts = posts.filter(board__slug=place["slug"], number=place["number"])
    else:
        return None
    post = posts.filter(pk__in=source.entries.filter(post__isnull=False).values("post")).first()
    return post if post and access(request.user, post.board).may_read(post) else None


def _came_from(request: HttpRequest) -> dict | None:
    """Slug and number of the post that the Referer names."""
    try:
        came_from = urlsplit(request.headers.get("Referer", ""))
        place = resolve(came_from.path) if came_from.netloc == request.get_host() else None
    except (Resolver404, ValueError):
        return None
    return place.kwargs if place and place.url_name == "read_post" else None


def _within_hour(request: HttpRequest, form: ComplaintForm) -> bool:
    """Counts a complaint from this address; above the limit the form gets an error."""
    try:
        key = f"complain:{address_key(request)}"
        hit_or_refuse(key, limit=COMPLAINTS_AN_HOUR, seconds=3600)
    except TooMany as refusal:
        refuse_form(form, refusal)
        return False
    return True
