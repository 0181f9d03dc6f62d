"""Every two years the owner reminds members of their consent to marketing (정보통신망법 제50조 제8항)."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts.actions.consents import give_consents, withdraw_marketing
from accounts.models import Consent
from boardsite.models import SiteSettings
from tests.page import Page

pytestmark = pytest.mark.django_db
LIST = "/admin/accounts/consent/"


def agreed(member, days: int) -> Consent:
    """A consent of `member` that is so many days old."""
    give_consents(member=member, texts={"marketing": None})
    at = timezone.now() - timedelta(days=days)
    member.consents.update(given_at=at, confirmed_at=at)
    return member.consents.get()


def listed(client, address: str = LIST) -> list[str]:
    page = Page(client.get(address).content)
    return [row.all("td")[1].text for row in page.all("tr") if len(row.all("td")) > 1]


def remind(client, *consents: Consent):
    chosen = [consent.pk for consent in consents]
    return client.post(LIST, {"action": "remind", "_selected_action": chosen}, follow=True)


def test_the_list_shows_consents_that_are_due(as_owner, minji, junho, moderator):
    agreed(minji, 731)
    agreed(junho, 700)
    agreed(moderator, 800)
    withdraw_marketing(member=moderator)
    assert listed(as_owner) == ["민지"]
    assert listed(as_owner, LIST + "?confirmed=all") == ["민지", "준호"]


def test_the_mail_names_the_day_and_how_to_withdraw(as_owner, minji, settings):
    settings.SITE_URL = "https://village.example"
    SiteSettings.objects.create(pk=1, name="한울 마을")
    consent = agreed(minji, 800)
    page = remind(as_owner, consent)
    assert "회원 1명에게 메일을 보냈습니다." in page.text
    (sent,) = mail.outbox
    assert sent.to == ["minji@example.com"]
    assert sent.subject == "[한울 마을] 광고성 정보 수신 동의 확인"
    at = timezone.localtime(consent.given_at)
    for words in (
        f"민지님(minji)은 {at.year}년 {at.month}월 {at.day}일에 한울 마을의 광고성 정보를",
        "언제든 동의를 철회하실 수 있습니다.",
        "https://village.example/accounts/consents/\n",
    ):
        assert words in sent.body
    assert listed(as_owner) == []
    before = consent.confirmed_at
    consent.refresh_from_db()
    assert consent.confirmed_at > before
    assert minji.events.last().words == "광고성 정보 수신 동의를 메일로 다시 알림"


def test_a_repeated_submission_sends_one_mail(as_owner, minji):
    consent = agreed(minji, 800)
    remind(as_owner, consent)
    remind(as_owner, consent)
    assert len(mail.outbox) == 1


def test_an_unsent_mail_does_not_count(as_owner, minji, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody answers there
    page = remind(as_owner, agreed(minji, 800))
    assert "메일을 보내지 못했습니다." in page.text
    assert listed(as_owner) == ["민지"]


def test_it_requires_an_owner(as_minji, log_in, junho, minji):
    junho.is_staff = True
    junho.save()
    consent = agreed(minji, 800)
    for client in (as_minji, log_in(junho)):
        remind(client, consent)
    assert mail.outbox == []


def test_the_proof_is_read_only(as_owner, minji):
    consent = agreed(minji, 800)
    address = f"{LIST}{consent.pk}/"
    assert as_owner.post(address + "change/", {"kind": "terms"}).status_code == 403
    assert as_owner.post(address + "delete/", {"post": "yes"}).status_code == 403
    assert Consent.objects.get().kind == "marketing"


def test_the_first_page_of_the_admin_shows_how_many_are_due(as_owner, as_moderator, minji, junho):
    words = "동의 사실을 알려야 할 회원이 1명 있습니다."
    agreed(junho, 700)
    assert words not in as_owner.get("/admin/").text
    due = agreed(minji, 731)
    page = Page(as_owner.get("/admin/").content)
    assert words in page.text
    assert page.all("a", href=LIST)
    remind(as_owner, due)
    assert words not in as_owner.get("/admin/").text


def test_only_owners_see_the_alarm(log_in, minji, junho):
    agreed(minji, 731)
    junho.is_staff = True
    junho.save()
    assert "동의 사실을" not in log_in(junho).get("/admin/").text


def test_members_who_have_left_are_not_due(as_owner, minji):
    agreed(minji, 731)
    type(minji).objects.filter(pk=minji.pk).update(left_at=timezone.now())
    assert "동의 사실을" not in as_owner.get("/admin/").text
