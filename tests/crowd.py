"""Boards with many posts, made quickly: rows in bulk, counts by boards.repair."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.models import Member
from boards import repair
from boards.models import Board, Post, PostBody


def fill_board(board: Board, author: Member, count: int, **fields) -> list[Post]:
    """`count` posts 글 1, 글 2, … with true counts and bodies, but unknown to the search."""
    board.refresh_from_db()
    first = board.last_number + 1
    posts = Post.objects.bulk_create(
        Post(
            board=board,
            number=number,
            author=author,
            author_name=author.nickname,
            **{"subject": f"글 {number}"} | fields,
        )
        for number in range(first, first + count)
    )
    PostBody.objects.bulk_create(
        PostBody(post=post, source="<p>글</p>", html="<p>글</p>", cleaner_version=1)
        for post in posts
    )
    board.last_number += count
    board.save(update_fields=["last_number"])
    repair.recount()
    return posts


def picture_upload(name: str = "꽃.png", size: tuple[int, int] = (8, 6)) -> SimpleUploadedFile:
    """A small picture as a browser sends it."""
    file = io.BytesIO()
    Image.new("RGB", size, "pink").save(file, "PNG")
    return SimpleUploadedFile(name, file.getvalue(), "image/png")
