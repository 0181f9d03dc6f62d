"""Mails look like the site and read well as text."""

import re

import pytest
from django.core import mail

from accounts.mails.members import mail_member
from boardsite.mail.letters import Brand, html_of, letter
from boardsite.models import OneRow, SiteSettings

BRAND = Brand()
pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("하나\n둘\n\n셋", r"<p[^>]*>하나<br>\n둘</p>\n<p[^>]*>셋</p>"),
        ("보기:\nhttps://a.kr/?a=1&b=2", r'<p[^>]*><a class="button" href="https://a.kr/\?a=1&amp;b=2"[^>]*>보기</a></p>'),
        ("글 보기: https://a.kr/1", r'<p[^>]*><a class="link" href="https://a.kr/1"[^>]*>글 보기</a></p>'),
        ("https://a.kr/1", r'<p[^>]*><a class="link" href="https://a.kr/1"[^>]*>https://a.kr/1</a></p>'),
        ("ABC-123", r'<p style="[^"]*monospace[^"]*">ABC-123</p>'),
        ("<b>굵게</b>", r"<p[^>]*>&lt;b&gt;굵게&lt;/b&gt;</p>"),
        ('x:\nhttps://a.kr/"onclick="x', r'<p[^>]*>x:<br>\nhttps://a.kr/&quot;onclick=&quot;x</p>'),
        ("x:\njavascript:alert(1)", r"<p[^>]*>x:<br>\njavascript:alert\(1\)</p>"),
    ],
)  # fmt: skip
def test_a_text_becomes_html(text, html):
    assert re.fullmatch(html, html_of(text, BRAND)), html_of(text, BRAND)


def test_a_mail_has_the_sites_name_twice_and_its_text_whole(db, minji):
    SiteSettings.objects.update_or_create(pk=1, defaults={"name": "너울 <마을>"})
    OneRow.forget()
    mail_member(minji, "approved")
    (message,) = mail.outbox
    ((html, kind),) = message.alternatives
    assert kind == "text/html"
    assert "너울 &lt;마을&gt;" in html
    assert 'href="http://localhost:8000/accounts/login/"' in html
    assert "color-scheme" in html
    assert "로그인:\nhttp://localhost:8000/accounts/login/" in message.body
    assert message.body.rstrip().endswith("--\n너울 <마을>\nhttp://localhost:8000/")


@pytest.mark.parametrize("path", ["/accounts/password/reset/", "/accounts/login/code/"])
def test_mails_of_allauth_look_the_same(path, as_guest, minji):
    as_guest.post(path, {"email": minji.email})
    (message,) = mail.outbox
    assert 'class="sheet"' in message.alternatives[0][0]


def test_a_mail_has_the_owners_logo_and_colour(db):
    from pages.models import Appearance

    Appearance.objects.update_or_create(pk=1, defaults={"accent": "#8a1c4a"})
    OneRow.forget()
    message = letter(subject="제목", text="보기:\nhttps://a.kr/", to="minji@example.com")
    html = message.alternatives[0][0]
    assert "background:#8a1c4a" in html
    assert "#0a6554" not in html
