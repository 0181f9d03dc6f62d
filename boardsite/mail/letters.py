"""How mails look: a text, and the same in HTML with the site's name or logo and its colour.

Templates of mails are plain text. In HTML a paragraph is a paragraph, and an address on a line of its
own below a line that ends in a colon is a button with that label:

    비밀번호 다시 정하기:
    https://board.example.kr/…

`label: https://…` in one line is a link. What stands below a line `--` is the small print."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from boardsite.models import SiteSettings

SMALL_PRINT = "\n--\n"
_ADDRESS = re.compile(r"https?://[^\s<>\"']+")
_LINK = re.compile(r"(?P<label>[^:]{1,60}): (?P<address>https?://[^\s<>\"']+)")
_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{3,11}", re.ASCII)

# Inline, because mail programs drop stylesheets; templates/boardsite/email/base.html darkens them.
TEXT = "margin:0 0 16px"
BUTTON = (
    "display:inline-block;padding:10px 20px;border-radius:4px;text-decoration:none;font-weight:bold;"
    "background:{};color:{}"
)
CODE = "margin:0 0 16px;font:bold 28px/1.4 monospace;letter-spacing:4px"
LINK = "color:{}"
BREAK = format_html("<br>{}", "\n")


@dataclass(frozen=True, slots=True)
class Brand:
    """The owner's look: accents for both themes with the colours upon them, and a logo's address."""

    accent: str = "#0a6554"
    on_accent: str = "#ffffff"
    dark_accent: str = "#72cdb6"
    on_dark_accent: str = "#06231c"
    logo: str = ""
    width: int = 0
    height: int = 0


find_brand: Callable[[], Brand] = Brand
"""The app with the site's look sets it (its AppConfig.ready)."""


def letter(
    *,
    subject: str,
    text: str,
    to: str,
    html: SafeString | None = None,
    small_print: SafeString | None = None,
    headers: Mapping[str, str] | None = None,
) -> EmailMultiAlternatives:
    """A mail of `text`; `html` and `small_print` replace what is made of it. Needs the database
    unless the site's settings are cached."""
    brand, site = find_brand(), SiteSettings.known()
    body, _line, below = text.strip().partition(SMALL_PRINT)
    context = {
        "subject": subject,
        "site_name": " ".join(site.name.split()),
        "site_url": settings.SITE_URL,
        "brand": brand,
        "content": html if html is not None else html_of(body, brand),
        "small_print": small_print if small_print is not None else html_of(below, brand),
    }
    mail = EmailMultiAlternatives(subject, text, None, [to], headers=dict(headers or {}))
    mail.attach_alternative(render_to_string("boardsite/email/base.html", context), "text/html")
    return mail


def html_of(text: str, brand: Brand) -> SafeString:
    """The paragraphs of `text`. Everything in it is escaped."""
    paragraphs = (each.split("\n") for each in re.split(r"\n\s*\n", text.strip()) if each.strip())
    return format_html_join(
        "\n", "{}", ((part,) for each in paragraphs for part in _parts(each, brand))
    )


def button(label: str, address: str, brand: Brand) -> SafeString:
    style = BUTTON.format(brand.accent, brand.on_accent)
    html = '<p style="{}"><a class="button" href="{}" style="{}">{}</a></p>'
    return format_html(html, TEXT, address, style, label)


def _parts(lines: list[str], brand: Brand) -> Iterator[SafeString]:
    """A paragraph, divided where a button stands."""
    waiting: list[str] = []
    for line in map(str.strip, lines):
        if waiting and waiting[-1].endswith(":") and _ADDRESS.fullmatch(line):
            label = waiting.pop()[:-1]
            yield from _paragraph(waiting, brand)
            yield button(label, line, brand)
            waiting = []
        else:
            waiting.append(line)
    yield from _paragraph(waiting, brand)


def _paragraph(lines: Iterable[str], brand: Brand) -> Iterator[SafeString]:
    filled = [line for line in lines if line]
    if len(filled) == 1 and _CODE.fullmatch(filled[0]):
        yield format_html('<p style="{}">{}</p>', CODE, filled[0])
    elif filled:
        inner = format_html_join(BREAK, "{}", ((_line(each, brand),) for each in filled))
        yield format_html('<p style="{}">{}</p>', TEXT, inner)


def _line(line: str, brand: Brand) -> SafeString | str:
    if link := _LINK.fullmatch(line):
        label, address = link["label"], link["address"]
    elif _ADDRESS.fullmatch(line):
        label = address = line
    else:
        return line
    style = LINK.format(brand.accent)
    return format_html('<a class="link" href="{}" style="{}">{}</a>', address, style, label)
