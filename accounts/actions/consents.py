"""Consents and the texts that members consent to. Both are proofs and never changed."""

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.locking import lock_members
from accounts.actions.record import record
from accounts.mails.members import written
from accounts.mails.outgoing import send_now
from accounts.models import Consent, LegalText, Member, MemberEvent, MemberSettings
from accounts.permissions import Refused
from accounts.queries.legal_texts import known_demand, newest_text
from boardsite.text import richtext


@transaction.atomic
def publish_text(
    *, kind: str, text: str, needs_consent: bool = False, is_html: bool = False
) -> LegalText:
    """Publishes the next version of a text, plain or HTML. An unchanged text is published only to
    ask for consent again.

    With `needs_consent` each member is led to the consent page at the next page that they open; in
    other processes this takes effect within OneRow.SECONDS."""
    text = text.replace("\r\n", "\n").strip()
    if is_html:
        text = richtext.clean(text)
    # publications wait for each other
    MemberSettings.objects.select_for_update().get_or_create(pk=1)
    newest = newest_text(kind)
    is_same = newest is not None and (newest.text, newest.is_html) == (text, is_html)
    if newest and is_same and (newest.needs_consent or not needs_consent):
        return newest
    version = newest.version + 1 if newest else 1
    published = LegalText.objects.create(
        kind=kind, version=version, text=text, is_html=is_html, needs_consent=needs_consent
    )
    transaction.on_commit(known_demand.forget)
    return published


@transaction.atomic
def give_consents(*, member: Member, texts: dict[str, LegalText | None]) -> None:
    """Stores the consent of `member` to these texts, by kind (Consent.Kind).

    An earlier consent to the same version stays as it is."""
    lock_members(member.pk)
    standing = set(
        Consent.objects.filter(member=member, withdrawn_at=None).values_list("kind", "text")
    )
    at = timezone.now()
    new = [
        Consent(member=member, kind=kind, text=text, given_at=at, confirmed_at=at)
        for kind, text in texts.items()
        if (kind, text and text.pk) not in standing
    ]
    Consent.objects.bulk_create(new)
    if new:
        names = ", ".join(str(each.text or each.get_kind_display()) for each in new)
        record(member=member, kind=MemberEvent.Kind.CONSENT, words=names)


def agree_to_marketing(*, member: Member) -> None:
    """Raises Refused while the owner sends no marketing mails."""
    if not MemberSettings.load().offers_marketing:
        raise Refused(_("광고성 정보를 보내지 않는 사이트입니다."))
    kind = Consent.Kind.MARKETING
    if not _marketing_of(member).exists():
        give_consents(member=member, texts={kind: newest_text(kind)})


@transaction.atomic
def withdraw_marketing(*, member: Member) -> None:
    """The row stays as a proof of what was allowed until now."""
    if _marketing_of(member).update(withdrawn_at=timezone.now()):
        words = _("동의 철회: %s") % Consent.Kind.MARKETING.label
        record(member=member, kind=MemberEvent.Kind.CONSENT, words=words)


def _marketing_of(member: Member) -> QuerySet[Consent]:
    return Consent.objects.filter(member=member, kind=Consent.Kind.MARKETING, withdrawn_at=None)


def remind_of_marketing(*, consent: Consent) -> bool:
    """Mails the member that they consented and how to withdraw (정보통신망법 제50조 제8항, due every two
    years). Returns whether the mail was sent; only then does the consent count as confirmed."""
    address = settings.SITE_URL + reverse("list_consents")
    mail = written(consent.member, "remind_of_marketing", consent=consent, address=address)
    if not send_now(mail, "remind_of_marketing"):
        return False
    with transaction.atomic():
        own = Consent.objects.filter(pk=consent.pk, withdrawn_at=None)
        own.update(confirmed_at=timezone.now())
        words = _("광고성 정보 수신 동의를 메일로 다시 알림")
        record(member=consent.member, kind=MemberEvent.Kind.CONSENT, words=words)
    return True
