"""Moderation of posts, and the bin."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Refused
from boards.actions.copying import TooMuchToCopy, copy_posts
from boards.actions.managing import manage_posts
from boards.actions.posts import restore_post as do_restore_post
from boards.actions.withholding_comments import restore_comment as do_restore_comment
from boards.forms.moderation import ModerationForm, Operation
from boards.models import Board, Comment, Post, State
from boards.paging import Buckets
from boards.permissions import Access, access
from boards.queries.bin import BIN_STATES, bin_posts, bin_rows
from boards.queries.boards import is_watched
from boards.queries.lists import sort_of, sort_query
from boards.refusals import REFUSED_FOREIGN, REFUSED_OWNERS
from boards.views.boards import asked_category, list_size, show_list
from boards.views.finding import find_board
from boardsite.context import site_settings
from boardsite.pagination import Pages, page_number

DONE = {
    Operation.HIDE: gettext_lazy("글 %d개를 숨겼습니다."),
    Operation.DELETE: gettext_lazy("글 %d개를 지웠습니다."),
    Operation.MOVE: gettext_lazy("글 %d개를 옮겼습니다."),
    Operation.COPY: gettext_lazy("글 %d개를 복사했습니다."),
    Operation.CATEGORY: gettext_lazy("글 %d개의 말머리를 바꾸었습니다."),
    Operation.NOTICE: gettext_lazy("글 %d개를 공지로 올렸습니다."),
    Operation.UNNOTICE: gettext_lazy("글 %d개를 공지에서 내렸습니다."),
    Operation.PIN: gettext_lazy("글 %d개를 전체 공지로 올렸습니다."),
    Operation.UNPIN: gettext_lazy("글 %d개를 전체 공지에서 내렸습니다."),
    Operation.CLOSE: gettext_lazy("글 %d개의 댓글을 잠갔습니다."),
    Operation.OPEN: gettext_lazy("글 %d개의 댓글 잠금을 풀었습니다."),
}


@require_POST
def moderate_posts(request: HttpRequest, slug: str) -> HttpResponse:
    """Applies an operation to the selected posts of a list, or to the post of the page `at`.

    All of them, or none if the moderator may not change one of them. The query string is that of
    the list, which is shown again.
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
        try:
            _do(request, board, form, chosen)
        except TooMuchToCopy as much:
            form.say_too_much(much)
    if form.errors and not is_one:
        return show_list(request, can, is_watched(board, request.user), form)
    for error in [each for errors in form.errors.values() for each in errors]:
        messages.error(request, str(error))
    if is_one:
        post = Post.objects.select_related("board").get(pk=chosen[0].pk)
        if post.is_published:
            return redirect(post)
    size, sort = list_size(request, board), sort_of(board, request.GET.get("sort", ""))
    total = Buckets(board, category).total
    parameters = {"category": str(category.pk) if category else "", "sort": sort_query(board, sort)}
    last = max(1, -(-total // size))  # the last page may be empty now
    number = min(number, last)
    return redirect(
        Pages(number, total, size, board.get_absolute_url(), parameters).address(number)
    )


def _do(request: HttpRequest, board: Board, form: ModerationForm, chosen: list[Post]) -> None:
    """Applies the operation to those that are still published, and adds a message with their
    number."""
    operation = Operation(form.cleaned_data["operation"])
    common = {
        "posts": [post for post in chosen if post.is_published],
        "by": request.user,
        "reason": form.cleaned_data["reason"],
        "within": board,
        **form.target(),
    }
    if operation == Operation.COPY:
        changed = copy_posts(submission=form.cleaned_data["submission"], **common)
    else:
        changed = manage_posts(operation=operation, **common)
    if changed:
        messages.success(request, DONE[operation] % len(changed))
    elif operation == Operation.COPY:
        messages.warning(request, _("방금 복사했거나 복사할 수 없는 글입니다."))
    else:
        messages.warning(request, _("바뀐 글이 없습니다."))


@require_safe
def show_bin(request: HttpRequest, slug: str) -> HttpResponse:
    """The deleted posts of a board, or with `?state=hidden` the hidden ones: by whom, when, why."""
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
    return render(request, "boards/show_bin.jinja", context)


@require_POST
def restore_post(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Restores a deleted or hidden post."""
    can = _moderator(request, slug)
    gone = can.board.posts.select_related("author")
    post = gone.filter(number=number, state__in=BIN_STATES.values()).first()
    if post is None:
        raise Http404(_("휴지통에 없는 글입니다."))
    if not can.may_moderate(post):
        raise Refused(REFUSED_OWNERS)
    do_restore_post(post=post, by=request.user)  # type: ignore[arg-type] # a moderator
    messages.success(request, _("글을 되살렸습니다."))
    hidden = "?state=hidden" if post.state == BIN_STATES["hidden"] else ""
    return redirect(f"{can.board.get_absolute_url()}bin/{hidden}")


@require_POST
def restore_comment(request: HttpRequest, slug: str, number: int, pk: int) -> HttpResponse:
    """Restores a hidden comment."""
    can = _moderator(request, slug)
    comments = Comment.objects.filter(post__board=can.board, post__number=number, pk=pk)
    comment = comments.filter(state=State.HIDDEN).select_related("author", "post__author").first()
    if comment is None:
        raise Http404(_("숨긴 댓글이 아닙니다."))
    comment.post.board = can.board
    if not can.may_moderate(comment):
        raise Refused(REFUSED_OWNERS)
    do_restore_comment(comment=comment, by=request.user)  # type: ignore[arg-type] # a moderator
    messages.success(request, _("댓글을 되살렸습니다."))
    return redirect(comment)


def _moderator(request: HttpRequest, slug: str) -> Access:
    board = find_board(slug)
    can = access(request.user, board)
    can.require("moderate", back=board.get_absolute_url())
    return can
