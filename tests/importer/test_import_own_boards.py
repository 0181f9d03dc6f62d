"""Polls, FAQ and 1:1 문의 of the sample, which become boards."""

from django.core import mail

from accounts.models import Notification
from boards.models import Attachment, Board, Category, Comment, Inquiry, Poll, PollVote, Post
from boards.repair import recount
from importer.actions.inquiries import import_inquiries
from importer.actions.polls import import_polls
from importer.models import Imported, Kind
from importer.reading.files import OldFiles
from importer.reading.values import moment
from tests.importer.conftest import SAMPLE, move, move_files
from tests.page import Page


def test_every_poll(moved, as_guest):
    polls = {poll.question: poll for poll in Poll.objects.all()}
    assert {
        question: [(each.text, each.vote_count) for each in poll.options.all()]
        for question, poll in polls.items()
    } == {
        "점심으로 무엇을 드셨나요?": [("한식", 2), ("중식", 0), ("일식", 1), ("기타", 1)],
        "새 게시판이 필요할까요?": [("예", 1), ("아니오", 1)],
    }
    lunch = polls["점심으로 무엇을 드셨나요?"]
    assert (lunch.voter_count, lunch.min_level, lunch.is_closed) == (4, 2, True)
    assert not PollVote.objects.filter(member__isnull=False).exists()  # for what is not known
    assert lunch.post.created_at == moment("2026-11-24 00:00:00")
    assert [
        (each.member and each.member.username, each.author_name, each.text)
        for each in lunch.opinions.order_by("pk")
    ] == [("leemj", "민들레", "샐러드 먹었어요"), (None, "손님", "굶었습니다")]
    recount()
    assert recount() == []
    page = Page(as_guest.get(lunch.post.get_absolute_url()).content)
    assert "한식" in page.text
    assert "굶었습니다" in page.text


def test_votes_of_the_last_days_are_added(moved):
    old, table = moved, f"{moved.prefix}poll"
    old.staging.query(f"UPDATE {table} SET po_cnt1 = 5, mb_ids = 'x' WHERE po_id = '1'")
    try:
        for _run in range(2):
            list(import_polls(old))
    finally:
        old.staging.query(f"UPDATE {table} SET po_cnt1 = '2' WHERE po_id = '1'")
    poll = Poll.objects.get(question="점심으로 무엇을 드셨나요?")
    assert [each.vote_count for each in poll.options.all()] == [5, 0, 1, 1]
    assert poll.voter_count == 7


def test_every_question_of_the_faq(moved, as_guest):
    board = Board.objects.get(slug="faq")
    assert (board.skin, board.write_level) == ("faq", 10)
    posts = Post.objects.filter(board=board).order_by("place__position")
    assert [(post.subject, post.body.source, post.category.name) for post in posts] == [
        ("회원가입은 어떻게 하나요?", "<p>오른쪽 위 회원가입을 누르세요.</p>", "자주하시는 질문"),
        ("비밀번호를 잊었어요", "<p>정보찾기를 이용하세요.</p>", "자주하시는 질문"),
    ]
    assert "정보찾기를 이용하세요." in as_guest.get("/faq/").text


def test_every_inquiry(moved_files, as_guest, client):
    board = Board.objects.get(is_inquiry=True)
    assert (board.slug, board.name) == ("inquiry", "1:1문의")
    assert [each.name for each in Category.objects.filter(board=board)] == ["회원", "포인트"]
    post = Post.objects.get(board=board)
    assert (post.subject, post.author.username) == ("포인트 적립 문의", "hong")
    assert (post.category.name, post.is_secret) == ("포인트", True)
    assert post.body.source == "<p>글을 썼는데 포인트가 안 올라요.</p>"
    assert post.created_at == moment("2026-11-24 19:45:37")
    answer = Comment.objects.get(post=post)
    assert (answer.text, answer.author.username) == ("확인 후 적립해 드렸습니다.", "admin")
    assert post.inquiry.state == Inquiry.State.ANSWERED
    picture = Attachment.objects.get(post=post)
    assert picture.name == "화면캡처.png"
    recount()
    assert recount() == []
    assert not Notification.objects.exists()
    assert mail.outbox == []

    address = post.get_absolute_url()
    assert "안 올라요" not in as_guest.get(address, follow=True).text
    client.login(username="leemj", password="lee!mj99")
    assert client.get(address).status_code in (403, 404)
    assert client.get(picture.url).status_code in (403, 404)
    client.login(username="hong", password="hongpass1!")
    assert "적립해 드렸습니다." in client.get(address).text
    assert client.get(picture.url).status_code == 200


def test_an_additional_question_is_a_comment_and_an_answer_of_nobody_closes(old, db):
    table = f"{old.prefix}qa_content"
    old.staging.query(
        f"INSERT INTO {table} (qa_id, qa_parent, qa_related, mb_id, qa_name, qa_type, qa_html,"
        " qa_subject, qa_content, qa_status, qa_datetime) VALUES"
        " ('3','3','1','hong','홍길동','0','0','또 여쭙니다','아직 <안> 돼요','0','2026-11-24 20:00:00'),"
        " ('4','3','1','gone','떠난 운영자','1','1','Re:','<p>이제 됩니다</p>','1','2026-11-24 21:00:00'),"
        " ('5','99','99','gone','떠난 운영자','1','1','Re:','없는 글','1','2026-11-24 21:00:00')"
    )
    try:
        move(old)
        assert list(import_inquiries(old)) == [1] * 5
    finally:
        old.staging.query(f"DELETE FROM {table} WHERE qa_id IN ('3', '4', '5')")
    post = Post.objects.get(board__is_inquiry=True)
    assert [(each.author_name, each.text) for each in post.comments.order_by("pk")] == [
        ("최고관리자", "확인 후 적립해 드렸습니다."),
        ("홍길동", "또 여쭙니다\n\n아직 <안> 돼요"),
        ("떠난 운영자", "이제 됩니다"),
    ]
    assert post.inquiry.state == Inquiry.State.ANSWERED
    assert old.problems["문의가 없는 답변"] == ["5"]


def test_pictures_in_the_faq(old, db, tmp_path, as_guest):
    table = f"{old.prefix}faq"
    before = old.staging.one(table, fa_id="1")["fa_content"]
    with OldFiles(SAMPLE / "data.tar.gz", tmp_path / "scratch") as files:
        path = next(files.folder.glob("editor/*/*.*")).relative_to(files.folder)
    html = f'<p><img src="/data/{path}"><a href="/bbs/board.php?bo_table=free&wr_id=2">글</a></p>'
    old.staging.query(f"UPDATE {table} SET fa_content = ? WHERE fa_id = '1'", [html])
    try:
        move(old)
        for run in range(2):
            move_files(old, tmp_path / f"again{run}")
    finally:
        old.staging.query(f"UPDATE {table} SET fa_content = ? WHERE fa_id = '1'", [before])
    picture = Attachment.objects.get(post__board__slug="faq")
    page = as_guest.get("/faq/1/").text
    assert f'src="{picture.url}"' in page
    assert 'href="/free/2/"' in page
    assert as_guest.get(picture.url).status_code == 200


def test_the_second_run_changes_nothing(moved_files):
    own = Board.objects.filter(slug__in=["poll", "faq", "inquiry"])
    Post.objects.filter(board__slug="faq").update(subject="여기서 고친 질문")
    before = [Post.objects.count(), Comment.objects.count(), Imported.objects.count()]
    move(moved_files)
    assert [Post.objects.count(), Comment.objects.count(), Imported.objects.count()] == before
    assert own.count() == 3
    assert Post.objects.filter(subject="여기서 고친 질문").count() == 2


def test_a_board_with_that_address_is_left_alone(old, group):
    Board.objects.create(group=group, slug="faq", name="다른 게시판")
    move(old)
    assert Board.objects.get(slug="faq").post_count == 0
    assert Post.objects.filter(board__slug="faq2").count() == 2
    assert Imported.objects.filter(kind=Kind.QUESTION).count() == 2
