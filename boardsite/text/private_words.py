"""Recognises searches that may contain personal data, which must not be counted as popular. Pure.

People paste telephone numbers and mail addresses into search boxes, and the list of popular
searches would publish them. When in doubt a search is private, because leaving it out of the list
harms nobody."""

import re
import unicodedata

from boardsite.text import normalize

DIGITS = 6
"""A number with so many digits may be personal: a date of birth has six."""

BETWEEN = r"[\s\-‐-―−~_.,·:/()+]{0,3}"
"""What people write between the digits of a telephone, account or card number."""

MAIL = re.compile(r"[\w.]\s*(?:@|\(at\)|골뱅이)\s*\w", re.IGNORECASE)
NUMBER = re.compile(rf"\d(?:{BETWEEN}\d){{{DIGITS - 1},}}")
AMOUNT = re.compile(r"(?<![\d,.])\d{1,3}(?:,\d{3})+(?![\d,])")  # 1,234,567원 is not personal
SPELLED = re.compile(
    rf"[\d공영일이삼사오육륙칠팔구](?:{BETWEEN}[\d공영일이삼사오육륙칠팔구]){{8,}}"
)
PLATE = re.compile(
    r"\d{2,3}\s?[가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주하허호배바사아자]\s?\d{4}"
)
HOME = re.compile(r"\d+\s*동\s*\d+\s*호")
RUN = re.compile(r"[\w.-]{24,}", re.ASCII)  # keys and tokens are long and have no spaces


def is_private(words: str) -> bool:
    """Whether `words` contain what looks like a personal number, mail address, home address or
    secret.

    Six or more digits are private, however they are grouped or spelled: telephone numbers, 주민등록번호,
    cards, accounts, network addresses. Amounts with commas and years are not."""
    plain = "".join(each for each in normalize("NFKC", words) if unicodedata.category(each) != "Cf")
    numbers = AMOUNT.sub("원", plain)
    return (
        bool(NUMBER.search(numbers))
        or any(pattern.search(plain) for pattern in (MAIL, SPELLED, PLATE, HOME))
        or any(_is_mixed(run) for run in RUN.findall(plain))
    )


def _is_mixed(run: str) -> bool:
    """Letters with digits among them, as in no word."""
    return bool(re.search(r"\d", run) and re.search(r"[A-Za-z]", run))
