"""Broken, malicious and huge feeds are repaired or refused quickly."""

import json
import random
import time

import pytest

from collector.reading.addresses import canonical
from collector.reading.feeds import NotAFeed
from tests.collector.damage import damaged
from tests.collector.written_feeds import FEEDS, only, read, rss

# -- broken ----------------------------------------------------------------------------------------
PASSWD = '<!ENTITY x SYSTEM "file:///etc/passwd">'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
GOOD = "<item><title>하나</title><guid>1</guid></item>"
BROKEN = {
    "nothing": "",
    "spaces": " \n\t ",
    "no markup": "안녕하세요",
    "a page": "<!DOCTYPE html><html><head><title>신문</title></head><body><p>글</body></html>",
    "a page without doctype": "<html><body>502 Bad Gateway</body></html>",
    "another xml": '<?xml version="1.0"?><urlset><url><loc>https://paper.example</loc></url></urlset>',
    "random bytes": bytes(range(256)) * 1000,
    "a picture": b"\x89PNG\r\n\x1a\n" + b"\0" * 5000,
    "gzip": b"\x1f\x8b\x08\0" + b"\xff" * 5000,
    "the name of a file": "/etc/passwd",
    "an address": "http://127.0.0.1/feed",
    "zeros": b"\0" * 1_000_000,
    "half a tag": "<rss",
    "a root and no more": "<rss><channel>",
    "ends in the first entry": f"<rss><channel><title>신문</title>{GOOD[:-10]}",
    "ends in an attribute": '<rss><channel><item><link href="https://paper',
    "ends in cdata": "<rss><channel><item><title><![CDATA[끝이 없는",
    "billion laughs": f'<!DOCTYPE r [<!ENTITY l0 "ha">{LAUGHS}]><rss><channel><title>&l9;</title></channel></rss>',
    "external entity": f"<!DOCTYPE r [{PASSWD}]><rss><channel><title>&x;</title></channel></rss>",
    "parameter entity": '<!DOCTYPE r [<!entity % x SYSTEM "http://127.0.0.1/x.dtd"> %x;]><rss><channel/></rss>',
    "entity behind a long comment": f"<!--{'x' * 1_000_000}--><!DOCTYPE r [<!ENTITY x 'y'>]><rss/>",
    "bound xml prefix": '<rss xmlns:xml="urn:x" xmlns:xmlns="urn:y" xmlns="http://www.w3.org/2000/xmlns/"/>',
    "nested in one another": f"<rss>{'<channel>' * 5000}{GOOD}",
    "json, not a feed": '{"error": "not found"}',
    "json, cut": '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": ',
    "json, deep": '{"a":' + "[" * 1_000_000,
    "json, wrong kinds": '{"version": 1, "items": "x"}',
    "json, no list": '{"version": "https://jsonfeed.org/version/1.1", "items": {"id": 1}}',
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
def test_anything_but_a_feed_is_refused_with_a_sentence(body):
    began = time.thread_time()
    with pytest.raises(NotAFeed) as refused:
        read(body)
    assert time.thread_time() - began < 10
    assert str(refused.value).endswith(".")


def test_no_charset_hides_entities():
    for charset in ("utf-8-sig", "utf-16", "utf-16-be", "cp949"):
        with pytest.raises(NotAFeed, match="엔티티"):
            read(f"<?xml version='1.0'?>{BROKEN['billion laughs']}<!--가-->".encode(charset), "")


def test_nothing_is_fetched(monkeypatch):
    def fetched(*_args, **_named):
        raise AssertionError

    monkeypatch.setattr("socket.socket.connect", fetched)
    monkeypatch.setattr("socket.getaddrinfo", fetched)
    monkeypatch.setattr("builtins.open", fetched)
    assert read(MENDED["a doctype"]).entries
    entry = only(
        '<title>가</title><link>file:///etc/passwd</link><description src="http://127.0.0.1/x">나</description>'
        '<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'
    )
    assert (entry.address, entry.html) == ("", "나")


SIGNS = (b"<", b">", b"&", b'"', b"]]>", b"</item>", b"\0")


@pytest.mark.parametrize("name", sorted(path.name for path in FEEDS.iterdir()))
def test_a_damaged_feed_is_read_or_refused(name):
    rng = random.Random(name)
    whole = (FEEDS / name).read_bytes()
    for _round in range(50):
        body = damaged(whole, rng, SIGNS)
        try:
            feed = read(body, "")
        except NotAFeed:
            continue
        for entry in feed.entries:
            assert 0 < len(entry.guid) <= 500
            assert 0 < len(entry.title) <= 255
            assert len(entry.author) <= 60
            assert len(entry.summary) <= 300
            assert entry.address == canonical(entry.address)
            assert "\0" not in "".join((entry.guid, entry.title, entry.html, entry.summary))


def test_an_owner_sees_the_error():
    for name, word in (("nothing", "비어"), ("a page", "웹 페이지"), ("billion laughs", "엔티티")):
        with pytest.raises(NotAFeed, match=word):
            read(BROKEN[name])


MENDED = {
    "junk before": f"\ufeff\n\n<!-- x -->junk<rss><channel>{GOOD}</channel></rss>",
    "junk behind": f"<rss><channel>{GOOD}</channel></rss><script>x</script></rss>",
    "warnings of PHP before": f"<br />\n<b>Warning</b>: x in <b>/a.php</b><br /><rss><channel>{GOOD}</channel></rss>",
    "a doctype": f'<!DOCTYPE rss SYSTEM "http://127.0.0.1/rss.dtd"><rss><channel>{GOOD}</channel></rss>',
    "a doctype with elements": f"<!DOCTYPE rss [<!ELEMENT rss ANY>]><rss><channel>{GOOD}</channel></rss>",
    "never ends": f"<rss><channel>{GOOD}<item><title>둘",
    "ends in a tag": f"<rss><channel>{GOOD}<item><title>둘</titl",
    "ends in cdata": f"<rss><channel>{GOOD}<item><title><![CDATA[둘",
    "no channel": f"<rss>{GOOD}</rss>",
    "a bare channel": f"<channel>{GOOD}</channel>",
    "entry left open": f"<rss><channel>{GOOD.replace('</item>', '')}</channel></rss>",
    "title left open": f"<rss><channel>{GOOD.replace('</title>', '')}</channel></rss>",
    "unknown left open": f"<rss><channel>{GOOD.replace('</item>', '<x:y></item>')}</channel></rss>",
    "closed twice": f"<rss><channel>{GOOD}</item></channel></channel></rss></rss>",
    "prefix unknown": f"<rss><channel>{GOOD.replace('<guid', '<a:b c:d=e />x<guid')}</channel></rss>",
    "namespaces with spaces": f'<rss xmlns:a=" urn:a " xmlns:b="b c" xmlns=" "><channel>{GOOD}</channel></rss>',
    "attributes bare and twice": f'<rss version=2.0 a a=1 a="2" \'><channel>{GOOD}</channel></rss>',
    "attributes without end": f'<rss {"a " * 100_000}><channel x="1>{GOOD}</channel></rss>',
    "cdata that ends twice": f"<rss><channel>{GOOD.replace('하나', '<![CDATA[하나]]>')}]]></channel></rss>",
    "in capitals": f"<RSS><CHANNEL>{GOOD.replace('item', 'ITEM').replace('title', 'TITLE')}</CHANNEL></RSS>",
    "a deep body": f"<rss><channel>{GOOD}<item><guid>2</guid><description>{'<div>' * 20_000}x",
    "json, odd items": json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": ["x"],
            "authors": [None, 1, {"name": {}}],
            "items": [
                None,
                1,
                "x",
                [],
                {},
                {"id": {}, "title": [], "url": {}, "authors": "x", "date_published": 7},
                {
                    "id": 1,
                    "title": "하나",
                    "url": "http://[",
                    "content_html": None,
                    "image": "\ud800",
                },
            ],
        }
    ),
}


@pytest.mark.parametrize("body", MENDED.values(), ids=MENDED)
def test_repairable_feeds_are_read(body):
    began = time.thread_time()
    entries = read(body).entries
    assert time.thread_time() - began < 10
    assert entries[0].title == "하나"
    assert entries[0].guid == "1"


@pytest.mark.parametrize(
    "feed", ['<rss version="2.0"><channel><title>신문</title></channel></rss>', '<feed xmlns="x"/>']
)
def test_a_feed_without_entries_is_a_feed(feed):
    assert read(feed).entries == []


# -- large -----------------------------------------------------------------------------------------
def test_the_first_200_of_thousands_of_entries_are_read():
    items = [
        f"<title>기사 {n}</title><guid>{n}</guid><description>{'글 ' * 50}</description>"
        for n in range(9000)
    ]
    began = time.thread_time()
    entries = read(rss(*items)).entries
    assert time.thread_time() - began < 10
    assert [entry.title for entry in entries] == [f"기사 {n}" for n in range(200)]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [{"id": n, "title": "가"} for n in range(9000)],
    }
    assert len(read(json.dumps(feed)).entries) == 200


BIG = 100_000  # characters: quadratic time would take most of a minute
SLOW = {
    "open tags": "<a",
    "open tags of titles": "<title>",
    "open bodies": "<description>",
    "open entries": "<item>",
    "empty entries": "<item/>",
    "quotes": '<a "',
    "quotes in pairs": "<a b='c\" ",
    "names": "a",
    "attributes": "<a " + "b" * 1000 + " ",
    "spaces": "<a" + " " * 5000 + "=",
    "ampersands": "&",
    "references": "&amp;",
    "numbers": "&#38",
    "less than": "<",
    "cdata": "<![CDATA[",
    "comments": "<!--",
    "comments that end": "<!---->",
    "declarations": "<!x",
    "instructions": "<?x",
    "ends": "</item>",
    "categories": "<category>x</category>",
    "links": "<link>x</link>",
    "links in bodies": "<a href=x>",
    "authors": "<author>" + "a" * 250 + "</author>",
    "line ends": "\n",
    "blank lines": "\n \n",
}


@pytest.mark.parametrize("where", ["channel", "entry", "body", "cdata", "json"])
@pytest.mark.parametrize("piece", SLOW.values(), ids=SLOW)
def test_no_repeated_sign_makes_reading_slow(piece, where):
    many = piece * (BIG // len(piece))
    if where == "json":
        item = {"id": "1", "content_html": many, "title": many, "summary": many, "url": many}
        body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [item]})
    else:
        before, behind = {
            "channel": ("", ""),
            "entry": ("<item><title>가</title>", "</item>"),
            "body": ("<item><title>가</title><description>", "</description></item>"),
            "cdata": ("<item><description><![CDATA[", "]]></description></item>"),
        }[where]
        body = f"<rss><channel>{GOOD}{before}{many}{behind}</channel></rss>"
    began = time.thread_time()
    try:
        entries = read(body).entries
    except NotAFeed:
        entries = []
    assert time.thread_time() - began < 10
    assert len(entries) <= 200


@pytest.mark.parametrize("piece", SLOW.values(), ids=SLOW)
def test_no_repeated_sign_in_every_body_makes_reading_slow(piece):
    many = piece * max(1, 1_500 // len(piece))
    item = f"<title>가</title><description><![CDATA[{many}]]></description>"
    body = rss(*(f"{item}<guid>{n}</guid>" for n in range(200)))
    began = time.thread_time()
    assert read(body).entries
    assert time.thread_time() - began < 10
