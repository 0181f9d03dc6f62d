"""저작권 신고: how strangers ask to have articles taken down."""

from urllib.parse import urlsplit

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_http_methods, require_safe

from boards.models import Board, Post
from boards.permissions import access
from boardsite.forms import show_form
from boardsite.ratelimit import TooMany, hit_or_refuse
from boardsite.visitors import address_key
from collector.actions.complaints import complain as do_complain
from collector.forms import ComplaintForm
from collector.models import SeenEntry, Source

COMPLAINTS_AN_HOUR = 5  # from one address
LONGEST_ID = 18  # digits


@require_http_methods(["GET", "POST"])
def complain(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks who wants what taken down. `?post=` names a post of the source, else the page that the
    visitor has come from does."""
    source = _find_source(request, pk)
    post = _asked_post(request, source)
    is_guest = not request.user.is_authenticated
    form = ComplaintForm(request.POST if request.method == "POST" else None, is_guest=is_guest)
    if form.is_valid() and _within_hour(request, form):
        do_complain(source=source, post=post, **form.deed())
        return redirect("complaint_sent", pk)
    context = {"form": form, "source": source, "post": post}
    return show_form(request, "collector/complain.html", context, form)


@require_safe
def complaint_sent(request: HttpRequest, pk: int) -> HttpResponse:
    """Thanks, and says what comes next."""
    return render(request, "collector/complaint_sent.html", {"source": _find_source(request, pk)})


def _find_source(request: HttpRequest, pk: int) -> Source:
    """One that has posted something where this visitor may read; of others nobody has to know."""
    boards = Board.objects.readable_by(request.user).values("pk")
    posted = SeenEntry.objects.filter(source=OuterRef("pk"), post__board__in=boards)
    return get_object_or_404(Source.objects.filter(Exists(posted)), pk=pk)


def _asked_post(request: HttpRequest, source: Source) -> Post | None:
    """The post that is meant, if it came from `source` and the visitor may read it."""
    asked = request.POST.get("post") or request.GET.get("post", "")
    posts = Post.objects.published().select_related("board__group")
    if asked.isascii() and asked.isdigit() and len(asked) <= LONGEST_ID:
        posts = posts.filter(pk=int(asked))
    elif request.method == "GET" and (place := _came_from(request)):
        posts = posts.filter(board__slug=place["slug"], number=place["number"])
    else:
        return None
    post = posts.filter(pk__in=source.entries.filter(post__isnull=False).values("post")).first()
    return post if post and access(request.user, post.board).may_read(post) else None


def _came_from(request: HttpRequest) -> dict | None:
    """Slug and number of the post whose page has led here."""
    try:
        came_from = urlsplit(request.headers.get("Referer", ""))
        place = resolve(came_from.path) if came_from.netloc == request.get_host() else None
    except (Resolver404, ValueError):
        return None
    return place.kwargs if place and place.url_name == "read_post" else None


def _within_hour(request: HttpRequest, form: ComplaintForm) -> bool:
    """Counts a complaint of this address; past the limit the form says so."""
    try:
        key = f"complain:{address_key(request)}"
        hit_or_refuse(key, limit=COMPLAINTS_AN_HOUR, seconds=3600)
    except TooMany as refusal:
        form.add_error(None, refusal.message)
        form.retry_after = refusal.retry_after
        return False
    return True
