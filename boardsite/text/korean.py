"""Korean text for searching: folding, runs, pieces, patterns, highlighting. Pure, no database.

Korean attaches particles to words and joins compounds (`경제정책을`), so a search for 정책 must look
inside a run of syllables. A run is therefore cut into overlapping pieces of two syllables (경제 제정 정책
책을); a run of Latin letters and digits is one piece. Kana and Chinese characters are cut like
Hangul."""

import itertools
import re
import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from boardsite.text import normalize

# A change that gives other pieces for the same text requires rebuilding the indexes (manage.py
# reindex): SQLite removes a row from an index by naming the pieces it was indexed with.

# Characters of one text that are indexed; this keeps a tsvector below its limit of 1 MB.
TEXT_LIMIT = 100_000
WORD_LIMIT = 64  # characters of a Latin word; longer ones are cut, in documents and queries alike
QUERY_LIMIT = 100  # characters of a query
QUERY_WORDS = 10  # words of a query
HITS_COMPARED = 200  # of a text, for its snippet

_HANGUL = "가-힣"
_KANA_HAN = (
    "\u3005-\u3007\u3041-\u3096\u309d\u309e\u30a1-\u30fa\u30fc-\u30fe"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_JAMO = "\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff"  # conjoining letters alone are not words
_RUN = re.compile(rf"([{_HANGUL}]+|[{_KANA_HAN}]+)|([^\W_{_HANGUL}{_KANA_HAN}{_JAMO}]+)")
_SYLLABLE = re.compile(f"[{_HANGUL}{_KANA_HAN}]")
_LETTER = rf"[^\W_{_HANGUL}{_KANA_HAN}{_JAMO}]"  # of a Latin word or a number
# The pieces of 6,790 are 6 and 790. A search joins them again: in queries, checks and highlights.
_WITH_COMMAS = r"\d{1,3}(?:,\d{3})+(?!\d)"
_JOINED = re.compile(rf"(?<![\d,]){_WITH_COMMAS}")
_RUN_OR_NUMBER = re.compile(rf"([{_HANGUL}]+|[{_KANA_HAN}]+)|({_WITH_COMMAS}|{_LETTER}+)")
_GROUPED = re.compile(r"[1-9][0-9]{3,14}")  # numbers that people also write with commas
_SYLLABLE_OF_HANGUL = re.compile(f"[{_HANGUL}]")
_HANGUL_ALONE = re.compile(f"[{_HANGUL}]+")

# ㅋㅋ ㅠㅠ and their half-width forms. NFKC would join some of them with the syllable before (아ㅄ → 앖),
# so they become spaces first. No piece can contain one, so boards.search.documents uses them to
# mark special pieces.
_LONE_LETTERS = re.compile("[\u3131-\u318e\uffa0-\uffdc]")

# Signs that NFKC turns into something other than one letter (… becomes three dots), and the texts
# that fold letter by letter apart from such signs, which are most texts.
_SIGNS = re.compile("[\u00b7\u2010-\u2027\u2030-\u205e\u3001-\u3003\u3008-\u3020\u3131-\u318e]")
_EVEN = re.compile(rf"[\x00-\x7f{_HANGUL}]*")


def fold(text: str) -> str:
    """The text in the form for comparisons: NFKC (NFD from macOS and full-width are equal), lower
    case, without ㅋㅋ."""
    return normalize("NFKC", _LONE_LETTERS.sub(" ", text)).casefold()


def is_syllables(run: str) -> bool:
    """Whether it is a run of Hangul, kana or Chinese characters, not a Latin word or a number."""
    return _SYLLABLE.match(run) is not None


def has_hangul(text: str) -> bool:
    return _SYLLABLE_OF_HANGUL.search(text) is not None


def has_only_hangul(text: str) -> bool:
    """Whether it is one run of syllables of Hangul."""
    return _HANGUL_ALONE.fullmatch(text) is not None


def runs(text: str) -> list[str]:
    """The folded runs of syllables and words of a text, in order. `LG전자 3층` → lg 전자 3 층"""
    return [syllables or word[:WORD_LIMIT] for syllables, word in _RUN.findall(fold(text))]


def pieces(text: str) -> list[str]:
    """The index terms of a text: two-syllable pieces and whole Latin words, each once, in order.

    A single syllable gives no piece (see `syllables`). Reads the first TEXT_LIMIT characters."""
    found: dict[str, None] = {}
    for syllables, word in _RUN.findall(fold(text[:TEXT_LIMIT])[:TEXT_LIMIT]):
        if word:
            found[word[:WORD_LIMIT]] = None
        else:
            for first, second in itertools.pairwise(syllables):
                found[first + second] = None
    return list(found)


def syllables(text: str) -> list[str]:
    """Each syllable of a short text once: the index terms for one-syllable searches (빵)."""
    return list(dict.fromkeys(_SYLLABLE.findall(fold(text[:TEXT_LIMIT])[:TEXT_LIMIT])))


def query_words(query: str) -> list[str]:
    """The distinct words of a search: at most QUERY_WORDS of the first QUERY_LIMIT characters.

    Spaces mean AND, and so do the boundaries between scripts (`LG전자` is lg and 전자). Numbers lose
    their commas. May be empty.
    """
    folded = fold(query[: QUERY_LIMIT * 10])[:QUERY_LIMIT]
    words = dict.fromkeys(runs(_JOINED.sub(lambda number: number[0].replace(",", ""), folded)))
    return list(words)[:QUERY_WORDS]


def contains(text: str, words: Iterable[str]) -> bool:
    """Whether the text contains every one of these (folded) syllable runs, anywhere."""
    folded = fold(text)
    return all(word in folded for word in words)


def groups(word: str) -> list[str]:
    """The pieces of a number as it is written with commas (6790: 6, 790); else empty."""
    return f"{int(word):,}".split(",") if _GROUPED.fullmatch(word) else []


def pattern(words: Iterable[str], *, is_loose: bool = False) -> re.Pattern:
    """What finds these words of a query, one behind the other, in a folded text.

    Latin words and numbers match as a whole, numbers with and without commas. `is_loose`: a word of
    three syllables or more may be interrupted by spaces (가로등 켜는). One of three must begin where
    a word begins then, because particles and the next word often look like one (많이 사람).
    """
    return re.compile(r"[\W_]*".join(_of_word(word, is_loose) for word in words))


def _of_word(word: str, is_loose: bool) -> str:
    if not is_syllables(word):
        number = groups(word)
        inner = ",?".join(number) if number else re.escape(word)
        before, after = (r"(?<!\d,)", r"(?!,\d{3})") if number else ("", "")
        end = f"(?!{_LETTER})" if len(word) < WORD_LIMIT else ""
        return f"(?<!{_LETTER}){before}{inner}{end}{after}"
    if not is_loose or len(word) < 3:
        return word
    spaced = r"\s?".join(word)
    return spaced if len(word) > 3 else f"(?:{word}|(?<![{_HANGUL}{_KANA_HAN}]){spaced})"


def spans(text: str, words: Iterable[str]) -> Iterator[tuple[int, int]]:
    """The places of the search's words in the text as written: (start, end), in order, not
    overlapping.

    Syllables are found inside longer runs; Latin words match as a whole, and numbers with and
    without commas."""
    words = sorted(words, key=len, reverse=True)
    inside = re.compile("|".join(map(re.escape, filter(is_syllables, words))) or r"(?!)")
    whole = set(itertools.filterfalse(is_syllables, words))
    even = _SIGNS.sub(" ", text)
    if not _EVEN.fullmatch(even):
        yield from _uneven_spans(text, words, inside, whole)
    elif whole:
        yield from _spans_in_runs(even.lower(), inside, whole)
    else:
        yield from (hit.span() for hit in inside.finditer(even.lower()))


def _spans_in_runs(folded: str, inside: re.Pattern, whole: set[str]) -> Iterator[tuple[int, int]]:
    a_run = _RUN_OR_NUMBER if any(map(groups, whole)) else _RUN
    for run in a_run.finditer(folded):
        if run[1]:
            yield from (hit.span() for hit in inside.finditer(folded, *run.span()))
        elif run[2].replace(",", "")[:WORD_LIMIT] in whole:
            yield run.span()


def _uneven_spans(
    text: str, words: list[str], inside: re.Pattern, whole: set[str]
) -> Iterator[tuple[int, int]]:
    """For any text, with a map from each folded character to its origin."""
    end = 0
    for chunk in re.finditer(r"\S+", text):
        folded = fold(chunk[0])
        if not any(word in folded or word in folded.replace(",", "") for word in words):
            continue
        bounds = _bounds(chunk[0])
        if len(bounds) != len(folded):
            continue  # a script that composes in an unknown way: leave it unmarked
        for first, last in _spans_in_runs(folded, inside, whole):
            start = max(end, chunk.start() + bounds[first][0])
            end = chunk.start() + bounds[last - 1][1]
            if start < end:
                yield start, end


def _bounds(chunk: str) -> list[tuple[int, int]]:
    """The range in the chunk from which each character of fold(chunk) comes.

    A syllable may be written as two or three letters (NFD), and two letters as one character (㎏).
    """
    bounds, start = [], 0
    for end in range(1, len(chunk) + 1):
        if end == len(chunk) or not _joins(chunk[end]):
            bounds += [(start, end)] * len(fold(chunk[start:end]))
            start = end
    return bounds


def _joins(character: str) -> bool:
    """Whether it belongs to the character before it: an accent, a syllable's second or third
    letter."""
    first = fold(character)[0]
    return unicodedata.combining(first) > 0 or "\u1160" <= first <= "\u11ff"


def mark(text: str, words: Iterable[str]) -> list[tuple[str, bool]]:
    """The text in parts, each with whether it is a hit. The joined parts are the unchanged text."""
    parts, done = [], 0
    for start, end in spans(text, words):
        if done < start:
            parts.append((text[done:start], False))
        parts.append((text[start:end], True))
        done = end
    if done < len(text):
        parts.append((text[done:], False))
    return parts


def highlight(text: str, words: Iterable[str]) -> SafeString:
    """The plain text as safe HTML with each hit in <mark>. `words` come from query_words()."""
    return mark_safe(
        "".join(
            f"<mark>{escape(part)}</mark>" if is_hit else escape(part)
            for part, is_hit in mark(str(text), words)
        )
    )


def snippet(text: str, words: Iterable[str], length: int = 120) -> str:
    """About `length` characters of a plain text, on one line, where most of the words are (or from
    its beginning)."""
    text = " ".join(normalize("NFC", text).split())
    if len(text) <= length:
        return text
    hit = _densest(text, itertools.islice(spans(text, words), HITS_COMPARED), length // 2)
    start = max(0, min(hit - length // 4, len(text) - length))
    if start:  # begin at a word if one is near
        start = text.find(" ", start, min(hit, start + 15)) + 1 or start
    end = start + length
    return ("…" if start else "") + text[start:end].strip() + ("…" if end < len(text) else "")


def _densest(text: str, hits: Iterable[tuple[int, int]], length: int) -> int:
    """The first place from which on most different words stand within `length` characters."""
    near: deque[tuple[int, str]] = deque()
    best, most = 0, 0
    for start, end in hits:
        near.append((start, fold(text[start:end])))
        while start - near[0][0] > length:
            near.popleft()
        count = len({word for _, word in near})
        if count > most:
            best, most = near[0][0], count
    return best
