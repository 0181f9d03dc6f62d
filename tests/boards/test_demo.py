import datetime

import pytest
from django.core.management import call_command

from accounts.models import Member
from boards.demo.dates import latest
from boards.demo.markup import said, to_html
from boards.demo.pictures import draw
from boards.demo.plan import SEOUL, plan
from boards.models import Attachment, Board, Comment, ExtraField, Poll, Post
from boards.repair import recount


def seoul(*when: int) -> datetime.datetime:
    return datetime.datetime(*when, tzinfo=SEOUL)


def everything() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in (Board, Post, Comment, Attachment)}


def test_demo_fills_an_empty_site_once_and_shows_all_board_features(db, as_guest, capsys):
    """One test, because creating the demo data takes ten seconds."""
    call_command("demo")

    assert "글 " in capsys.readouterr().out
    assert Board.objects.count() == 7
    for row in (*Board.objects.all(), *Member.objects.all()):
        row.full_clean(exclude=["password"])
    assert 190 <= Post.objects.count() <= 250
    assert Comment.objects.count() >= 600
    assert not any(member.has_usable_password() for member in Member.objects.all())
    assert Post.objects.filter(is_secret=True).exists()
    assert Post.objects.exclude(cover=None).count() >= 25
    assert Attachment.objects.filter(post=None).count() == 0
    assert Poll.objects.get().voter_count > 10
    assert recount(repairs=False) == []
    for model in (Post, Comment):
        by_date = model.objects.order_by("created_at", "pk").values_list("pk", flat=True)
        assert list(by_date) == sorted(by_date)

    before = everything()
    call_command("demo")
    assert "이미 게시판이 있어서" in capsys.readouterr().out
    assert everything() == before

    archive = as_guest.get("/archive/").content.decode()
    assert "내려받아 쓰시고" in archive
    assert "쓰임새" in archive
    assert as_guest.get("/tags/견학/").status_code == 200
    assert "전체 공지" in as_guest.get("/free/").content.decode()
    answers = Post.objects.exclude(path="")
    assert sorted(answer.depth for answer in answers) == [1, 1, 2]
    for field in ExtraField.objects.all():
        field.full_clean()


def test_demo_leaves_a_site_with_a_board_alone(board):
    call_command("demo", verbosity=0)

    assert Post.objects.count() == 0
    assert Board.objects.count() == 1


def test_demo_takes_no_existing_name(db, capsys):
    Member.objects.create_user("somebody", "somebody@example.com", "pw", nickname="파도소리")

    call_command("demo")

    assert "이름이 같은 회원" in capsys.readouterr().out
    assert not Board.objects.exists()


@pytest.mark.parametrize(
    "now", [seoul(2026, 11, 24, 22, 8), seoul(2028, 2, 29, 0, 3), seoul(2027, 6, 1, 9, 0)]
)
def test_demo_writes_nothing_in_the_future_and_no_reply_before_its_parent(now):
    posts = plan(now)

    assert posts[0].at > now - datetime.timedelta(days=560)
    for post in posts:
        assert post.at < now
        for comment in post.comments:
            assert (comment.parent or post).at < comment.at < now


def test_the_plan_of_a_day_is_reproducible():
    one, other = plan(seoul(2026, 11, 24, 12, 0)), plan(seoul(2026, 11, 24, 12, 0))

    assert [(post.entry, post.at, post.views, post.likers) for post in one] == [
        (post.entry, post.at, post.views, post.likers) for post in other
    ]


def test_pictures_are_reproducible():
    assert draw("sea", 3) == draw("sea", 3)
    assert draw("sea", 3) != draw("sea", 4)


def test_latest_is_before_today():
    assert latest("04-05", datetime.date(2026, 4, 5)) == datetime.date(2025, 4, 5)
    assert latest("04-04", datetime.date(2026, 4, 5)) == datetime.date(2026, 4, 4)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("한 줄\n두 줄", "<p>한 줄<br>두 줄</p>"),
        ("**R&D** <상>", "<p><strong>R&amp;D</strong> &lt;상&gt;</p>"),
        ("- 하나\n- 둘", "<ul><li>하나</li><li>둘</li></ul>"),
        ("## 제목\n이어서", "<h3>제목</h3>\n<p>이어서</p>"),
        ("> 인용", "<blockquote><p>인용</p></blockquote>"),
        (
            "| 값 | 원 |\n| 무 | 1,000 |",
            "<table><thead><tr><th>값</th><th>원</th></tr></thead>"
            "<tbody><tr><td>무</td><td>1,000</td></tr></tbody></table>",
        ),
        (
            "[그림 sea:3 | 바다]",
            '<figure><img src="/files/7/picture/" alt="바다"><figcaption>바다</figcaption></figure>',
        ),
    ],
)
def test_plain_text_becomes_html(text, html):
    assert to_html(text, lambda scene: "/files/7/picture/") == html


def test_comments_are_parsed_with_their_depth():
    assert list(said("민지: 안녕 // 하세요\n>> 준호: 네")) == [
        (0, "민지", "안녕\n하세요"),
        (2, "준호", "네"),
    ]
    with pytest.raises(ValueError, match="not a comment"):
        list(said("말만 있음"))
