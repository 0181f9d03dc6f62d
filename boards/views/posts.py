"""Reading, writing, editing and deleting a post."""

from collections.abc import Sequence

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.permissions import Refused, blocked_by
from boards.actions.earning import post_read
from boards.actions.posts import ChangedMeanwhile
from boards.actions.posts import delete_post as do_delete_post
from boards.actions.posts import edit_post as do_edit_post
from boards.actions.posts import write_post as do_write_post
from boards.actions.telling import read_post_notifications
from boards.forms import CommentForm, ModerationForm, PostForm
from boards.holes import guest_fields
from boards.metadata import canonical, post_metadata
from boards.models import Attachment, OldAddress, Post
from boards.permissions import Access, access
from boards.queries.comments import comment_page
from boards.queries.extras import extra_rows
from boards.queries.lists import board_list
from boards.queries.posts import neighbours, own_marks, post_at
from boards.queries.tags import tags_of
from boards.queries.votes import vote_rows
from boards.reading_spool import take_mark
from boards.refusals import REFUSED_SECRET
from boards.text.richtext import comment_html
from boards.views.boards import find_board
from boards.views.drafting import draft_pressed, elsewhere, opened_draft
from boards.views.guests import (
    keep_members_text,
    known_name,
    member_of,
    show_gate,
    to_gate,
    visitor_of,
)
from boards.views.keeping import keep_text, kept_text
from boards.views.prices import ask_price
from boards.views.writing import as_written, fresh, may_edit_now, publish, write_page
from boardsite import pagecache
from boardsite.agents import is_robot
from boardsite.context import site_settings
from boardsite.dates import full_date, machine_date
from boardsite.pagecache import hole
from boardsite.pagination import Pages, page_number
from boardsite.views.refusals import Gone
from boardsite.visitors import is_person, user_agent

POST_SECONDS = 60.0  # a kept post: what ages in it is the views of others in the list below


@require_safe
@vary_on_headers("User-Agent")
def read_post(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The page that everything started from."""
    post = find_post(slug, number)
    can = access(visitor_of(request), post.board)
    if (post.board.slug, post.number) != (slug, number):
        can.require_entry()
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        return redirect(post.get_absolute_url() + query, permanent=True)
    if can.may_unlock(post) and not can.may_read(post):
        return show_gate(request, post, status=403)
    require_read(can, post, is_paid=False)
    if cost := can.must_pay(post):
        return ask_price(request, post, cost)
    query = ("comments", "order", "comment")
    pagecache.keep(request, scope=post.board_id, query=query, seconds=POST_SECONDS)
    if can.wrote(post):
        views = f"{post.view_count:,}"
    else:
        views = hole(request, "view_count", post.pk)
        if request.user.is_authenticated and post.board.read_points > 0 and is_person(request):
            post_read(post=post, member=request.user)
    if request.user.is_authenticated and request.method == "GET":
        read_post_notifications(post, request.user)
    kept = kept_text(request)
    context = post_context(
        request,
        can,
        post,
        comment_form=new_comment_form(request, post, kept) if can.may_comment(post) else None,
        reply_to=kept.get("parent") or request.GET.get("reply", ""),
        views=views,
    )
    if request.user.is_authenticated and is_person(request):
        seen, newest = context["seen"], context["comments"].newest
        if seen is None or seen < newest:
            take_mark(member=request.user.pk, post=post.pk, comment=newest)
    return render(request, "boards/read_post.html", context)


def post_context(
    request: HttpRequest,
    can: Access,
    post: Post,
    comment_form: CommentForm | None,
    reply_to: str,
    views: str = "",
) -> dict:
    """Everything that the page of a post shows; also when a comment in it must be corrected.

    `reply_to` is the id of the comment under which the form stands, as text. It decides which
    page of comments is shown; else `?comment=` does, or `?comments=`, a number. `posts` and `pages`
    are None for robots.
    """
    attachments = list(post.attachments.all()) if post.picture_count + post.file_count else []
    size = site_settings(request).page_size
    # A robot finds every post by the board and the sitemap; without the list its pages are cheap.
    is_cheap = is_robot(user_agent(request))
    around = None if is_cheap else board_list(can, size=size, around=post)
    address = post.board.get_absolute_url()
    pages = Pages(around.page, around.total, size, address, {}) if around else None
    if around and post.is_listed:
        older, newer = around.older, around.newer
    else:
        older, newer = neighbours(can, post)
    marks = own_marks(request.user, post)
    comments = comment_page(
        can,
        post,
        number=page_number(request, "comments"),
        order=request.GET.get("order", ""),
        around=reply_to or request.GET.get("comment", ""),
        reply_to=reply_to,
        seen=marks["seen"],
    )
    answered = next((row.comment for row in comments.rows if row.is_replied), None)
    if answered is not None:
        comment_form.begin_answer(answered)
    return {
        "board": post.board,
        "can": can,
        "post": post,
        "canonical": canonical(post),
        "metadata": post_metadata(post, site_settings(request).name),
        "seen": marks["seen"],
        "tags": tags_of(post) if post.has_tags and post.board.use_tags else [],
        "date": full_date(post.created_at),
        "time": machine_date(post.created_at),
        "views": views or f"{post.view_count:,}",
        "edited": full_date(post.edited_at),
        "pictures": [a for a in attachments if a.is_picture and not a.is_inline],
        "files": [a for a in attachments if not a.is_picture],
        "media": played_media(can, post, attachments),
        "links": post.links.all() if post.link_count else [],
        "extras": extra_rows(post) if post.has_extras else [],
        "signature": signature_of(post),
        "comments": comments,
        "comment_form": comment_form,
        "guest_fields": guest_fields_of(request, comment_form),
        "reply_to": answered is not None,
        "author_is_blocked": post.author_id in blocked_by(request.user),
        "may_edit": can.may_edit(post),
        "may_delete": can.may_delete(post),
        "may_unlock": can.may_unlock(post),
        "may_comment": can.may_comment(post),
        "may_reply": can.may_reply(post),
        "manage_post": ModerationForm(can=can) if can.may_moderate(post) else None,
        "votes": vote_rows(post, can.votes_on(), marks["vote"]),
        "may_vote": bool(can.may_vote(post)),
        "may_scrap": can.may_scrap(post),
        "may_report": can.may_report(post),
        "is_scrapped": marks["is_scrapped"],
        "older": older,
        "newer": newer,
        "posts": around,
        "pages": pages,
    }


@require_http_methods(["GET", "POST"])
def write_post(request: HttpRequest, slug: str) -> HttpResponse:
    board = find_board(slug)
    can = access(request.user, board)
    if moved := elsewhere(request, may_write=can.write):
        return moved
    if not can.write:
        keep_text(request)  # the session may have run out while the person wrote
        raise Refused(can.refusal("write"))
    if request.method == "POST":
        keep_members_text(request)
        form = PostForm(request.POST, request.FILES, can=can)
        if "draft" in request.POST:
            return draft_pressed(request, form) or write_page(request, form, can)
        if form.is_valid() and (post := publish(request, form, can, do_write_post, board=board)):
            return redirect(post)
    else:
        begun = kept_text(request) or opened_draft(request)
        form = PostForm(initial=known_name(request) | fresh(begun, can), can=can)
    return write_page(request, form, can)


@require_http_methods(["GET", "POST"])
def edit_post(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    post = find_post(slug, number)
    can = access(visitor_of(request), post.board)
    if not can.may_edit(post):
        if moved := elsewhere(request):
            return moved
        keep_text(request)
        if can.may_unlock(post):
            return to_gate(post, "edit")
        raise Refused(can.refusal_to_change(post, "edit"))
    if request.method == "POST":
        form = PostForm(request.POST, request.FILES, can=can, post=post)
        if "draft" in request.POST:
            return draft_pressed(request, form) or write_page(request, form, can)
        if form.is_valid() and may_edit_now(request, form, can):
            try:
                do_edit_post(
                    post=post,
                    by=member_of(request),
                    removed_files=form.cleaned_data["removed_files"],
                    submission=form.cleaned_data["submission"],
                    seen=form.cleaned_data["edited_at"],
                    **form.deed(),
                )
                return redirect(post)
            except ChangedMeanwhile as meanwhile:
                form.say_changed(meanwhile.post)
    else:
        kept = kept_text(request, for_guest=True)
        written = opened_draft(request, post) or as_written(post)
        form = PostForm(initial=written | kept, can=can, post=post)
    return write_page(request, form, can)


@require_http_methods(["GET", "POST"])
def delete_post(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Asks, then puts the post into the bin."""
    post = find_post(slug, number)
    can = access(visitor_of(request), post.board)
    if not can.may_delete(post):
        if can.may_unlock(post):
            return to_gate(post, "delete")
        raise Refused(can.refusal_to_change(post, "delete"))
    if request.method == "POST":
        do_delete_post(post=post, by=request.user)
        messages.success(request, _("글을 지웠습니다."))
        return redirect(post.board)
    return render(request, "boards/delete_post.html", {"post": post, "board": post.board})


def find_post(slug: str, number: int) -> Post:
    """The published post that is, or was before it moved, at an address; else 404.

    Where guests may read, the address of one that has been hidden, deleted or purged answers 410
    instead: its number has been handed out. Its board (which is not to be changed where one only
    reads), author, category, body and guest's password are joined.
    """
    board = find_board(slug)
    post = post_at(board, number)
    if post is not None:
        return post
    old = OldAddress.objects.filter(board=board, number=number)
    moved = Post.objects.published().filter(pk__in=old.values("post"))
    now = moved.values_list("board__slug", "number").first()
    if now is not None and (post := post_at(find_board(now[0]), now[1])) is not None:
        return post
    was_here = 1 <= number <= board.last_number and access(AnonymousUser(), board).is_public
    refusal = Gone if was_here else Http404
    raise refusal(_("글이 존재하지 않습니다. 글이 삭제되었거나 이동된 경우입니다."))


def signature_of(post: Post) -> str:
    """What its author writes under his posts, as HTML; "" where the board shows none."""
    author = post.author
    if author is None or not author.is_here or not post.board.shows_signature:
        return ""
    return comment_html(author.signature)


def played_media(can: Access, post: Post, attachments: Sequence[Attachment]) -> list[Attachment]:
    """Videos and audio for the players in the page: those that he may have and has paid for."""
    played = [file for file in attachments if file.is_played and can.may_download(post)]
    unpaid = can.unpaid_files(post, played)
    return [file for file in played if file.pk not in unpaid]


def require_read(can: Access, post: Post, *, is_paid: bool = True) -> None:
    """Raises Refused with the sentence that fits, unless the visitor may read `post`, and has paid
    for it where it costs points (not asked where not `is_paid`)."""
    back = post.get_absolute_url()
    can.require("list", back=back)
    can.require("read", back=back)
    if not can.may_read(post):
        raise Refused(REFUSED_SECRET, back=back)
    if is_paid and can.must_pay(post):
        raise Refused(can.refusal_to_pay(), back=back)


def guest_fields_of(request: HttpRequest, form: CommentForm | None) -> str:
    """What a guest is asked below a post, as HTML."""
    if form is None or "guest_name" not in form.fields:
        return ""
    return hole(request, "guest_fields") if pagecache.is_kept(request) else guest_fields(form)


def new_comment_form(request: HttpRequest, post: Post, kept: dict) -> CommentForm:
    """An empty comment form, or one with the text that a lost session left behind."""
    return CommentForm(
        initial={"submission": hole(request, "submission")} | known_name(request) | kept,
        is_guest=not request.user.is_authenticated,
        secrets=post.board.secret_comments,
    )
