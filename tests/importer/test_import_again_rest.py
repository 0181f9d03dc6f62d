"""A second run: polls, the FAQ, 1:1 inquiries, content pages, the menu, popups, drafts, and the links of posts."""

import pytest

from boards.models import Board, BoardTexts, Category, Comment, Draft, Poll, PollOpinion, Post
from boards.models.inquiries import Inquiry
from boards.repair import recount
from importer.actions.gone import DELETED
from importer.actions.ledger import CONFLICT
from importer.models import Imported, Kind
from pages.models import ContentPage, MenuItem, Popup
from tests.importer.conftest import change, delete, move


def add(old, table: str, key: str, value: str, **others: str) -> None:
    """A copy of the table's first row, so that another one is left when one is deleted."""
    values = {**next(old.rows(table)), key: value, **others}
    marks = ", ".join("?" * len(values))
    sql = f"INSERT INTO {old.prefix}{table} ({', '.join(values)}) VALUES ({marks})"
    old.staging.query(sql, list(values.values()))


def became(kind: Kind, key: str) -> int:
    return Imported.objects.get(kind=kind, board=0, old=key).new


@pytest.fixture
def moved_twice(db, old, settings):
    """The sample's site with a second row of each kind."""
    settings.PASSWORD_HASHERS = [*settings.PASSWORD_HASHERS, "importer.passwords.GnuboardHasher"]
    add(old, "new_win", "nw_id", "2", nw_subject="둘째 팝업")
    add(old, "autosave", "as_id", "2", as_uid="2026", as_subject="둘째 초안")
    add(old, "qa_content", "qa_id", "3", qa_subject="둘째 문의", qa_related="3", qa_parent="0")
    move(old)
    recount()
    return old


def inquiry(key: str) -> Post:
    return Post.objects.get(pk=became(Kind.INQUIRY, key))


def test_texts_that_have_changed_there_change_here(moved_twice, as_guest):
    old = moved_twice
    change(
        old,
        "poll",
        "po_id = '1'",
        po_subject="저녁은요?",
        po_poll2="양식",
        po_poll5="분식",
        po_cnt5="3",
        po_etc="자유롭게",
    )
    change(old, "poll_etc", "pc_id = '1'", pc_idea="고친 의견")
    change(old, "faq_master", "fm_id = '1'", fm_subject="가입과 이용", fm_head_html="<p>위</p>")
    change(old, "faq", "fa_id = '1'", fa_subject="새 물음", fa_content="<p>고친 풀이</p>")
    change(old, "qa_content", "qa_id = '1'", qa_subject="고친 문의", qa_content="고친 내용")
    change(old, "qa_content", "qa_type = '1'", qa_content="고친 답변")
    change(old, "content", "co_id = 'company'", co_subject="새 소개", co_content="<p>새 내용</p>")
    change(old, "menu", "me_code = '10'", me_name="새 메뉴", me_link="/bbs/board.php?bo_table=qna")
    change(old, "new_win", "nw_id = '1'", nw_subject="새 팝업", nw_content="<p>새 알림</p>")
    change(old, "autosave", "as_id = '2'", as_subject="고친 초안")
    change(old, "write_free", "wr_id = '8'", wr_link1="https://new.example/", wr_link2="")
    move(old)
    poll = Poll.objects.get(pk=became(Kind.POLL, "1"))
    assert (poll.question, poll.post.subject) == ("저녁은요?", "저녁은요?")
    assert poll.post.body.source == "자유롭게"
    votes = {option.text: option.vote_count for option in poll.options.all()}
    assert votes == {"한식": 2, "양식": 0, "일식": 1, "기타": 1, "분식": 3}
    assert poll.voter_count == poll.votes.count() == 7
    assert PollOpinion.objects.get(pk=became(Kind.OPINION, "1")).text == "고친 의견"
    question = Post.objects.get(pk=became(Kind.QUESTION, "1"))
    assert (question.subject, question.body.html) == ("새 물음", "<p>고친 풀이</p>")
    assert question.category.name == "가입과 이용"
    assert BoardTexts.objects.get(board__slug="faq").header == "<p>위</p>"
    assert (inquiry("1").subject, inquiry("1").body.source) == ("고친 문의", "고친 내용")
    assert Comment.objects.filter(text="고친 답변", post=inquiry("1")).exists()
    page = ContentPage.objects.get(slug="company")
    assert (page.title, page.html) == ("새 소개", "<p>새 내용</p>")
    assert page.revisions.count() == 2, "the text before can be restored"
    item = MenuItem.objects.get(pk=became(Kind.MENU, "10"))
    assert (item.label, item.board.slug) == ("새 메뉴", "qna")
    popup = Popup.objects.get(pk=became(Kind.POPUP, "1"))
    assert (popup.title, popup.body, popup.version) == ("새 팝업", "<p>새 알림</p>", 2)
    assert Draft.objects.get(pk=became(Kind.DRAFT, "2026")).subject == "고친 초안"
    eighth = Post.objects.get(board__slug="free", number=8)
    assert [link.url for link in eighth.links.all()] == ["https://new.example/"]
    assert eighth.link_count == 1
    assert old.problems == {}
    recount()
    assert recount() == []
    assert as_guest.get("/search/?q=풀이").status_code == 200
    before = [*Imported.objects.order_by("pk").values()]
    move(old)
    assert [*Imported.objects.order_by("pk").values()] == before


def test_a_link_that_stays_keeps_its_clicks(moved_twice):
    post = Post.objects.get(board__slug="free", number=8)
    first, second = post.links.order_by("pk")
    post.links.filter(pk=second.pk).update(click_count=9)
    change(moved_twice, "write_free", "wr_id = '8'", wr_link1="https://new.example/")
    move(moved_twice)
    assert dict(post.links.values_list("url", "click_count")) == {
        "https://new.example/": first.click_count,
        second.url: 9,
    }


def test_votes_that_were_lowered_there_are_lowered_here(moved_twice):
    change(moved_twice, "poll", "po_id = '1'", po_cnt1="1")
    move(moved_twice)
    poll = Poll.objects.get(pk=became(Kind.POLL, "1"))
    assert [option.vote_count for option in poll.options.all()] == [1, 0, 1, 1]
    assert poll.voter_count == 3


def test_what_was_changed_here_stays_and_is_named(moved_twice, owner):
    old = moved_twice
    ContentPage.objects.filter(slug="company").update(html="<p>여기서 고침</p>")
    MenuItem.objects.filter(pk=became(Kind.MENU, "10")).update(label="여기 메뉴")
    Popup.objects.filter(pk=became(Kind.POPUP, "1")).update(title="여기 팝업")
    Draft.objects.filter(pk=became(Kind.DRAFT, "2026")).update(source="<p>여기 초안</p>")
    Post.objects.filter(pk=became(Kind.QUESTION, "1")).update(subject="여기 물음")
    Post.objects.filter(pk=became(Kind.INQUIRY, "1")).update(subject="여기 문의")
    Poll.objects.filter(pk=became(Kind.POLL, "1")).update(question="여기 설문")
    BoardTexts.objects.filter(board__slug="faq").update(header="<p>여기 위</p>")
    Post.objects.get(board__slug="free", number=8).links.all().delete()
    change(old, "content", "co_id = 'company'", co_subject="거기")
    change(old, "menu", "me_code = '10'", me_name="거기")
    change(old, "new_win", "nw_id = '1'", nw_subject="거기")
    change(old, "autosave", "as_id = '2'", as_subject="거기")
    change(old, "faq", "fa_id = '1'", fa_subject="거기")
    change(old, "faq_master", "fm_id = '1'", fm_head_html="<p>거기</p>")
    change(old, "qa_content", "qa_id = '1'", qa_subject="거기")
    change(old, "poll", "po_id = '1'", po_subject="거기")
    change(old, "write_free", "wr_id = '8'", wr_link1="https://new.example/")
    move(old)
    assert ContentPage.objects.get(slug="company").html == "<p>여기서 고침</p>"
    assert Popup.objects.get(pk=became(Kind.POPUP, "1")).title == "여기 팝업"
    assert BoardTexts.objects.get(board__slug="faq").header == "<p>여기 위</p>"
    assert not Post.objects.get(board__slug="free", number=8).links.exists()
    assert sorted(line.partition(": 그누보드")[0] for line in old.problems[CONFLICT]) == [
        "1:1 문의 1",
        "FAQ 1",
        "글 free/8",
        "내용 company",
        "메뉴 10",
        "설문조사 1",
        "임시 저장 글 2026",
        "팝업레이어 1",
    ]
    assert "메뉴 10: 그누보드 '거기', 이곳 '여기 메뉴'" in old.problems[CONFLICT]


def test_what_is_gone_there_goes_here(moved_twice, as_guest):
    old = moved_twice
    poll, page = Poll.objects.get(pk=became(Kind.POLL, "2")), became(Kind.CONTENT, "company")
    popup, draft = became(Kind.POPUP, "2"), became(Kind.DRAFT, "2026")
    question, item = became(Kind.QUESTION, "2"), became(Kind.MENU, "10")
    opinion, third = became(Kind.OPINION, "2"), inquiry("3")
    children = MenuItem.objects.filter(parent=item)
    own = MenuItem.objects.create(
        kind="heading", label="여기서 더한 것", parent_id=item, position=99
    )
    assert children.exists()
    for table, key in (
        ("poll", "po_id = '2'"),
        ("poll_etc", "pc_id = '2'"),
        ("faq", "fa_id = '2'"),
        ("qa_content", "qa_id = '3' OR qa_type = '1'"),
        ("content", "co_id = 'company'"),
        ("menu", "me_code LIKE '10%'"),
        ("new_win", "nw_id = '2'"),
        ("autosave", "as_id = '2'"),
    ):
        delete(old, table, key)
    move(old)
    assert old.problems == {}
    assert not Post.objects.get(pk=poll.pk).is_published
    assert not Post.objects.get(pk=question).is_published
    assert not Post.objects.get(pk=third.pk).is_published
    assert not inquiry("1").comments.published().exists()
    assert Inquiry.objects.get(post=inquiry("1")).state == Inquiry.State.RECEIVED
    for model, pk in (
        (ContentPage, page),
        (Popup, popup),
        (Draft, draft),
        (PollOpinion, opinion),
        (MenuItem, item),
    ):
        assert not model.objects.filter(pk=pk).exists(), model
    own.refresh_from_db()
    assert own.parent is None, "what was put below it here stays"
    assert as_guest.get("/bbs/content.php?co_id=company").status_code == 410
    assert as_guest.get("/bbs/poll_result.php?po_id=2").status_code == 410
    assert as_guest.get("/bbs/content.php?co_id=never").status_code == 404
    recount()
    assert recount() == []


def test_what_was_changed_here_stays_though_it_is_gone_there(moved_twice):
    Popup.objects.filter(pk=became(Kind.POPUP, "2")).update(title="여기 팝업")
    delete(moved_twice, "new_win", "nw_id = '2'")
    move(moved_twice)
    assert moved_twice.problems[DELETED] == ["팝업레이어 2: 이곳 '여기 팝업'"]
    assert Popup.objects.filter(title="여기 팝업").exists()


def test_a_category_that_a_question_still_has_stays(moved_twice):
    Post.objects.filter(pk=became(Kind.QUESTION, "2")).update(subject="여기 물음")
    delete(moved_twice, "faq", "1")
    delete(moved_twice, "faq_master", "1")
    move(moved_twice)
    assert Category.objects.filter(board=Board.objects.get(slug="faq")).exists()
