"""The owner removes the demo community; what others wrote or changed stays."""

import pytest
from django.contrib.admin.models import LogEntry

from accounts.models import Member
from boards.actions.comments import write_comment
from boards.actions.posts import edit_post, write_post
from boards.actions.reactions import vote_post
from boards.demo import clearing
from boards.demo.clearing import clear_demo, find_leftovers
from boards.demo.content import PEOPLE
from boards.models import Attachment, Board, BoardGroup, Comment, ModerationEntry, Post, Vote
from boards.repair import recount
from boardsite.models import SiteSettings
from boardsite.reporting.dashboard import read_dashboard
from tests.conftest import make_member
from tests.demos import write_small_demo

pytestmark = pytest.mark.django_db
PAGE = "/admin/boards/demo/"
PLACEHOLDERS = "예시(보기대표, 000-00-00000)"


@pytest.fixture
def demo(monkeypatch):
    monkeypatch.setattr(clearing, "BATCH", 4)
    write_small_demo(monkeypatch)


def counts() -> list[int]:
    return [model.objects.count() for model in (Post, Comment, Board, BoardGroup, Attachment)]


def test_nothing_is_left_of_an_untouched_demo(demo, as_owner, owner):
    alarms = [alarm.text for alarm in read_dashboard(owner).alarms]
    assert any(PLACEHOLDERS in text for text in alarms)
    page = as_owner.get(PAGE)
    assert f"글 {Post.objects.count()}개" in page.text
    assert "남는 것" not in page.text
    answer = as_owner.post(PAGE, follow=True)
    assert "예시 내용을 지웠습니다: 글 " in answer.text
    assert counts() == [0] * 5
    assert list(Member.objects.all()) == [owner]
    assert not ModerationEntry.objects.exists()
    site = SiteSettings.load()
    assert (site.name, site.company_lines, site.description) == ("우리 게시판", [], "")
    assert "글 " in LogEntry.objects.get(object_repr="예시 내용").change_message
    alarms = [alarm.text for alarm in read_dashboard(owner).alarms]
    assert not any("예시" in text for text in alarms)
    assert "지울 예시 내용이 없습니다." in as_owner.post(PAGE, follow=True).text
    assert LogEntry.objects.count() == 1


def test_what_others_wrote_or_changed_stays(demo, as_owner, minji, owner):
    qna = Board.objects.get(slug="qna")
    demo_posts = Post.objects.filter(path="").order_by("pk")
    commented, answered, edited, liked = demo_posts.filter(board=qna, is_secret=False)[:4]
    write_comment(author=minji, post=commented, text="고맙습니다")
    own = write_post(author=minji, board=qna, subject="답변", source="글", reply_to=answered)
    edit_post(post=edited, by=owner, subject="고친 제목", source="<p>고침</p>")
    vote_post(post=liked, member=minji, value=Vote.LIKE)
    voter = Member.objects.filter(username__in=[each.username for each in PEOPLE]).exclude(
        pk__in=[commented.author_id, answered.author_id, edited.author_id]
    )
    vote_post(post=edited, member=voter.filter(posts=None).first(), value=Vote.LIKE)
    site = SiteSettings.load()
    site.representative = "홍길동"
    site.save()
    Board.objects.filter(slug="free").update(write_level=3)

    page = as_owner.get(PAGE).text
    for kept in (commented, answered):
        assert kept.subject in page
    assert "고친 제목" in page
    assert "설정을 바꾸었습니다." in page
    clear_demo()
    assert set(Post.objects.all()) == {commented, answered, edited, own}
    assert commented.comments.filter(author=minji).exists()
    assert {board.slug for board in Board.objects.all()} == {"qna", "free"}
    assert {group.slug for group in BoardGroup.objects.all()} == {"square"}
    assert SiteSettings.load().company_lines == ["대표 : 홍길동"]
    assert recount(repairs=False) == []
    left = Member.objects.exclude(pk__in=[minji.pk, owner.pk])
    for member in left:
        assert Post.objects.filter(author=member) or Comment.objects.filter(author=member)
    assert not find_leftovers()
    before = counts()
    clear_demo()
    assert counts() == before


def test_a_real_member_with_a_name_of_the_demo_is_not_touched(demo, owner):
    person = Member.objects.get(username=PEOPLE[0].username)
    person.set_password("correct-horse-42")
    person.save()
    own = Post.objects.filter(author=person), Comment.objects.filter(author=person)
    before = [rows.count() for rows in own]
    assert any(before)
    clear_demo()
    assert Member.objects.filter(pk=person.pk).exists()
    assert [rows.count() for rows in own] == before


def test_posts_that_a_robot_collected_stay(demo, owner):
    robot = Member.objects.get(is_robot=True)
    board = Board.objects.get(slug="economics")
    article = write_post(
        author=robot, board=board, subject="기사", source="글", origin="https://news.example/1"
    )
    clear_demo()
    assert list(Post.objects.all()) == [article]
    assert Member.objects.filter(pk=robot.pk).exists()


@pytest.mark.any_database
def test_a_site_without_the_demo_has_nothing_to_remove(as_owner, post, minji):
    assert not find_leftovers()
    assert "지울 예시 내용이 없습니다." in as_owner.get(PAGE).text
    as_owner.post(PAGE)
    assert Post.objects.count() == 1


@pytest.mark.any_database
def test_only_owners_remove_it(as_guest, as_junho, log_in, post):
    Member.objects.create_user("maeuljigi", "maeuljigi@example.com", nickname="마을지기")
    clerk = log_in(make_member("clerk", "서기", is_staff=True, roles="staff"))
    for browser in (as_guest, as_junho, clerk):
        assert browser.get(PAGE).status_code in (302, 403)
        assert browser.post(PAGE).status_code in (302, 403)
    assert Member.objects.filter(username="maeuljigi").exists()
    assert bool(find_leftovers())
