"""A small town: boards that show everything that a page can show."""

from accounts.models import Member
from boards.actions.comments import delete_comment, write_comment
from boards.actions.files import store_file, store_picture
from boards.actions.managing import close_comments
from boards.actions.posts import delete_post, hide_post, write_post
from boards.actions.reactions import like_post
from boards.actions.reports import dismiss_report, report_comment, report_post
from boards.actions.scraps import scrap_post
from boards.models import Attachment, Board, Category, Comment, Post, Report
from tests.boards.browsing import document
from tests.crowd import fill_board, fill_comments, picture_upload

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
    crowded = fill_board(board, junho, 43)[1]
    fill_comments(crowded, [minji, junho], 250)
    gallery = Board.objects.create(
        group=board.group, slug="gallery", name="갤러리", position=3, skin="gallery"
    )
    Board.objects.create(
        group=board.group, slug="staff", name="운영진", position=4, list_level=9, read_level=9
    )
    gallery.moderators.set(board.moderators.all())
    _fill_gallery(gallery, minji)

    write_post(author=minji, board=board, subject="먼저 읽어 주세요", source="공지", is_notice=True)
    secret = write_post(
        author=junho, board=board, subject="비밀 이야기", source="비밀", is_secret=True
    )
    closed = write_post(author=junho, board=board, subject="끝난 이야기", source="끝")
    close_comments(post=closed, by=junho)
    binned = write_post(author=junho, board=board, subject="광고", source="사세요")
    delete_post(post=binned, by=minji, reason="광고입니다")
    post = _rich_post(board, categories[0], minji)
    like_post(post=post, member=junho)
    scrap_post(post=post, member=minji, note="다음 봄에 버스 시간을 다시 볼 것")
    scrap_post(post=secret, member=minji)  # which she may not read
    own = write_comment(author=minji, post=post, text="질문은 여기에 남겨 주세요.")
    first = write_comment(author=junho, post=post, text="사진 https://example.com/a 잘 봤어요")
    gone = write_comment(author=junho, post=post, text="지울 댓글")
    reply = write_comment(author=minji, post=post, parent=gone, text="고맙습니다")
    for depth in range(4):
        reply = write_comment(author=junho, post=post, parent=reply, text=f"깊은 답변 {depth}")
    delete_comment(comment=gone, by=junho)
    _report_things(board, minji, junho, own)
    return {
        "category": categories[0].pk,
        "post": post.number,
        "crowded": crowded.number,
        "secret": secret.number,
        "closed": closed.number,
        "comment": first.pk,
        "own_comment": own.pk,
    }


def _report_things(board: Board, minji: Member, junho: Member, comment: Comment) -> None:
    """A case of a comment, one of a post that is hidden, and one that was judged."""
    words = "같은 광고를 어제도 그제도 올렸습니다. " * 4
    report_comment(comment=comment, member=junho, reason="other", text=words)
    advert = write_post(
        author=junho, board=board, subject="싸게 팝니다", source="<h2>오늘만</h2><p>지금 사세요</p>"
    )
    report_post(post=advert, member=minji, reason="spam", text=words)
    hide_post(post=advert, by=None, reason="신고 1건으로 자동 숨김")
    report_post(post=Post.objects.get(board=board, number=1), member=minji, reason="abuse")
    dismiss_report(report=Report.objects.latest("pk"), by=minji)


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
