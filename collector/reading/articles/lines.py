"""Removes lines that are not part of the article: a heading of related articles and the links after
it, share bars, contact and copyright lines. Pure.

A line is the text between two blocks or <br>, because many papers write everything in one element.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from collector.reading import markup
from collector.reading.articles.bylines import reporter_in

if TYPE_CHECKING:
    from lxml.html import HtmlElement

BLOCKS = set(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure"
    " footer h1 h2 h3 h4 h5 h6 header hr html li main ol p pre section summary table tbody td tfoot"
    " th thead tr ul".split()
)
SHOWN = {"img", "iframe", "video", "audio", "hr", "amp-img", "amp-youtube"}

_SIGNS = r"[\[\](){}<>〈〉《》【】〔〕◆◇■□●○▶▷▲△▼☞※★☆*#|:：·ㆍ…\-–—=+>»→\s]*"
_RELATED = re.compile(
    rf"{_SIGNS}(?:(?:이 기사(?:와)?|지금|이\s?시각|오늘의?|최신|실시간|함께|다른|더|놓치면 안 될|에디터|많이)?\s?)"
    r"(?:관련\s?(?:기사|뉴스|글|포스트|영상|키워드|콘텐츠)|많이\s?본\s?(?:뉴스|기사|글)?|주요\s?(?:뉴스|기사)"
    r"|추천\s?(?:뉴스|기사|글|콘텐츠)|인기\s?(?:뉴스|기사|글)|핫\s?뉴스|(?:뉴스|기사)\s?랭킹|랭킹\s?뉴스"
    r"|(?:보면|읽으면|볼만한|읽을만한)\s?[가-힣 ]{0,10}|읽어\s?보기|최신\s?(?:기사|뉴스)|다른\s?(?:기사|뉴스)"
    r"|related (?:articles?|stor(?:y|ies)|posts?|news)|read (?:more|also|next)|more (?:from|on|stories).{0,30}"
    r"|most (?:read|viewed|popular)|recommended.{0,20}|you (?:may|might) also like)",
    re.IGNORECASE,
)
_AD = re.compile(r"[\[(]?\s?(?:광고|AD|ADs|ADVERTISEMENT|Advertisement|스폰서|Sponsored)\s?[\])]?")
_RIGHTS = re.compile(
    r"무단\s?(?:전재|복제|배포|사용|도용|전제|수집)|재배포\s?(?:를\s?)?금지|저작권자\s?[ⓒ©(<:]|all rights? reserved"
    r"|copyrights?\s?(?:ⓒ|©|\(c\)|\d{4}|by)",
    re.IGNORECASE,
)
_RIGHTS_SIGN = re.compile(r"[<\[(]?\s?(?:ⓒ|©|\(c\))", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}", re.ASCII)
_WRITER = re.compile(
    r"기자|특파원|통신원|편집장|논설위원|칼럼니스트|reporter|correspondent", re.IGNORECASE
)
_NAME = re.compile(r"[\s/|·=()\[\]<>가-힣]{0,12}")
_BYLINE = re.compile(
    r"[/|·(\[]?\s?(?:글\s?[·=]?\s?사진\s?[=:]?\s?)?[가-힣]{2,4}(?:\s?[·,]\s?[가-힣]{2,4}){0,4}\s{0,2}[가-힣]{0,8}\s?"
    r"(?:기자|특파원)\s?[)\]]?"
)
_DATED = re.compile(
    r"(?:기사\s?)?(?:입력|수정|등록|승인|송고|발행|최종\s?수정|업데이트)(?:\s?(?:일시|시간|일|시각))?\s?[:：]?\s?\d{4}\s?[./년-]"
)
_SHARE = re.compile(
    r"(?:(?:페이스북|트위터|엑스|카카오톡|카카오스토리|네이버\s?(?:밴드|블로그)?|밴드|라인|텔레그램|링크드인|핀터레스트|facebook"
    r"|twitter|kakao\w*|instagram|URL\s?(?:복사|줄이기)?|링크\s?복사|주소\s?복사|공유(?:하기)?|보내기|스크랩|프린트|인쇄(?:하기)?"
    r"|글자\s?크기\s?\w{0,6}|글씨\s?크기\s?\w{0,6}|본문\s?글[자씨]\s?\w{0,4}|폰트|댓글\s?\d*|좋아요\s?\d*|기사\s?저장"
    r"|기사\s?듣기|북마크|이메일|메일|구독(?:하기)?|닫기|크게|작게|보통|확대|축소|share|print|email|copy link)"
    r"[\s|·/,+\-]*){1,20}",
    re.IGNORECASE,
)
_PLUG = re.compile(
    r"[▶▷☞☎★■※].{0,100}(?:구독|채널|바로\s?가기|제보|클릭|다운로드|보러\s?가기|앱|팔로우)"
    r"|제보는\s.{0,80}|.{0,40}(?:구독하세요|구독하기|친구 추가|제보하기)[.!]?"
)
LEAST = 0.3  # minimum share of the characters that must stay


class _Line(NamedTuple):
    """The content between two line breaks: pieces of text, and pictures."""

    slots: list[tuple["HtmlElement", str]]  # its attribute, "text" or "tail"; or "img"
    text: str
    linked: int  # characters inside links
    pictures: int


def cut_lines(body: "HtmlElement", title: str) -> str:
    """Removes these lines, and the heading if that is `title`; none if too little text would be
    left. Returns the reporter whom a line names, or ""."""
    lines = [line for line in _lines(body) if line.text or line.pictures]
    gone, reporter = _judged(lines, title)
    total = sum(len(line.text) for line in lines)
    if sum(len(lines[place].text) for place in gone) > total * (1 - LEAST):
        return reporter
    slots = [slot for place in gone for slot in lines[place].slots]
    for element, kind in slots:
        if kind != "img":
            setattr(element, kind, None)
    for element, kind in slots:  # last: dropping moves the tail to the predecessor
        if kind == "img":
            drop(element)
    return reporter


def _judged(lines: list[_Line], title: str) -> tuple[set[int], str]:
    """Which lines to remove, and the reporter that one of them names."""
    gone: set[int] = set()
    reporter = ""
    texts = [place for place, line in enumerate(lines) if line.text]
    first, last = set(texts[:4]), set(texts[-8:])
    related = False  # inside a list of related articles
    for place, line in enumerate(lines):
        text = line.text
        is_link = line.linked >= 0.8 * len(text)
        if not text:
            if related and line.pictures:
                gone.add(place)
            continue
        if _is_related_head(line):
            related = True
            gone.add(place)
            continue
        if related and (is_link or (place * 2 > len(lines) and _is_headline(text))):
            gone.add(place)
            continue
        related = False
        if place in first and title and "".join(text.split()) == "".join(title.split()):
            gone.add(place)
        elif place in first | last and _is_signature(text):
            gone.add(place)
            reporter = reporter or _signed(text)
        elif _is_rights(text, place in last) or _is_service(text, is_link):
            gone.add(place)
    # A list of links at the end of the body is not part of it.
    trailing = []
    for place in reversed([each for each in texts if each not in gone]):
        if lines[place].linked < 0.8 * len(lines[place].text) or len(lines[place].text) < 8:
            break
        trailing.append(place)
    return gone | (set(trailing) if len(trailing) >= 3 else set()), reporter


def _is_related_head(line: _Line) -> bool:
    """`[관련기사]` alone, or on one line with its links."""
    found = _RELATED.match(line.text[:80])
    if not found:
        return False
    rest = line.text[found.end() :].strip(" []()<>〈〉【】:：▶▷▼+-·")
    return len(rest) <= 12 or line.linked >= 0.8 * (len(line.text) - found.end())


def _is_headline(text: str) -> bool:
    """A headline after `[관련기사]`: it does not end like a sentence."""
    ends_as_sentence = text.rstrip("\"”’'」)").endswith((".", "다", "요?"))
    return (
        len(text) <= 80
        and not ends_as_sentence
        and not _is_rights(text, is_last=True)
        and not _is_signature(text)
    )


def _is_signature(text: str) -> bool:
    """A reporter's name, perhaps with a mail address, but no sentence."""
    if len(text) > 100:
        return False
    rest = _EMAIL.sub("", text)
    if rest != text:
        return bool(_WRITER.search(rest) and len(rest) <= 60) or bool(_NAME.fullmatch(rest))
    return bool(_BYLINE.fullmatch(text)) or bool(_DATED.match(text) and len(text) <= 80)


def _signed(text: str) -> str:
    """The name of who signs: `김소라 파도 편집장`."""
    rest = _EMAIL.sub(" ", text).strip(" /|·=()[]<>")
    return rest if _WRITER.search(rest) and len(rest) <= 40 else reporter_in(text)


def _is_rights(text: str, is_last: bool) -> bool:
    if len(text) > 250:
        return False
    return bool(_RIGHTS.search(text) or (is_last and _RIGHTS_SIGN.match(text) and len(text) <= 100))


def _is_service(text: str, is_link: bool) -> bool:
    if len(text) > 140:
        return False
    return bool(
        _AD.fullmatch(text)
        or _SHARE.fullmatch(text)
        or _PLUG.fullmatch(text)
        or (is_link and text[0] in "▶▷☞▣■●◆→➤")
    )


def _lines(body: "HtmlElement") -> Iterator[_Line]:
    slots: list[tuple[HtmlElement, str]] = []
    texts: list[str] = []
    linked = pictures = 0

    def ended() -> Iterator[_Line]:
        nonlocal slots, texts, linked, pictures
        if slots:
            yield _Line(slots, markup.one_line("".join(texts)), linked, pictures)
        slots, texts, linked, pictures = [], [], 0, 0

    depth = 0  # nesting of links
    for event, element in walked(body):
        tag = element.tag
        if event == "start":
            depth += tag == "a"
            if tag in BLOCKS or tag == "br":
                yield from ended()
            if tag in SHOWN and tag != "hr":
                slots.append((element, "img"))
                pictures += 1
            text, kind = element.text, "text"
        else:
            depth -= tag == "a"
            if tag in BLOCKS:
                yield from ended()
            if element is body:
                continue
            text, kind = element.tail, "tail"
        if text:
            slots.append((element, kind))
            texts.append(text)
            linked += len(text.strip()) if depth else 0
    yield from ended()


def walked(body: "HtmlElement") -> Iterator[tuple[str, "HtmlElement"]]:
    from lxml import etree

    return etree.iterwalk(body, events=("start", "end"))


def drop(element: "HtmlElement") -> None:
    if element.getparent() is not None:
        element.drop_tree()
