"""Words that may be somebody's own: not to be kept with what people look for. Pure.

Search boxes get telephone numbers and mail addresses of people, pasted from elsewhere, and a list
of popular words would show them to everybody. In doubt words are private: a search that is not
listed harms nobody.
"""

import re
import unicodedata

DIGITS = 6
"""From so many digits on a number may be somebody's: a date of birth has six."""

BETWEEN = r"[\s\-‐-―−~_.,·:/()+]{0,3}"
"""What people write between the digits of a telephone, account or card number."""

MAIL = re.compile(r"[\w.]\s*(?:@|\(at\)|골뱅이)\s*\w", re.IGNORECASE)
NUMBER = re.compile(rf"\d(?:{BETWEEN}\d){{{DIGITS - 1},}}")
AMOUNT = re.compile(r"(?<![\d,.])\d{1,3}(?:,\d{3})+(?![\d,])")  # 1,234,567원 is nobody's
SPELLED = re.compile(
    rf"[\d공영일이삼사오육륙칠팔구](?:{BETWEEN}[\d공영일이삼사오육륙칠팔구]){{8,}}"
)
PLATE = re.compile(
    r"\d{2,3}\s?[가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주하허호배바사아자]\s?\d{4}"
)
HOME = re.compile(r"\d+\s*동\s*\d+\s*호")
RUN = re.compile(r"[\w.-]{24,}", re.ASCII)  # keys and tokens are long and know no spaces


def is_private(words: str) -> bool:
    """Whether `words` hold what looks like somebody's number, mail address, home or secret.

    Six digits or more, however they are grouped or spelled: telephones, 주민등록번호, cards,
    accounts, network addresses. Amounts with commas and years are not.
    """
    plain = "".join(
        each for each in unicodedata.normalize("NFKC", words) if unicodedata.category(each) != "Cf"
    )
    numbers = AMOUNT.sub("원", plain)
    return (
        bool(NUMBER.search(numbers))
        or any(pattern.search(plain) for pattern in (MAIL, SPELLED, PLATE, HOME))
        or any(_is_mixed(run) for run in RUN.findall(plain))
    )


def _is_mixed(run: str) -> bool:
    """Letters with digits among them, as no word has them."""
    return bool(re.search(r"\d", run) and re.search(r"[A-Za-z]", run))
