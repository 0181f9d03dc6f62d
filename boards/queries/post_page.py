"""The data for the page of a post."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from accounts.permissions import blocked_by
from boards.around import Around, draw_around
from boards.forms import CommentForm, ModerationForm
from boards.forms.rules import length_hint
from boards.metadata import PostMetadata, canonical, post_metadata
from boards.models import Attachment, Board, Post, PostLink
from boards.permissions import Access
from boards.queries.bin import WithheldRow, withheld_row
from boards.queries.comments import CommentPage, comment_page
from boards.queries.extras import ExtraRow, extra_rows
from boards.queries.inquiries import InquiryState, inquiry_of
from boards.queries.lists import PostList, board_list
from boards.queries.marks import own_marks
from boards.queries.neighbours import neighbours
from boards.queries.tags import tags_of
from boards.queries.votes import VoteRow, vote_rows
from boards.rows import PostRow
from boardsite.dates import full_date, machine_date
from boardsite.text.richtext import comment_html


class Asked(NamedTuple):
    """The part of the comments that an address selects: a page number, or a comment (an id as
    text)."""

    number: int = 1
    order: str = ""
    comment: str = ""


@dataclass(frozen=True, kw_only=True)
class PostPage:
    """The context of boards/read_post.jinja. `metadata` None: search engines must not index the
    page."""

    board: Board
    can: Access
    post: Post
    withheld: WithheldRow | None  # of a hidden or deleted post
    canonical: str
    metadata: PostMetadata | None
    date: str
    time: str
    edited: str
    views: str
    author_is_blocked: bool
    signature: str  # HTML
    # What it says beside its body.
    tags: Sequence[str]
    extras: Sequence[ExtraRow]
    links: Sequence[PostLink]
    pictures: Sequence[Attachment]
    files: Sequence[Attachment]
    originals: Sequence[Attachment]
    media: Sequence[Attachment]
    poll: str  # HTML
    # Comments
    comments: CommentPage
    comment_form: CommentForm | None
    guest_fields: str  # HTML
    length_hint: str
    reply_to: bool  # whether the form stands below a comment
    # Permissions, and what the visitor has done with the post.
    may_edit: bool
    may_delete: bool
    may_unlock: bool
    may_comment: bool
    may_reply: bool
    may_vote: bool
    may_scrap: bool
    may_report: bool
    manage_post: ModerationForm | None
    votes: Sequence[VoteRow]
    is_scrapped: bool
    seen: int | None
    inquiry: InquiryState | None  # in an inquiry board
    # Around it in its board. `posts` is None on a page that is cached.
    posts: PostList | None
    list_address: str
    neighbours: str  # HTML
    around: str  # HTML


def post_page(
    can: Access,
    post: Post,
    *,
    asked: Asked,
    site_name: str,
    list_size: int,
    comment_form: CommentForm | None = None,
    guest_fields: str = "",
    reply_to: str = "",
    views: str = "",
    poll: str = "",
    around: Around | None = None,
) -> PostPage:
    """The page of `post` for one visitor; also used to show the form of a comment with errors.

    `reply_to` is the id of the comment below which the form stands, as text, and selects the page
    of comments. With `list_size` 0 the page has no list below. `around`: the placeholders of a page
    that is cached.
    """
    views = views or f"{post.view_count:,}"
    inquiry = inquiry_of(can, post) if post.board.is_inquiry else None
    posts = None
    if around is None:
        if list_size and inquiry is None:
            posts = board_list(can, size=list_size, around=post, views=views)
        if inquiry is not None:
            beside: tuple[PostRow | None, PostRow | None] = None, None  # others' inquiries
        elif posts and post.is_listed:
            beside = posts.older, posts.newer
        else:
            beside = neighbours(can, post)
        around = draw_around(can, posts, list_size, *beside)
    marks = own_marks(can.visitor, post)
    comments = comment_page(
        can,
        post,
        number=asked.number,
        order=asked.order,
        around=reply_to or asked.comment,
        reply_to=reply_to,
        seen=marks["seen"],
    )
    parent = next((row.comment for row in comments.rows if row.is_replied), None)
    if parent is not None and comment_form is not None:
        comment_form.begin_reply(parent)
    attachments = list(post.attachments.all()) if post.picture_count + post.file_count else []
    is_shown = post.is_published
    return PostPage(
        board=post.board,
        can=can,
        post=post,
        withheld=None if is_shown else withheld_row(can, post),
        canonical=canonical(post),
        metadata=post_metadata(post, site_name) if is_shown else None,
        date=full_date(post.created_at),
        time=machine_date(post.created_at),
        edited=full_date(post.edited_at),
        views=views,
        author_is_blocked=post.author_id in blocked_by(can.visitor),
        signature=_signature_of(post),
        # find_post annotates the post with both.
        tags=tags_of(post) if post.has_tags and post.board.has_tags else [],  # type: ignore[attr-defined] # annotated
        extras=extra_rows(post) if post.has_extras else [],  # type: ignore[attr-defined] # annotated
        links=list(post.links.order_by("pk")) if post.link_count else [],
        pictures=[file for file in attachments if file.is_picture and not file.is_inline],
        files=[file for file in attachments if not file.is_picture],
        originals=_original_pictures(can, post, attachments),
        media=_played_media(can, post, attachments),
        poll=poll,
        comments=comments,
        comment_form=comment_form,
        guest_fields=guest_fields,
        length_hint=length_hint(can, is_post=False) if comment_form else "",
        reply_to=parent is not None,
        may_edit=can.may_edit(post),
        may_delete=can.may_delete(post),
        may_unlock=can.may_unlock(post),
        may_comment=can.may_comment(post),
        may_reply=can.may_reply(post),
        may_vote=bool(can.may_vote(post)),
        may_scrap=can.may_scrap(post),
        may_report=can.may_report(post),
        manage_post=ModerationForm(can=can) if is_shown and can.may_moderate(post) else None,
        votes=vote_rows(post, can.votes_on(), marks["vote"]),
        is_scrapped=bool(marks["is_scrapped"]),
        seen=marks["seen"],
        inquiry=inquiry,
        posts=posts,
        list_address=around.list_address,
        neighbours=around.neighbours,
        around=around.list,
    )


def _signature_of(post: Post) -> str:
    """The author's signature as HTML; "" if the board shows none."""
    author = post.author
    if author is None or not author.is_here or not post.board.shows_signature:
        return ""
    return comment_html(author.signature)


def _original_pictures(
    can: Access, post: Post, attachments: Sequence[Attachment]
) -> list[Attachment]:
    """Pictures whose originals the visitor may download."""
    if not post.board.keeps_originals or not can.may_download(post):
        return []
    return [file for file in attachments if file.original]


def _played_media(can: Access, post: Post, attachments: Sequence[Attachment]) -> list[Attachment]:
    """Videos and audio for players in the page: those that the visitor may download and has paid
    for."""
    played = [file for file in attachments if file.is_played and can.may_download(post)]
    unpaid = can.unpaid_files(post, played)
    return [file for file in played if file.pk not in unpaid]
