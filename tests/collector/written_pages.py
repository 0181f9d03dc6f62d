"""Small invented pages, and their parsed entries."""

from pathlib import Path

from boardsite.text import richtext
from collector.reading.articles import read_article
from collector.reading.entries import Entry

ARTICLES = Path(__file__).parent / "articles"
ADDRESS = "https://paper.example/news/2025/020106012345"
LEAD = "너울골에 올해 첫눈이 내렸다. 지난해보다 아흐레 늦은 눈이다."
TEXT = f"<p>{LEAD}</p><p>아이들은 학교 운동장으로 쏟아져 나왔다.</p>"


def read(body: str | bytes, content_type="text/html; charset=utf-8", address=ADDRESS, **rules):
    body = body.encode() if isinstance(body, str) else body
    return read_article(body, content_type=content_type, address=address, **rules)


def page(body: str = TEXT, head: str = "") -> str:
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>첫눈 소식</title>{head}</head>'
        f'<body><nav><a href="/">처음으로</a></nav><div itemprop="articleBody">{body}</div></body></html>'
    )


def sample(name: str, address: str = ADDRESS) -> Entry:
    return read((ARTICLES / name).read_bytes(), "text/html", address)


def shown(entry: Entry) -> str:
    """The text of the entry as it is visible in the post."""
    return richtext.text_of(richtext.clean(entry.html))
