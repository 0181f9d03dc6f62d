"""Splits the text under a picture into caption and credit. Pure.

`▲ 항구의 새벽. /로이터=뉴스1` → `항구의 새벽.`, `로이터=뉴스1`.
"""

import re

from collector.reading import markup
from collector.reading.entries import MAX_CAPTION, MAX_CREDIT
from collector.reading.wording import shortened

_MAX_READ = 1000  # characters

_AGENCY = (
    r"(?:연합뉴스|뉴스1|뉴시스|로이터|신화|타스|교도|지지|블룸버그|게티이미지(?:뱅크|코리아)?"
    r"|Getty Images(?:Bank)?|Reuters|Bloomberg|AFP|EPA|UPI|AP)"
)
_LABEL = r"(?:사진|이미지|그래픽|자료사진|자료|출처|제공|photo|image|credit)"
_OPENED = r"(?:^|(?<=[\s.!?。”\"’')\]/]))"
_WHO = r"[^\[\](){}/=:.!?。]{1,40}"
# Each is searched at the end of the text, with bounded length, so that no input makes it slow.
_CREDITS = tuple(
    re.compile(f"{_OPENED}{pattern}[.]?$", re.IGNORECASE)
    for pattern in (
        rf"[(\[〔<〈]\s?(?:{_LABEL}\s?(?:제공)?\s?[=:：/©ⓒ]\s?)(?P<who>{_WHO}(?:[=/]{_WHO})?)\s?[)\]〕>〉]",
        rf"{_LABEL}\s?(?:제공)?\s?[=:：]\s?(?P<who>{_WHO}(?:[=/]{_WHO})?)",
        rf"[/／]\s?(?:{_LABEL}\s?(?:제공)?\s?[=:：]\s?)?(?P<who>{_WHO}(?:[=/]{_WHO})?)",
        rf"(?:\d{{4}}\.\s?\d{{1,2}}\.\s?\d{{1,2}}\.?\s?)/\s?(?P<who>{_AGENCY})",
        rf"[(\[]?\s?(?:[©ⓒ]|\(c\))\s?(?P<who>{_WHO}(?:[=/]{_WHO})?)[)\]]?",
        rf"[(\[<〈]?\s?(?P<who>{_AGENCY}(?:\s?[=/·]\s?{_AGENCY}|\s{_AGENCY}){{0,2}}(?:\s?자료사진|\s제공|\s?DB)?)"
        r"\s?[)\]>〉]?",
        r"[(\[]?(?P<who>[^\s()\[\].,/]{1,20}(?:\s[^\s()\[\].,/]{1,15})?\s제공)[)\]]?",
    )
)
_LABELLED = re.compile(rf"^[/(\[]?\s?{_LABEL}\s?(?:[=:：]|\s)\s?", re.IGNORECASE)
_DATE = re.compile(r"\s?\d{4}\s?[./]\s?\d{1,2}\s?[./]\s?\d{1,2}\.?$", re.ASCII)
_MARK = re.compile(r"^(?:[▲△▼▽◆■▶◀↑←→*\s]+|\[?사진\s?설명\]?\s?[=:：]?\s?|본문\s?이미지\s?)+")


def parted(words: str) -> tuple[str, str]:
    """The caption and the credit in the text under a picture; each may be ""."""
    words = _MARK.sub("", markup.one_line(words[:_MAX_READ]))
    credit = ""
    for pattern in _CREDITS:
        if found := pattern.search(words, max(0, len(words) - 100)):
            credit, words = found["who"].strip(), words[: found.start()].rstrip(" /|-")
            words = _DATE.sub("", words)
            break
    return shortened(words, MAX_CAPTION), shortened(credit, MAX_CREDIT)


def credit_in(words: str) -> str:
    """The credit in a text that contains nothing else: `사진 소금빛` → `소금빛`."""
    words = markup.one_line(words[:_MAX_READ])
    return parted(words)[1] or shortened(_LABELLED.sub("", words), MAX_CREDIT)


def is_credit(words: str) -> bool:
    """Whether a line is only a credit."""
    return len(words) <= 80 and parted(words)[0] == "" and parted(words)[1] != ""


def is_caption(words: str) -> bool:
    """Whether a line below a picture is its caption."""
    return len(words) <= MAX_CAPTION and (words[:1] in "▲△▼▽◀▶↑" or parted(words)[1] != "")
