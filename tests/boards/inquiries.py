"""An inquiry board, and what people do in it."""

from boards.actions.comments import write_comment
from boards.actions.guests import Guest
from boards.actions.posts import write_post
from boards.models import Board, Inquiry, Post

GUEST_MAIL = "songi@example.com"
GUEST_PASSWORD = "감나무-1234"


def make_inquiry_board(group, **fields) -> Board:
    return Board.objects.create(
        group=group, slug="help", name="1:1 문의", is_inquiry=True, **{"write_level": 1} | fields
    )


def inquire(board: Board, author=None, subject: str = "환불해 주세요", **more) -> Post:
    """An inquiry of a member, or of a guest with GUEST_MAIL."""
    guest = None if author else Guest("송이", GUEST_PASSWORD, more.pop("mail", GUEST_MAIL))
    source = more.pop("source", "<p>계좌를 알려 드릴게요.</p>")
    return write_post(
        author=author, guest=guest, board=board, subject=subject, source=source, **more
    )


def answer(post: Post, author, text: str = "내일 보내 드립니다."):
    return write_comment(author=author, post=post, text=text)


def state_of(post: Post) -> str:
    return Inquiry.objects.get(pk=post.pk).get_state_display()
