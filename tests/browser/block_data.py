"""Blocks of every kind on the front page and in the side column, as a draft."""

from accounts.models import Member
from boards.actions.posts import write_post
from boards.models import Board
from boards.queries.post_fields import PollFields
from pages.models import Block
from tests.pages.blocks import place_block

TEXT = '<h3>어서 오세요</h3><p><a href="/free/">자유게시판</a>에 <b>첫 글</b>을 남겨 주세요.</p>'


def create_block_data(board: Board, author: Member) -> dict[str, int]:
    """Creates the draft, and a post with a poll; returns parameters for URLs."""
    poll = PollFields(question="봄에 갈 곳은 어디가 좋을까요?", options=("산", "바다", "집"))
    post = write_post(author=author, board=board, subject="설문", source="", poll=poll)
    for place in Block.Place:
        for kind in Block.Kind.values:
            place_block(kind, place=place, board=board, html=TEXT, poll=post.poll)
        gallery = Board.objects.get(slug="gallery")
        place_block("latest", place=place, board=gallery, style="pictures", rows=4)
        place_block("latest", place=place, board=board, style="cards", title="요즘 이야기")
        place_block("text", place=place, title="연락처", html=TEXT, devices="phone")
    return {"text_block": Block.objects.filter(kind="text")[0].pk}
