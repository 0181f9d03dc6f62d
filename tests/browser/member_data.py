"""Data for the pages about members: blocked members, messages, changed terms, providers."""

from datetime import timedelta

from allauth.socialaccount.models import SocialApp
from django.utils import timezone

from accounts.actions.consents import agree_to_marketing, give_consents, publish_text
from accounts.actions.leaving import leave_site
from accounts.actions.members import suspend_member
from accounts.actions.messages import send_message
from accounts.actions.notes import write_note
from accounts.mails.notifications import token_of
from accounts.models import Member, MemberSettings, Notification
from boardsite.models import OneRow
from tests.browser.visit_data import create_visit_data
from tests.conftest import make_member
from visits.models import VisitSettings


def create_member_data(people: dict[str, Member | None]) -> dict[str, int | str]:
    """Adds members who may not log in, and a newcomer, to `people`; returns parameters for URLs."""
    minji, junho, owner = people["minji"], people["junho"], people["owner"]
    MemberSettings.objects.update_or_create(
        pk=1, defaults={"offers_marketing": True, "invitations_per_member": 3}
    )
    OneRow.forget()
    agree_to_marketing(member=junho)
    publish_text(kind="terms", text="서로 아낍니다.")
    html = "<h3>제1조</h3><p>아끼는 <b>까닭</b></p><ol><li>이웃</li></ol>"
    publish_text(kind="privacy", text=html, is_html=True)
    terms = publish_text(kind="terms", text="서로 아끼고 돕습니다.", needs_consent=True)
    for member in filter(None, people.values()):
        give_consents(member=member, texts={"terms": terms})
    people["newcomer"] = make_member("newcomer", "새내기")

    until = timezone.now() + timedelta(days=7)
    suspend_member(
        member=make_member("suspended", "말썽"), until=until, reason="되풀이되는 광고", by=owner
    )
    leave_site(member=make_member("left", "떠난이"))
    make_member("waiting", "기다림", pending_since=timezone.now())
    write_note(member=minji, by=owner, text="축제 때 도와주신 분")
    for provider in ("kakao", "naver", "google", "apple", "github"):
        SocialApp.objects.create(provider=provider, name=provider, client_id="id", secret="secret")
    [message] = send_message(
        sender=junho, receivers=[minji], text="다음 모임은 https://example.com 에 적었습니다."
    )
    VisitSettings.load()
    return {
        "since": create_visit_data().isoformat(),
        "message": message.pk,
        "minji": minji.pk,
        "token": token_of(minji.pk, [Notification.Kind.COMMENT]),
    }
