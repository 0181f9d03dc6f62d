"""The owner removes the second factors of members who have lost them; nobody else can, and no
secret is shown."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.core.management import CommandError, call_command

from accounts.models import MemberEvent
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
DESK = "/admin/mfa/authenticator/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def factor(minji):
    TOTP.activate(minji, SECRET)
    RecoveryCodes.activate(minji)
    return Authenticator.objects.get(type="totp")


def forget(client, factor):
    form = {"action": "forget_factors", "_selected_action": [factor.pk]}
    return client.post(DESK, form, follow=True)


@pytest.mark.django_db(transaction=True)
def test_the_owner_removes_them(as_owner, as_guest, factor, minji, owner):
    page = forget(as_owner, factor)
    assert "회원 1명의 2단계 인증을 껐습니다." in page.text
    assert not Authenticator.objects.exists()
    event = MemberEvent.objects.get(member=minji)
    assert (event.kind, event.by) == (MemberEvent.Kind.SECURITY, owner)
    [message] = mail.outbox
    assert message.to == ["minji@example.com"]
    assert message.subject == "[우리 게시판] 2단계 인증이 꺼졌습니다"
    assert "http://localhost:8000/accounts/2fa/" in message.body
    as_guest.post("/accounts/login/", {"login": "minji", "password": PASSWORD})
    assert as_guest.session["_auth_user_id"] == str(minji.pk)


def test_nobody_else_can(as_moderator, as_minji, factor, moderator):
    for client in (as_moderator, as_minji):
        forget(client, factor)
    moderator.is_staff = True
    moderator.save()
    assert forget(as_moderator, factor).status_code == 403
    assert Authenticator.objects.count() == 2


def test_the_admin_page_shows_no_secret(as_owner, factor):
    page = as_owner.get(DESK)
    assert "민지 (minji)" in page.text
    assert SECRET not in page.text
    changed = as_owner.get(f"{DESK}{factor.pk}/change/", follow=True)
    assert SECRET not in changed.text
    assert as_owner.post(f"{DESK}{factor.pk}/delete/", {"post": "yes"}).status_code == 403
    assert as_owner.get(f"{DESK}add/").status_code == 403
    assert as_owner.get(f"{DESK}?q=minji").status_code == 200


def test_by_the_command(factor, minji, capsys):
    call_command("forget_second_factors", "minji")
    assert "minji: 2개를 지웠습니다." in capsys.readouterr().out
    assert not Authenticator.objects.exists()
    with pytest.raises(CommandError):
        call_command("forget_second_factors", "nobody")
