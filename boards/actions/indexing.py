"""How posts and comments are indexed for the search."""

from boards.models import Comment, Post
from boards.search import Document
from boardsite.text import richtext


def post_document(post: Post, html: str) -> Document:
    """The document for `post` and its cleaned body `html`."""
    return Document(
        id=post.pk,
        board_id=post.board_id,
        author_id=post.author_id,
        author_name=post.author_name,
        title=post.subject,
        text=richtext.text_of(html),
        is_secret=post.is_secret,
    )


def comment_document(comment: Comment, board_id: int) -> Document:
    """The document for `comment`; it has no title."""
    return Document(
        id=comment.pk,
        board_id=board_id,
        author_id=comment.author_id,
        author_name=comment.author_name,
        title="",
        text=comment.text,
    )


def found_as(comment: Comment, post: Post) -> Document | None:
    """The document for `comment` of `post` in its present state; None if no search may find it."""
    comment.post = post
    return comment_document(comment, post.board_id) if comment.is_searchable else None
