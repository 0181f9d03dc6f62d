"""IP addresses of authors come only where the owner keeps them, and only as long as their days are not over."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuthorAddress, Member, MemberSettings
from accounts.queries.addresses import addresses_of, sent_from
from boards.models import Comment, Post
from importer.actions.forgetting import forgetting
from importer.checking import check
from importer.reading.values import SEOUL
from tests.importer.conftest import change, move

ADDRESS = "203.0.113.7"
Kind = AuthorAddress.Kind


def at(days: int) -> str:
    return (timezone.now() - timedelta(days=days)).astimezone(SEOUL).strftime("%Y-%m-%d %H:%M:%S")


@pytest.fixture
def recent(db, old):
    """A post, a comment and a log-in of five days ago, and a post of forty days ago."""
    change(old, "write_free", "1", wr_datetime="2020-01-01 00:00:00")
    change(old, "write_free", "wr_id IN ('3', '22')", wr_datetime=at(5), wr_ip=ADDRESS)
    change(old, "write_free", "wr_id = '7'", wr_datetime=at(40), wr_ip=ADDRESS)
    change(old, "write_free", "wr_id = '8'", wr_datetime=at(5), wr_ip="unknown, 10.0.0.1")
    change(old, "member", "1", mb_today_login="2020-01-01 00:00:00")
    change(old, "member", "mb_id = 'hong'", mb_today_login=at(5), mb_login_ip=ADDRESS)
    return old


def keep(days: int) -> None:
    kept = MemberSettings.load()
    kept.address_days = days
    kept.save()


def test_none_come_unless_the_owner_keeps_them(recent):
    move(recent)
    assert not AuthorAddress.objects.exists()


def test_those_whose_days_are_not_over_come(recent):
    keep(30)
    lines = [str(each) for _title, findings in check(recent, None) for each in findings]
    assert any(
        line.startswith("글쓴이의 IP 주소(개인정보) 가운데 보관 기간이 지난") for line in lines
    )
    move(recent)
    hong = Member.objects.get(username="hong")
    post = Post.objects.get(board__slug="free", number=3)
    comment = Comment.objects.get(text="모바일에서도 잘 보여요")
    rows = sent_from(ADDRESS)
    assert {(each.kind, each.number, each.member_id) for each in rows} == {
        (Kind.POST, post.pk, post.author_id),
        (Kind.COMMENT, comment.pk, hong.pk),
        (Kind.LOG_IN, None, hong.pk),
    }
    assert addresses_of(rows) == [ADDRESS]
    assert {row.at for row in rows.filter(kind=Kind.POST)} == {post.created_at}
    eighth = Post.objects.get(board__slug="free", number=8)
    assert not AuthorAddress.objects.filter(kind=Kind.POST, number=eighth.pk).exists()
    count = AuthorAddress.objects.count()
    move(recent)
    assert AuthorAddress.objects.count() == count, "a second run adds none"
    for step in forgetting():
        for _done in step.run():
            pass
    assert not AuthorAddress.objects.exists()
