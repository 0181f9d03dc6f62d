"""The owner erases one who has left before the grace time is over."""

import pytest

from accounts.actions.leaving import leave_site
from accounts.models import Member
from boards.models import Post

PAGE = "/admin/accounts/member/erase/"
MEMBERS = "/admin/accounts/member/"


def erase(client, username="minji", confirmation="minji"):
    return client.post(PAGE, {"username": username, "confirmation": confirmation})


@pytest.fixture
def left(minji, post):
    leave_site(member=minji)
    return minji


def test_the_owner_sees_who_has_left_and_erases_him_at_once(as_owner, left, junho, post):
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
    assert erase(as_owner).status_code == 422  # pressed twice: nobody is called so any more


@pytest.mark.parametrize(
    ("username", "confirmation", "sentence"),
    [
        ("minji", "", "필수"),
        ("minji", "junho", "아이디와 다릅니다."),
        ("junho", "junho", "탈퇴를 신청하지 않은 회원입니다."),
        ("nobody", "nobody", "그런 아이디의 회원이 없습니다."),
    ],
)
def test_nobody_is_erased_by_accident(as_owner, left, junho, username, confirmation, sentence):
    answer = erase(as_owner, username, confirmation)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert not Member.objects.exclude(erased_at=None).exists()


def test_nobody_but_the_owner(as_junho, as_guest, left, junho):
    for client in (as_junho, as_guest):
        assert erase(client).status_code in (302, 403)
    junho.is_staff = True
    junho.save()
    assert erase(as_junho).status_code == 403
    assert as_junho.get(PAGE).status_code == 403
    left.refresh_from_db()
    assert left.erased_at is None
