"""What moderators do to posts of their boards, and the bin."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Refused
from boards.actions.copying import copy_posts
from boards.actions.managing import manage_posts
from boards.actions.posts import restore_post as do_restore_post
from boards.forms.moderation import Deed, ModerationForm
from boards.models import Board, Post
from boards.paging import Buckets
from boards.permissions import Access, access
from boards.queries.bin import BIN_STATES, bin_posts, bin_rows
from boards.queries.boards import is_watched
from boards.refusals import REFUSED_FOREIGN, REFUSED_OWNERS
from boards.views.boards import asked_category, find_board, show_list
from boardsite.context import site_settings
from boardsite.pagination import Pages, page_number

DONE = {
    Deed.HIDE: gettext_lazy("글 %d개를 숨겼습니다."),
    Deed.DELETE: gettext_lazy("글 %d개를 지웠습니다."),
    Deed.MOVE: gettext_lazy("글 %d개를 옮겼습니다."),
    Deed.COPY: gettext_lazy("글 %d개를 복사했습니다."),
    Deed.CATEGORY: gettext_lazy("글 %d개의 말머리를 바꾸었습니다."),
    Deed.NOTICE: gettext_lazy("글 %d개를 공지로 올렸습니다."),
    Deed.UNNOTICE: gettext_lazy("글 %d개를 공지에서 내렸습니다."),
    Deed.PIN: gettext_lazy("글 %d개를 전체 공지로 올렸습니다."),
    Deed.UNPIN: gettext_lazy("글 %d개를 전체 공지에서 내렸습니다."),
    Deed.CLOSE: gettext_lazy("글 %d개의 댓글을 잠갔습니다."),
    Deed.OPEN: gettext_lazy("글 %d개의 댓글 잠금을 풀었습니다."),
}


@require_POST
def moderate_posts(request: HttpRequest, slug: str) -> HttpResponse:
    """One deed to the ticked posts of a list, or to the post on whose page (`at`) it was pressed.

    All of them or, when one is not his to touch, none. The query is the list's own: it is shown
    again where it was.
    """
    board = find_board(slug)
    can = access(request.user, board)
    can.require("moderate", back=board.get_absolute_url())
    number = page_number(request)
    category = asked_category(request, list(board.categories.all()))
    form = ModerationForm(request.POST, can=can)
    if form.is_foreign:
        raise Refused(REFUSED_FOREIGN)
    chosen = list(form.cleaned_data.get("posts", []))
    if not all(can.may_moderate(post) for post in chosen):
        raise Refused(REFUSED_OWNERS)
    is_one = request.POST.get("at") == "post" and len(chosen) == 1
    if form.is_valid():
        _do(request, board, form, chosen)
    elif is_one:
        for error in [each for errors in form.errors.values() for each in errors]:
            messages.error(request, error)
    else:
        return show_list(request, can, is_watched(board, request.user), form)
    if is_one:
        post = Post.objects.select_related("board").get(pk=chosen[0].pk)
        if post.is_published:
            return redirect(post)
    size, sort = site_settings(request).page_size, request.GET.get("sort", "")
    total = Buckets(board, category).total
    parameters = {"category": str(category.pk) if category else "", "sort": sort}
    last = max(1, -(-total // size))  # the last page may have lost all its rows
    number = min(number, last)
    return redirect(
        Pages(number, total, size, board.get_absolute_url(), parameters).address(number)
    )


def _do(request: HttpRequest, board: Board, form: ModerationForm, chosen: list[Post]) -> None:
    """The deed, to those that nobody has hidden or deleted meanwhile; says how many changed."""
    deed = Deed(form.cleaned_data["deed"])
    common = {
        "posts": [post for post in chosen if post.is_published],
        "by": request.user,
        "reason": form.cleaned_data["reason"],
        "within": board,
        **form.target(),
    }
    if deed == Deed.COPY:
        changed = copy_posts(submission=form.cleaned_data["submission"], **common)
    else:
        changed = manage_posts(deed=deed, **common)
    if changed:
        messages.success(request, DONE[deed] % len(changed))
    elif deed == Deed.COPY:
        messages.warning(request, _("방금 복사했거나 복사할 수 없는 글입니다."))
    else:
        messages.warning(request, _("바뀐 글이 없습니다."))


@require_safe
def show_bin(request: HttpRequest, slug: str) -> HttpResponse:
    """What was deleted, or with `?state=hidden` hidden, of one board: by whom, when, why."""
    can = _moderator(request, slug)
    state = request.GET.get("state", "")
    if state not in BIN_STATES:
        state = ""
    posts = bin_posts(can.board, BIN_STATES[state])
    number, size = page_number(request), site_settings(request).page_size
    path = f"{can.board.get_absolute_url()}bin/"
    pages = Pages(number, posts.count(), size, path, {"state": state})
    rows = bin_rows(can, posts[pages.offset : pages.offset + size])
    context = {"board": can.board, "rows": rows, "pages": pages, "state": state}
    return render(request, "boards/show_bin.html", context)


@require_POST
def restore_post(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Puts a deleted or hidden post back to where it was."""
    can = _moderator(request, slug)
    gone = can.board.posts.select_related("author")
    post = gone.filter(number=number, state__in=BIN_STATES.values()).first()
    if post is None:
        raise Http404(_("휴지통에 없는 글입니다."))
    if not can.may_moderate(post):
        raise Refused(REFUSED_OWNERS)
    do_restore_post(post=post, by=request.user)
    messages.success(request, _("글을 되살렸습니다."))
    hidden = "?state=hidden" if post.state == BIN_STATES["hidden"] else ""
    return redirect(f"{can.board.get_absolute_url()}bin/{hidden}")


def _moderator(request: HttpRequest, slug: str) -> Access:
    board = find_board(slug)
    can = access(request.user, board)
    can.require("moderate", back=board.get_absolute_url())
    return can
