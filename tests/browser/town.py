"""A small town: boards that show everything that a page can show."""

from accounts.models import Member
from boards.actions.comments import delete_comment, write_comment
from boards.actions.files import store_file, store_picture
from boards.actions.posts import write_post
from boards.actions.reactions import like_post
from boards.models import Attachment, Board, Category
from tests.boards.browsing import document
from tests.crowd import fill_board, picture_upload

RICH = """
<p>지난 주말에 <b>벚꽃</b>을 보고 왔습니다. <span style="color:#e03131">꼭</span> 가 보세요.
자세한 것은 <a href="https://example.com/spring">여기</a>에 있습니다.</p>
<h2>가는 길</h2><ul><li>버스 <code>1002번</code></li><li>걸어서 10분</li></ul>
<blockquote><p>봄은 짧다.</p></blockquote>
<h3>차비</h3>
<table><tr><th>어디서</th><th>얼마</th></tr><tr><td>시청</td><td>1,500원</td></tr></table>
<p><img src="/files/{picture}/picture/" alt="벚꽃길"></p>
<pre><code>print("봄")</code></pre>
<p><iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe></p>
<p>https://example.com/아주/긴/주소/abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz0123456789</p>
"""


def build_town(*, board: Board, minji: Member, junho: Member) -> dict[str, int]:
    """Writes it; returns the numbers that addresses need."""
    Board.objects.filter(pk=board.pk).update(
        description="아무 이야기나 나누는 곳입니다.", secret_posts=Board.Secret.OPTIONAL
    )
    board.refresh_from_db()
    categories = [
        Category.objects.create(board=board, name=name, position=position)
        for position, name in enumerate(["잡담", "질문", "정보"])
    ]
    fill_board(board, junho, 43)
    gallery = Board.objects.create(
        group=board.group, slug="gallery", name="갤러리", position=3, skin=Board.Skin.GALLERY
    )
    Board.objects.create(
        group=board.group, slug="staff", name="운영진", position=4, list_level=9, read_level=9
    )
    _fill_gallery(gallery, minji)

    write_post(author=minji, board=board, subject="먼저 읽어 주세요", source="공지", is_notice=True)
    secret = write_post(
        author=junho, board=board, subject="비밀 이야기", source="비밀", is_secret=True
    )
    post = _rich_post(board, categories[0], minji)
    like_post(post=post, member=junho)
    own = write_comment(author=minji, post=post, text="질문은 여기에 남겨 주세요.")
    first = write_comment(author=junho, post=post, text="사진 https://example.com/a 잘 봤어요")
    gone = write_comment(author=junho, post=post, text="지울 댓글")
    reply = write_comment(author=minji, post=post, parent=gone, text="고맙습니다")
    for depth in range(4):
        reply = write_comment(author=junho, post=post, parent=reply, text=f"깊은 답변 {depth}")
    delete_comment(comment=gone, by=junho)
    return {
        "category": categories[0].pk,
        "post": post.number,
        "secret": secret.number,
        "comment": first.pk,
        "own_comment": own.pk,
    }


def _rich_post(board: Board, category: Category, author: Member):
    inline = _picture(author, is_inline=True, size=(1200, 800))
    attached = _picture(author, is_inline=False, size=(900, 1200))
    upload = document("아주 길고 긴 이름의 봄나들이 일정표와 준비물 목록 2026년 4월 마지막판.txt")
    return write_post(
        author=author,
        board=board,
        category=category,
        subject="봄나들이를 다녀와서 쓰는 조금 길고 자세한 이야기, 그리고 사진과 표와 일정표",
        source=RICH.format(picture=inline.pk),
        links=["https://example.com/map?from=시청&to=벚꽃길", "https://pado.kr/"],
        files=[attached, store_file(uploader=author, upload=upload, limit=10_000)],
    )


def _fill_gallery(gallery: Board, author: Member) -> None:
    for number in range(6):
        files = [_picture(author, is_inline=False, size=(600, 450))] if number else []
        write_post(
            author=author, board=gallery, subject=f"사진 {number}", source="<p>봄</p>", files=files
        )


def _picture(author: Member, *, is_inline: bool, size: tuple[int, int]) -> Attachment:
    return store_picture(
        uploader=author, upload=picture_upload("벚꽃길.png", size), is_inline=is_inline
    )
