"""Recognises search engines by their hosts, and reads the searched words. Pure."""

import codecs
import re
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from boardsite.text import normalize
from boardsite.text.private_words import is_private

MAX_WORDS = 1_000
"""Characters of a search that are examined."""
ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://|www\.")


class Engine(NamedTuple):
    """`parameters` are the query parameters that may contain the searched words."""

    name: str
    hosts: re.Pattern[str]
    parameters: tuple[str, ...] = ()


def _engine(name: str, hosts: str, *parameters: str) -> Engine:
    return Engine(name, re.compile(hosts), parameters)


# Whole hosts: naver.com.evil.example is no engine. cafe.naver.com, mail.google.com and other
# services of these companies are ordinary sites.
ENGINES = [
    _engine("네이버", r"(?:[a-z0-9-]+\.)*search\.naver\.com|msearch\.naver\.com", "query"),
    _engine("다음", r"(?:[a-z0-9-]+\.)*search\.daum\.net", "q"),
    _engine(
        "Google",
        r"(?:(?:www|m|images|encrypted|ipv[46])\.)?google\.(?:com|cat|[a-z]{2}|com?\.[a-z]{2})",
        "q",
    ),
    _engine("Bing", r"(?:(?:www|www2|cn|m|global|kr)\.)?bing\.com", "q"),
    _engine("네이트", r"(?:m\.)?search\.nate\.com|nate\.search\.empas\.com", "q"),
    _engine("줌", r"(?:m\.)?search\.zum\.com|m\.zum\.com", "query"),
    _engine("Yahoo", r"(?:[a-z]{1,5}\.)*search\.yahoo\.(?:com|co\.jp)", "p", "q"),
    _engine("DuckDuckGo", r"(?:(?:www|html|lite|safe|start|noai)\.)?duckduckgo\.com", "q"),
    _engine("Baidu", r"(?:(?:www|m|wap|image|news)\.)?baidu\.com", "wd", "word"),
    _engine("Yandex", r"(?:(?:www|m)\.)?(?:yandex\.(?:com(?:\.tr)?|[a-z]{2})|ya\.ru)", "text"),
    _engine("Ecosia", r"(?:www\.)?ecosia\.org", "q"),
    _engine("Brave", r"search\.brave\.com", "q"),
    _engine("Kagi", r"(?:www\.)?kagi\.com", "q"),
    _engine("Startpage", r"(?:[a-z0-9-]+\.)?startpage\.com", "query", "q"),
    _engine("Qwant", r"(?:(?:www|lite)\.)?qwant\.com", "q"),
    # Asking an assistant for links is like a search. The prompt is a conversation, not search
    # words, and is not read.
    _engine("ChatGPT", r"(?:www\.)?chatgpt\.com|chat\.openai\.com"),
    _engine("Perplexity", r"(?:www\.)?perplexity\.ai"),
    _engine("Gemini", r"gemini\.google\.com"),
    _engine("Copilot", r"copilot\.microsoft\.com|(?:www\.)?copilot\.com"),
    _engine("Claude", r"(?:www\.)?claude\.ai"),
]


def find_engine(host: str) -> Engine | None:
    return next((engine for engine in ENGINES if engine.hosts.fullmatch(host)), None)


def searched_words(query: str, parameters: tuple[str, ...]) -> str:
    """The searched words in lower case; "" when there are none or they may be personal."""
    given: dict[str, str] = {}
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        given.setdefault(name.lower(), value)
    written = next((given[name] for name in parameters if given.get(name)), "")
    words = normalize("NFKC", _decoded(written)[:MAX_WORDS]).lower()
    words = " ".join(re.sub(r"[^\S ]|[\0-\x1f\x7f]", " ", words).split())
    words = "".join(each for each in words if each.isprintable())
    if ADDRESS.match(words) or is_private(words):
        return ""
    return words


def _decoded(written: str) -> str:
    """Decodes UTF-8, or the older encodings of Korean engines; "" when it is neither."""
    raw = unquote_to_bytes(written.replace("+", " ").encode("utf-8", "surrogateescape"))
    for encoding in ("utf-8", "cp949"):
        try:
            # Not `final`: a truncated header may end within a character.
            return codecs.getincrementaldecoder(encoding)().decode(raw)
        except UnicodeDecodeError:
            continue
    return ""
