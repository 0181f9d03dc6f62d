import time

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from boards import search
from boards.actions.indexing import comment_document, post_document
from boards.models import Comment, Post
from boards.search import Document

CHUNK = 1_000
BREATH = 0.1  # seconds between chunks, in which SQLite lets waiting writers in


class Command(BaseCommand):
    help = "검색 색인을 처음부터 다시 만듭니다. 사이트는 켜 두어도 되지만 끝날 때까지 다 찾지는 못합니다."

    def add_arguments(self, parser):
        parser.add_argument(
            "kind", nargs="?", choices=["posts", "comments"], help="하나만. 없으면 글과 댓글 모두."
        )
        parser.add_argument(
            "--from-id",
            type=int,
            default=0,
            help="비우지 않고 이 번호부터 잇습니다. 멈춘 곳이 마지막 줄에 있습니다.",
        )

    def handle(self, *, kind: str | None, from_id: int, **options):
        if from_id and not kind:
            raise CommandError("--from-id에는 posts나 comments를 함께 적어 주세요.")
        for name in [kind] if kind else ["posts", "comments"]:
            self.fill(name, from_id)

    def fill(self, name: str, from_id: int) -> None:
        index, rows, document = {
            "posts": (
                search.posts,
                Post.objects.searchable().select_related("body"),
                document_of_post,
            ),
            "comments": (
                search.comments,
                Comment.objects.searchable().select_related("post"),
                document_of_comment,
            ),
        }[name]
        if not from_id:
            index.clear()
        added = 0
        while from_id is not None:
            # Text and index must be of one moment, so the rows are read in the same transaction.
            following = rows.filter(pk__gte=from_id).order_by("pk")
            with transaction.atomic():
                chunk = list(following.select_for_update(of=("self",))[:CHUNK])
                added += index.add_many(map(document, chunk))
            from_id = chunk[-1].pk + 1 if len(chunk) == CHUNK else None
            self.stdout.write(f"{name} {added:,}" + (f" --from-id {from_id}" if from_id else ""))
            time.sleep(BREATH if from_id else 0)


def document_of_post(post: Post) -> Document:
    return post_document(post, post.body.html)


def document_of_comment(comment: Comment) -> Document:
    return comment_document(comment, comment.post.board_id)
