"""회원 삭제: the owner deletes a member, who may have left before or not."""

import pytest
from django.core.management import call_command

from accounts.actions.leaving import leave_site, return_to_site
from accounts.models import Member
from accounts.permissions import Refused
from boards.actions import leaving
from boards.actions.comments import write_comment
from boards.actions.leaving import delete_member
from boards.actions.posts import write_post
from boards.models import Comment, Post, State
from boards.repair import recount
from tests.conftest import make_member

PAGE = "/admin/accounts/member/erase/"
MEMBERS = "/admin/accounts/member/"


def erase(client, username="minji", confirmation="minji"):
    return client.post(PAGE, {"username": username, "confirmation": confirmation})


@pytest.fixture
def left(minji, post):
    leave_site(member=minji)
    return minji


def test_the_owner_lists_members_who_left_and_erases_one_at_once(as_owner, left, junho, post):
    assert f'href="{PAGE}"' in as_owner.get(MEMBERS).text
    page = as_owner.get(PAGE).text
    assert "minji · 민지" in page
    assert "준호" not in page
    assert erase(as_owner)["Location"] == MEMBERS
    left.refresh_from_db()
    assert left.erased_at is not None
    assert left.username == f"left_{left.pk}"
    assert Post.objects.get().author_name == "탈퇴한 회원"
    assert "minji" not in as_owner.get(PAGE).text
    assert erase(as_owner).status_code == 422  # submitted twice: no member has this name any more


@pytest.mark.parametrize(
    ("username", "confirmation", "sentence"),
    [
        ("minji", "", "필수"),
        ("minji", "junho", "아이디와 다릅니다."),
        ("owner", "owner", "운영자는 삭제할 수 없습니다."),
        ("nobody", "nobody", "그런 아이디의 회원이 없습니다."),
    ],
)
def test_deleting_needs_a_confirmation_and_a_member(
    as_owner, left, junho, username, confirmation, sentence
):
    answer = erase(as_owner, username, confirmation)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert not Member.objects.exclude(erased_at=None).exists()


def test_only_the_owner_may_erase(as_junho, as_guest, left, junho):
    for client in (as_junho, as_guest):
        assert erase(client).status_code in (302, 403)
    junho.is_staff = True
    junho.save()
    assert erase(as_junho).status_code == 403
    assert as_junho.get(PAGE).status_code == 403
    left.refresh_from_db()
    assert left.erased_at is None


def test_the_owner_deletes_a_member_who_has_not_left(as_owner, as_minji, minji, post, owner):
    form = as_owner.get(f"/admin/accounts/member/{minji.pk}/change/").text
    assert f'href="{PAGE}?username=minji"' in form
    page = as_owner.get(PAGE, {"username": "minji"}).text
    assert "글 1개와 댓글 0개" in page
    assert 'value="minji"' in page
    assert erase(as_owner).status_code == 302
    minji.refresh_from_db()
    assert minji.erased_at is not None
    assert as_minji.get("/accounts/profile/").status_code == 302
    assert Post.objects.get().author_name == "탈퇴한 회원"
    assert minji.events.filter(by=owner).exists()
    assert not recount()


def test_what_they_wrote_goes_too_if_the_owner_says_so(as_owner, minji, junho, board, post):
    """Also a post with others' reply posts, which members could not delete themselves."""
    reply = write_post(author=junho, board=board, subject="Re", source="<p>네</p>", reply_to=post)
    theirs = write_post(author=junho, board=board, subject="안부", source="<p>안녕</p>")
    write_comment(author=minji, post=theirs, text="반가워요")
    form = {"username": "minji", "confirmation": "minji", "posts": "remove"}
    assert as_owner.post(PAGE, form).status_code == 302
    left = Post.objects.filter(state=State.PUBLISHED).order_by("pk")
    assert [each.pk for each in left] == [reply.pk, theirs.pk]
    assert not Comment.objects.published().exists()
    assert not recount()


def test_large_accounts_are_locked_out_at_once_and_erased_by_the_chore(
    as_owner, as_minji, minji, post, monkeypatch
):
    monkeypatch.setattr(leaving, "AT_ONCE", 0)
    assert (
        "정기 작업이 지웁니다" in erase(as_owner).wsgi_request._messages._queued_messages[0].message
    )
    minji.refresh_from_db()
    assert minji.erased_at is None
    assert as_minji.get("/accounts/profile/").status_code == 302
    assert not return_to_site(member=minji), "there is no way back"
    call_command("tidy")
    minji.refresh_from_db()
    assert minji.erased_at is not None


@pytest.mark.parametrize("roles", ["", "members", "staff"])
def test_only_owners_delete_members(minji, owner, roles):
    helper = make_member("helper", "도우미", roles=roles, is_staff=bool(roles))
    for by, member in ((helper, minji), (owner, owner)):
        with pytest.raises(Refused):
            delete_member(member=member, removes_posts=True, by=by)
    assert not Member.objects.exclude(left_at=None).exists()
