"""Finds the board, post or comment of an address, and checks the permission to read it."""

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Refused, Visitor
from boards.models import Board, Comment, OldAddress, Post
from boards.permissions import Access, access
from boards.queries.finding import board_at, post_at, withheld_post_at
from boards.refusals import REFUSED_SECRET
from boards.views.guests import visitor_of
from boardsite.views.refusals import Gone


def find_board(slug: str) -> Board:
    """The board at `slug`. Shared between requests, not to be changed. Raises Http404 with
    gnuboard5's sentence."""
    board = board_at(slug)
    if board is None:
        raise Http404(_("존재하지 않는 게시판입니다."))
    return board


def readable_post(
    request: HttpRequest,
    slug: str,
    number: int,
    *,
    is_paid: bool = True,
    and_withheld: bool = False,
) -> tuple[Post, Access]:
    """The post at an address, and the visitor's Access.

    Raises what find_post and require_read raise.
    """
    post = find_post(slug, number, request.user, and_withheld=and_withheld)
    can = access(visitor_of(request), post.board)
    if post.is_published:
        require_read(can, post, is_paid=is_paid)
    return post, can


def readable_comment(
    request: HttpRequest, slug: str, number: int, pk: int, *, is_paid: bool = True
) -> tuple[Comment, Access]:
    """The published comment `pk` of the post at that address. Raises like readable_post."""
    post, can = readable_post(request, slug, number, is_paid=is_paid)
    comments = Comment.objects.published().select_related("author", "guest_password")
    comment = comments.filter(post=post, pk=pk).first()
    if comment is None:
        raise Http404(_("댓글이 존재하지 않습니다. 댓글이 삭제된 경우입니다."))
    comment.post = post
    return comment, can


def find_post(slug: str, number: int, visitor: Visitor, *, and_withheld: bool = False) -> Post:
    """The published post at an address, or at its address before a move; else Http404.

    For views that handle posts that the visitor may not read; all others use readable_post. If the
    post was moved to a board whose list is closed to `visitor`, raises Refused, which names only
    the old address. With `and_withheld`, also returns a hidden or deleted post that `visitor` may
    see.

    Where guests may read, the address of a hidden, deleted or purged post yields 410, because its
    number was assigned. Joins the board (shared, not to be changed), author, category, body and
    guest's password.
    """
    board = find_board(slug)
    post = post_at(board, number)
    if post is not None:
        return post
    old = OldAddress.objects.filter(board=board, number=number)
    moved = Post.objects.published().filter(pk__in=old.values("post"))
    now = moved.values_list("board__slug", "number").first()
    if now is not None and (post := post_at(find_board(now[0]), now[1])) is not None:
        access(visitor, post.board).require("list", back=reverse("read_post", args=[slug, number]))
        return post
    if and_withheld and visitor.is_authenticated:
        post = withheld_post_at(board, number)
        if post is not None and access(visitor, board).may_see_withheld(post):
            return post
    was_here = 1 <= number <= board.last_number and access(AnonymousUser(), board).is_public
    refusal = Gone if was_here else Http404
    raise refusal(_("글이 존재하지 않습니다. 글이 삭제되었거나 이동된 경우입니다."))


def require_read(can: Access, post: Post, *, is_paid: bool = True) -> None:
    """Raises Refused unless the visitor may read `post` and, with `is_paid`, has paid for it."""
    back = post.get_absolute_url()
    can.require("list", back=back)
    can.require("read", back=back)
    if not can.may_read(post):
        raise Refused(REFUSED_SECRET, back=back)
    if is_paid and can.must_pay(post):
        raise Refused(can.refusal_to_pay(), back=back)
