"""A small site with boards that show everything a page can show."""

import uuid
from datetime import timedelta

from django.utils import timezone

from accounts.models import Member
from boards.actions.comments import write_comment
from boards.actions.drafts import save_draft
from boards.actions.files import store_file, store_picture
from boards.actions.guests import Guest
from boards.actions.polls import add_anonymous_votes, vote_in_poll
from boards.actions.posts import delete_post, edit_post, hide_post, write_post
from boards.actions.reactions import vote_post
from boards.actions.reports import dismiss_report, report_comment, report_post
from boards.actions.scraps import scrap_post
from boards.actions.search_words import count_search
from boards.actions.watching import watch_board, watch_word
from boards.actions.withholding_comments import delete_comment
from boards.models import (
    Attachment,
    Board,
    CannedAnswer,
    Category,
    Comment,
    Draft,
    ExtraField,
    Post,
    Report,
    Vote,
)
from boards.queries.drafts import words_of
from boards.queries.post_fields import PollFields
from tests.boards.browsing import document
from tests.boards.moderating import close_comments
from tests.crowd import fill_board, fill_comments, picture_upload
from visits.models import Presence

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


def create_board_data(*, board: Board, minji: Member, junho: Member) -> dict[str, int]:
    """Creates the data; returns parameters for URLs."""
    Board.objects.filter(pk=board.pk).update(
        description="아무 이야기나 나누는 곳입니다.",
        secret_posts=Board.Secret.OPTIONAL,
        shows_signature=True,
        use_polls=True,
    )
    Member.objects.filter(pk=minji.pk).update(signature="봄날의 곰 https://example.com/spring")
    Member.objects.filter(pk=junho.pk).update(shows_profile=False)
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
    vote_post(post=post, member=junho, value=Vote.LIKE)
    scrap_post(post=post, member=minji, note="다음 봄에 버스 시간을 다시 볼 것")
    scrap_post(post=secret, member=minji)  # she may not read it
    own = write_comment(author=minji, post=post, text="질문은 여기에 남겨 주세요.")
    first = write_comment(author=junho, post=post, text="사진 https://example.com/a 잘 봤어요")
    gone = write_comment(author=junho, post=post, text="지울 댓글")
    reply = write_comment(author=minji, post=post, parent=gone, text="고맙습니다")
    for depth in range(4):
        reply = write_comment(author=junho, post=post, parent=reply, text=f"깊은 답변 {depth}")
    delete_comment(comment=gone, by=junho)
    _report_things(board, minji, junho, own)
    staff = Board.objects.get(slug="staff")
    draft = _draft(staff, minji, "쓰다 만 글")
    lost = _draft(board, minji, "", answers=str(binned.pk))
    _fill_skins(board, minji)
    _fill_inquiries(board, junho, minji)
    watch_board(member=minji, board=board)
    watch_word(member=minji, word="벚꽃")
    _people_the_street(minji, junho)
    for address in "abc":
        for words in ("벚꽃", "봄나들이를 다녀와서 쓰는 조금 길고 자세한 이야기"):
            count_search(query=words, address=address)
    polled = _poll(board, minji, junho)
    return {
        "poll": polled.number,
        "guest_post": _open_to_guests(board).number,
        "draft": draft.pk,
        "lost": lost.pk,
        "category": categories[0].pk,
        "post": post.number,
        "crowded": crowded.number,
        "secret": secret.number,
        "closed": closed.number,
        "comment": first.pk,
        "own_comment": own.pk,
    }


def _poll(board: Board, *members: Member) -> Post:
    """A poll in which several options may be chosen, with opinions; minji has voted."""
    poll = PollFields(
        question="이번 봄나들이에서 하고 싶은 것을 두 가지까지 골라 주세요",
        options=("한강 공원에서 자전거 타기", "벚꽃길을 걷고 근처에서 점심 먹기", "집에서 쉬기"),
        most_choices=2,
        takes_opinions=True,
        is_changeable=True,
    )
    post = write_post(
        author=members[0], board=board, subject="봄나들이 설문", source="골라 주세요", poll=poll
    )
    options = [*post.poll.options.values_list("pk", flat=True)]
    add_anonymous_votes(post=post, counts=[7, 12, 1])
    vote_in_poll(
        post=post, member=members[0], options=options[:2], opinion="비가 오면 실내로 가요."
    )
    return post


def _people_the_street(*members: Member) -> None:
    """Keeps visitors online during the test."""
    at = timezone.now() + timedelta(hours=2)
    for key, member in enumerate(members):
        Presence.objects.create(key=key, seen_at=at, member=member.pk, path="/free/1/")
    for key, path in enumerate(("/", "/free/", "/staff/", "/accounts/login/"), start=10):
        Presence.objects.create(key=key, seen_at=at, path=path)
    Presence.objects.create(key=20, seen_at=at, robot="Googlebot", path="/free/1/")


def _draft(board: Board, member: Member, subject: str, **fields: str) -> Draft:
    words = {"subject": subject, "source": "<p>봄이</p>", "format": "html"} | fields
    kept = words_of((name, [value]) for name, value in words.items())
    return save_draft(member=member, board=board, token=uuid.uuid4(), words=kept)[0]


def _report_things(board: Board, minji: Member, junho: Member, comment: Comment) -> None:
    """An open report about a comment, one about a hidden post, and a handled one."""
    words = "같은 광고를 어제도 그제도 올렸습니다. " * 4
    report_comment(comment=comment, member=junho, reason="other", text=words)
    advert = write_post(
        author=junho, board=board, subject="싸게 팝니다", source="<h2>오늘만</h2><p>지금 사세요</p>"
    )
    report_post(post=advert, member=minji, reason="spam", text=words)
    hide_post(post=advert, by=None, reason="신고 1건으로 자동 숨김")
    report_post(post=Post.objects.get(board=board, number=1), member=minji, reason="abuse")
    dismiss_report(report=Report.objects.latest("pk"), by=minji)


def _fill_skins(board: Board, author: Member) -> None:
    """A board with each kind of list, and a post with tags and a revision."""
    for position, skin in enumerate(["webzine", "faq"], start=5):
        shelf = Board.objects.create(
            group=board.group, slug=skin, name=skin, position=position, skin=skin
        )
        files = [_picture(author, is_inline=False, size=(600, 450))]
        write_post(author=author, board=shelf, subject="먼저", source="공지", is_notice=True)
        for number in range(3):
            written = write_post(
                author=author,
                board=shelf,
                subject=f"글은 어떻게 고치나요? {number}",
                source="<p>글 아래의 <b>수정</b>을 누릅니다.</p>",
                files=files if number == 1 else [],
                tags=["도움말", "봄"],
            )
    edit_post(
        post=written,
        by=author,
        subject="글은 이렇게 고칩니다",
        source="<p>고친 글</p>",
        tags=["봄"],
    )


def _fill_inquiries(board: Board, member: Member, staff: Member) -> None:
    """An inquiry board with one that waits, one that is asked again, and one of a guest."""
    shelf = Board.objects.create(
        group=board.group, slug="help", name="1:1 문의", position=7, is_inquiry=True, write_level=1
    )
    CannedAnswer.objects.create(board=shelf, name="환불 안내", text="사흘쯤 걸립니다.")
    words = {"board": shelf, "source": "<p>확인해 주세요.</p>"}
    write_post(author=member, subject="로그인이 되지 않습니다", **words)
    again = write_post(author=member, subject="신청이 두 번 되었어요", **words)
    write_comment(author=staff, post=again, text="하나를 취소해 드렸습니다.")
    write_comment(author=member, post=again, text="고맙습니다. 하나 더 있어요.")
    guest = Guest("송이", "감나무-1234", "songi@example.com")
    write_post(author=None, guest=guest, subject="손님도 갈 수 있나요?", **words)


def _open_to_guests(board: Board) -> Post:
    """A board where guests may write, with a guest's post."""
    yard = Board.objects.create(
        group=board.group, slug="yard", name="마당", position=7, write_level=1, comment_level=1
    )
    for position, (name, kind) in enumerate([("장소", "line"), ("메모", "text")]):
        ExtraField.objects.create(board=yard, name=name, kind=kind, position=position)
    return write_post(
        author=None,
        board=yard,
        guest=Guest("지나가던나그네", "open-sesame"),
        subject="손님 글",
        source="지나갑니다",
        format="text",
    )


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
