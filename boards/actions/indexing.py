"""What the search index holds of posts and comments."""

from boards import search
from boards.models import Comment, Post
from boards.search import Document
from boards.text import richtext


def post_document(post: Post, html: str) -> Document:
    """How `post` with the cleaned body `html` is found."""
    return Document(
        id=post.pk,
        board_id=post.board_id,
        author_id=post.author_id,
        author_name=post.author_name,
        title=post.subject,
        text=richtext.text_of(html),
    )


def comment_document(comment: Comment, board_id: int) -> Document:
    """How `comment` is found; it has no title."""
    return Document(
        id=comment.pk,
        board_id=board_id,
        author_id=comment.author_id,
        author_name=comment.author_name,
        title="",
        text=comment.text,
    )


def found_as(comment: Comment, post: Post) -> Document | None:
    """How `comment` of `post` is found now; None where no search may find it."""
    comment.post = post
    return comment_document(comment, post.board_id) if comment.is_searchable else None


def index_comment(old: Document | None, new: Document | None) -> None:
    """Puts `new` in the place of `old` in the index, where they are."""
    if old is not None and new is not None:
        search.comments.replace(old, new)
    elif old is not None:
        search.comments.remove(old)
    elif new is not None:
        search.comments.add(new)


def index_comments(post: Post, *, remove_from: int | None, add_to: int | None) -> None:
    """Takes the published comments of `post` out of one board's words and into another's; secret
    ones never were there."""
    for comment in post.comments.published().filter(is_secret=False).iterator(chunk_size=500):
        if remove_from is not None:
            search.comments.remove(comment_document(comment, remove_from))
        if add_to is not None:
            search.comments.add(comment_document(comment, add_to))
