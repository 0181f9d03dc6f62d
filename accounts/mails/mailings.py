"""A mailing as the mail of one member, with what the law asks of advertising (정보통신망법 제50조,
시행령 제62조 및 별표 6): (광고) at the beginning of the subject, the sender with their contact, and a free
way to refuse."""

import re
from email.utils import parseaddr

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _

from accounts.mails.notifications import one_line
from accounts.models import Mailing, Member
from boardsite.jinja import draw
from boardsite.mail import letters, servers
from boardsite.models import SiteSettings
from boardsite.text import richtext

SALT = "accounts.mailings"
LABEL = "(광고)"
Kind = Mailing.Kind
_OWN_PATH = re.compile(r'(?P<attribute>\s(?:href|src)=")(?=/)')
_ITEM = re.compile(r"<li\b[^>]*>")
_LINK = re.compile(r'<a [^>]*href="(https?://[^"]+)"[^>]*>(.*?)</a>', re.DOTALL)


def compose_mailing(mailing: Mailing, member: Member) -> EmailMultiAlternatives:
    """The mail to `member`. `{별명}` and `{아이디}` in subject and text stand for the member's."""
    html = _OWN_PATH.sub(rf"\g<attribute>{settings.SITE_URL}", mailing.html)
    stop = stop_address(mailing, member)
    small_print, headers = _small_print(mailing, stop), {}
    if mailing.kind != Kind.NOTICE:
        headers = {  # RFC 2369, and RFC 8058 for one click
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    text = _filled(_text_of(html), member, is_html=False)
    return letters.letter(
        subject=subject_of(mailing, member),
        text=f"{text}\n\n--\n{small_print}\n",
        html=draw("ui/body.jinja", html=_filled(html, member, is_html=True)),
        small_print=letters.html_of(small_print, letters.find_brand()),
        to=member.email,
        headers=headers,
    )


def subject_of(mailing: Mailing, member: Member) -> str:
    subject = _filled(mailing.subject, member, is_html=False)
    subject = one_line(f"[{SiteSettings.known().name}] {subject.removeprefix(LABEL)}")
    return f"{LABEL} {subject}" if mailing.kind == Kind.ADVERT else subject


def sender_lines(site: SiteSettings) -> list[str]:
    """Name and contact of the sender, as far as the owner has filled them in."""
    address = parseaddr(servers.current_sender())[1]
    named = [(_("전화"), site.phone), (_("주소"), site.address), (_("E-mail"), address)]
    contact = " · ".join(f"{label} {one_line(value)}" for label, value in named if value)
    return [one_line(site.company or site.name), contact]


def stop_address(mailing: Mailing, member: Member) -> str:
    """Where `member` refuses further mails of that kind. It never expires."""
    token = signing.dumps([member.pk, mailing.kind], salt=SALT)
    return settings.SITE_URL + reverse("stop_mailings", args=[token])


def read_stop_token(token: str) -> tuple[int, str]:
    """The member (id) and the kind of mailings. Raises signing.BadSignature."""
    member, kind = signing.loads(token, salt=SALT)
    return member, kind


def _small_print(mailing: Mailing, stop: str) -> str:
    site = SiteSettings.known()
    why = {
        Kind.ADVERT: _("%s의 광고성 정보를 받는 데 동의하신 회원님께 보내 드립니다."),
        Kind.NEWS: _("%s의 회원님께 보내 드립니다."),
        Kind.NOTICE: _("%s의 회원님께 꼭 알려 드려야 하는 내용이라 모두에게 보내 드립니다."),
    }[Kind(mailing.kind)]
    lines = [why % one_line(site.name), *sender_lines(site)]
    if mailing.kind == Kind.ADVERT:
        lines.append(_("수신 거부(무료)") + f": {stop}")
    elif mailing.kind == Kind.NEWS:
        lines.append(_("소식 메일 그만 받기") + f": {stop}")
    return "\n".join([*lines, f"{one_line(site.name)}: {settings.SITE_URL}/"])


def _text_of(html: str) -> str:
    """The text of cleaned HTML, with the address behind each link."""

    def with_address(link: re.Match[str]) -> str:
        address, inner = link[1], link[2]
        shown = richtext.text_of(inner)
        return inner if shown in {"", address} else f"{inner} ({address})"

    html = _ITEM.sub(r"\g<0>- ", _LINK.sub(with_address, html))
    return richtext.text_of(html).replace("\n", "\n\n")


def _filled(text: str, member: Member, *, is_html: bool) -> str:
    for name, value in (("{별명}", member.nickname), ("{아이디}", member.username)):
        plain = one_line(value)
        text = text.replace(name, escape(plain) if is_html else plain)
    return text
