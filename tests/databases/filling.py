"""A small community with a little of everything that lists, pages and periodic commands ask for."""

from django.utils import timezone

from accounts.actions.leaving import leave_site
from accounts.actions.messages import send_message
from accounts.models import Member
from boards.actions.comments import write_comment
from boards.actions.posts import delete_post, hide_post, write_post
from boards.actions.reactions import vote_comment, vote_post
from boards.actions.scraps import scrap_post
from boards.actions.watching import watch_board
from boards.models import Board, BoardGroup, Category, Post, Vote

POSTS = 60  # three pages of a list


def fill() -> None:
    owner = Member.objects.create_superuser("owner", "owner@example.com", None, nickname="운영자")
    minji, junho, sora, waiting = (
        Member.objects.create_user(name, f"{name}@example.com", None, nickname=nickname)
        for name, nickname in (
            ("minji", "민지"),
            ("junho", "준호"),
            ("sora", "소라"),
            ("waiting", "기다림"),
        )
    )
    Member.objects.filter(pk=waiting.pk).update(pending_since=timezone.now(), is_active=False)
    group = BoardGroup.objects.create(slug="community", name="커뮤니티")
    board = Board.objects.create(
        group=group, slug="free", name="자유게시판", use_tags=True, likes_to_be_best=1
    )
    category = Category.objects.create(board=board, name="여행")
    watch_board(member=junho, board=board)
    posts = [_post(minji, board, number, category) for number in range(1, POSTS + 1)]
    write_post(author=owner, board=board, subject="공지", source="봄", is_notice=True)
    write_post(
        author=owner,
        board=board,
        subject="전체 공지",
        source="여름",
        is_notice=True,
        is_site_notice=True,
    )
    write_post(author=junho, board=board, subject="답변글", source="가을", reply_to=posts[-2])
    comment = write_comment(author=junho, post=posts[-1], text="사진도 올려 주세요")
    write_comment(author=minji, post=posts[-1], text="네", parent=comment)
    vote_comment(comment=comment, member=minji, value=Vote.LIKE)
    vote_post(post=posts[-1], member=junho, value=Vote.LIKE)
    scrap_post(post=posts[-1], member=junho)
    hide_post(post=posts[0], by=owner)
    delete_post(post=posts[1], by=owner)
    send_message(sender=minji, receivers=[junho], text="안녕하세요")
    leave_site(member=sora)


def _post(author: Member, board: Board, number: int, category: Category) -> Post:
    return write_post(
        author=author,
        board=board,
        subject=f"벚꽃 {number}",
        source=f"<p>벚꽃이 {number}번 피었습니다.</p>",
        category=category if number % 2 else None,
        tags=["봄"] if number % 3 == 0 else [],
        links=["https://pado.kr/"] if number % 10 == 0 else [],
    )
