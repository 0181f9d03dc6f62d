"""What the search index holds of posts and comments."""

from boards import richtext, search
from boards.models import Comment, Post
from boards.search import Document


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


def index_comments(post: Post, *, remove_from: int | None, add_to: int | None) -> None:
    """Takes the published comments of `post` out of one board's words and into another's."""
    for comment in post.comments.published().iterator(chunk_size=500):
        if remove_from is not None:
            search.comments.remove(comment_document(comment, remove_from))
        if add_to is not None:
            search.comments.add(comment_document(comment, add_to))
