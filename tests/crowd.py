"""Creates boards with many posts and posts with many comments quickly, in bulk, with counters by
boards.repair."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.models import Member
from boards import repair
from boards.models import Board, Comment, Post, PostBody
from boards.models.paths import path_part
from boardsite.text.richtext import CLEANER_VERSION

DEPTHS = (0, 1, 2, 2, 3, 4, 1)  # depths of each seven consecutive comments


def fill_board(board: Board, author: Member, count: int, **fields) -> list[Post]:
    """Creates `count` posts 글 1, 글 2, … with bodies and correct counters, but not in the search
    index."""
    board.refresh_from_db()
    first = board.last_number + 1
    posts = Post.objects.bulk_create(
        Post(
            board=board,
            number=number,
            thread=number,
            author=author,
            author_name=author.nickname,
            **{"subject": f"글 {number}"} | fields,
        )
        for number in range(first, first + count)
    )
    PostBody.objects.bulk_create(
        PostBody(post=post, source="<p>글</p>", html="<p>글</p>", cleaner_version=CLEANER_VERSION)
        for post in posts
    )
    board.last_number += count
    board.save(update_fields=["last_number"])
    repair.recount()
    return posts


def fill_comments(post: Post, authors: list[Member], count: int) -> list[Comment]:
    """Creates `count` comments 댓글 1, 댓글 2, … in threads of seven, in reading order, by `authors` in
    turn."""
    above = [""] * max(DEPTHS) + [""]
    comments = []
    for number in range(1, count + 1):
        depth = DEPTHS[(number - 1) % len(DEPTHS)]
        above[depth] = (above[depth - 1] if depth else "") + path_part(number)
        author = authors[number % len(authors)]
        comments.append(
            Comment(
                post=post,
                path=above[depth],
                depth=depth,
                author=author,
                author_name=author.nickname,
                text=f"댓글 {number}",
                html=f"<p>댓글 {number}</p>",
            )
        )
    Comment.objects.bulk_create(comments, batch_size=500)
    repair.recount()
    return comments


def picture_upload(name: str = "꽃.png", size: tuple[int, int] = (8, 6)) -> SimpleUploadedFile:
    """A small picture as an uploaded file."""
    file = io.BytesIO()
    Image.new("RGB", size, "pink").save(file, "PNG")
    return SimpleUploadedFile(name, file.getvalue(), "image/png")
