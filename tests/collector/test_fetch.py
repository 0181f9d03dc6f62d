"""Fetching: results, refused addresses, and limits (attack cases 65 and 66)."""

import gzip
import logging
import socket
import threading
import time
import tracemalloc
import zlib
from email.utils import formatdate
from functools import partial
from itertools import cycle

import pytest

from collector.fetching import fetch as fetching
from collector.fetching import guard
from collector.fetching.fetch import FetchFailed, fetch
from tests.collector.sources_server import let_in, serving, write_certificate

REFUSED = "가져올 수 없는 주소입니다. 인터넷에 공개된 http, https 주소만 쓸 수 있습니다."
TOO_LARGE = "받을 내용이 3 MB보다 큽니다."
CUT = "서버에 연결하지 못했거나 받는 도중에 끊겼습니다."
UNZIPPABLE = "받은 내용의 압축을 풀 수 없습니다."
UNTRUSTED = "서버의 보안 인증서(HTTPS)를 믿을 수 없습니다."
NOT_FOUND = "서버를 찾지 못했습니다. 주소의 도메인 이름을 확인해 주세요."
FEED = "<rss><channel><title>너울골신문</title></channel></rss>".encode()
pack = partial(gzip.compress, mtime=0)
PUBLIC = "93.184.215.14"
MB = 1024 * 1024
LOOPBACK = ["127.0.0.1", "::1"] if socket.has_dualstack_ipv6() else ["127.0.0.1"]


@pytest.fixture
def sources(monkeypatch):
    """A server that the guard allows."""
    with serving() as server:
        let_in(monkeypatch, server)
        yield server


@pytest.fixture
def inside(monkeypatch):
    """A server that the real guard forbids, although its port is allowed."""
    with serving() as server:
        server.put("/feed", b"secret")
        monkeypatch.setattr(guard, "PORTS", {server.server_port, 80, 443})
        yield server
        assert server.connections == 0


@pytest.fixture
def knocks(monkeypatch):
    """The addresses of attempted connections, none of which is made."""
    tried = []

    def refuse(address, *args, **kwargs):
        tried.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr("urllib3.util.connection.create_connection", refuse)
    return tried


@pytest.fixture
def names(monkeypatch):
    """Replaces DNS: `names["paper.example"] = [[first answer], [second answer]…]`."""
    answers, ask = {}, socket.getaddrinfo

    def getaddrinfo(host, port, *args, **kwargs):
        if host not in answers:
            return ask(host, port, socket.AF_UNSPEC, socket.SOCK_STREAM, 0, socket.AI_NUMERICHOST)
        return [
            (socket.AF_INET6 if ":" in address else socket.AF_INET, 1, 6, "", (address, port or 0))
            for address in next(answers[host])
        ]

    class Names(dict):
        def __setitem__(self, name, turns):
            super().__setitem__(name, turns)
            answers[name] = cycle(turns)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return Names()


def failure(address: str) -> str:
    with pytest.raises(FetchFailed) as failed:
        fetch(address)
    return str(failed.value)


def own_address() -> str:
    """The address of this machine on its network, or its loopback address."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((PUBLIC, 9))
        except OSError:
            return "127.0.0.1"
        return probe.getsockname()[0]


def left_threads() -> list[threading.Thread]:
    """Fetches that are still running after a minute."""
    patience = time.monotonic() + 60
    while time.monotonic() < patience:
        threads = [thread for thread in threading.enumerate() if thread.name == "fetch"]
        if not threads:
            return []
        time.sleep(0.02)
    return threads


def head(*lines: str) -> bytes:
    return "\r\n".join(["HTTP/1.1 200 OK", *lines, "", ""]).encode()


def play_raw(sources, *pieces: bytes, again: bytes = b"", pause: float = 0.0) -> None:
    """Sends `pieces`, then `again` until the client closes the connection."""

    def answer(to):
        for piece in pieces:
            to.wfile.write(piece)
        while again:
            to.wfile.write(again)
            time.sleep(pause)

    sources.play("/feed", answer)


# -- What comes back -------------------------------------------------------------------------------
def test_brings_a_feed(sources):
    date = formatdate(usegmt=True)
    sources.put(
        "/feed", FEED, content_type="text/xml; charset=utf-8", etag='"1"', last_modified=date
    )
    fetched = fetch(sources.address("/feed#top"))
    assert fetched == (
        200,
        sources.address("/feed"),
        FEED,
        "text/xml; charset=utf-8",
        '"1"',
        date,
        None,
    )


def test_sends_a_user_agent(sources, settings):
    settings.SITE_URL = "https://게시판.example"
    fetch(sources.address())
    (asked,) = sources.asked
    assert asked.headers == {
        "Host": "127.0.0.1",
        "User-Agent": "Boardsite collector (+https://xn--o79a463btol.example/)",
        "Accept": fetching.ACCEPT,
        "Accept-Encoding": "gzip",
    }


def test_sends_conditional_requests(sources):
    date = formatdate(usegmt=True)
    sources.put("/feed", FEED, etag='W/"1"', last_modified=date)
    for known in ({"etag": 'W/"1"'}, {"last_modified": date}):
        fetched = fetch(sources.address(), **known)
        assert (fetched.status, fetched.body, fetched.etag) == (304, b"", 'W/"1"')
    assert fetch(sources.address(), etag='"0"').status == 200


@pytest.mark.parametrize("etag", ['"1"\r\nX-Evil: 가', '"가"', '"' + "x" * 400 + '"'])
def test_ignores_invalid_etags(sources, etag):
    play_raw(sources, head(f"ETag: {etag.splitlines()[-1]}"))
    fetched = fetch(sources.address(), etag=etag, last_modified="어제")
    assert fetched.etag == ""
    assert not {"If-None-Match", "If-Modified-Since", "X-Evil"} & sources.asked[0].headers.keys()


@pytest.mark.parametrize("status", [404, 410, 429, 500, 503, 599])
def test_leaves_some_statuses_to_the_caller(sources, status):
    sources.put("/feed", b"x" * 4 * MB, status=status, retry_after="120")
    fetched = fetch(sources.address())
    assert (fetched.status, fetched.body, fetched.retry_after) == (status, b"", 120)


@pytest.mark.parametrize("status", [204, 206, 300, 302, 400, 401, 403, 451, 600])
def test_gives_up_at_others(sources, status):
    sources.put("/feed", b"no", status=status)
    assert failure(sources.address()) == f"서버가 내주지 않습니다(HTTP {status})."


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [
        ("0", 0),
        (" 30 ", 30),
        ("99999999999999999999", 86400),
        ("9" * 5000, None),
        ("-5", None),
        ("1.5", None),
        ("", None),
        ("٣", None),
        ("soon", None),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0),
        ("Fri, 31 Dec 2100 23:59:59 GMT", 86400),
        ("Mon, 01 Jan 0001 00:00:00 +2359", 0),
        ("Fri, 31 Dec 9999 23:59:59 -0000", 86400),
        ("Mon, 99 Jan 2026 99:99:99 GMT", None),
    ],
)
def test_reads_how_long_to_wait(retry_after, seconds):
    assert fetching.retry_seconds(retry_after) == seconds


def test_reads_until_when_to_wait():
    assert fetching.retry_seconds(formatdate(time.time() + 600, usegmt=True)) in (599, 600)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_follows_redirects(sources, status):
    sources.put("/old", b"moved", status=status, location="/%EC%83%88")
    sources.put("/%EC%83%88", status=status, location=sources.address("/feed"))
    sources.put("/feed", FEED)
    fetched = fetch(sources.address("/old"), etag='"1"')
    assert (fetched.address, fetched.body) == (sources.address("/feed"), FEED)
    assert all(asked.headers["If-None-Match"] == '"1"' for asked in sources.asked)


def test_follows_a_redirect_written_in_hangul(sources):
    def answer(to):
        to.wfile.write("HTTP/1.1 302 Found\r\nLocation: /새 글?쪽=1\r\n\r\n".encode())

    sources.play("/old", answer)
    fetch(sources.address("/old"))
    assert sources.asked[1].path == "/%EC%83%88%20%EA%B8%80?%EC%AA%BD=1"


@pytest.mark.parametrize(("hops", "is_followed"), [(5, True), (6, False)])
def test_follows_five_redirects(sources, hops, is_followed):
    for number in range(hops):
        sources.put(f"/{number}", status=302, location=f"/{number + 1}")
    sources.put(f"/{hops}", FEED)
    if is_followed:
        assert fetch(sources.address("/0")).body == FEED
    else:
        assert failure(sources.address("/0")) == "주소가 5번 넘게 다른 곳으로 넘어갑니다."
        assert len(sources.asked) == 6


def test_keeps_no_cookies(sources):
    sources.put("/old", status=302, location="/feed", set_cookie="a=1; Path=/")
    sources.put("/feed", FEED, set_cookie="b=1; Path=/")
    fetch(sources.address("/old"))
    fetch(sources.address())
    assert len(sources.asked) == 3
    assert not any("Cookie" in asked.headers for asked in sources.asked)


def test_ignores_proxies_and_netrc(sources, monkeypatch, tmp_path):
    """A proxy would be asked for internal addresses on our behalf; .netrc contains passwords."""
    with serving() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "https_proxy"):
            monkeypatch.setenv(name, proxy.address("/"))
        (tmp_path / "netrc").write_text("machine 127.0.0.1 login minji password secret")
        monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
        fetch(sources.address())
        assert proxy.connections == 0
    assert "Authorization" not in sources.asked[0].headers


# -- Secure connections ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("certified", "is_known", "words"),
    [
        ("paper.example", True, ""),
        ("paper.example", False, UNTRUSTED),
        ("other.example", True, UNTRUSTED),
        ("127.0.0.1", True, UNTRUSTED),  # the host of the connection counts, not the requested one
    ],
)
def test_checks_certificates(monkeypatch, names, tmp_path, certified, is_known, words):
    names["paper.example"] = [["127.0.0.1"]]
    certificate = write_certificate(tmp_path / "certificate.pem", certified)
    if is_known:
        monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(certificate))
    with serving(certificate) as server:
        let_in(monkeypatch, server)
        server.put("/feed", FEED)
        address = server.address(host="paper.example", scheme="https")
        if words:
            assert failure(address) == words
            assert server.asked == []
        else:
            assert fetch(address).body == FEED
            assert server.asked[0].headers["Host"] == "paper.example"


# -- What is refused -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:{port}/feed",
        "http://127.0.0.2:{port}/feed",
        "http://127.1:{port}/feed",
        "http://2130706433:{port}/feed",
        "http://0x7f000001:{port}/feed",
        "http://0x7f.0.0.1:{port}/feed",
        "http://0177.0.0.1:{port}/feed",
        "http://017700000001:{port}/feed",
        "http://127.0.0.1.:{port}/feed",
        "http://１２７.０.０.１:{port}/feed",
        "http://①②⑦.⓪.⓪.①:{port}/feed",
        "http://127。0。0。1:{port}/feed",
        "http://%31%32%37.0.0.1:{port}/feed",
        "http://0:{port}/feed",
        "http://0.0.0.0:{port}/feed",
        "http://localhost:{port}/feed",
        "http://LOCALHOST.:{port}/feed",
        "http://[::1]:{port}/feed",
        "http://[::]:{port}/feed",
        "http://[::ffff:127.0.0.1]:{port}/feed",
        "http://[::ffff:7f00:1]:{port}/feed",
        "http://[0:0:0:0:0:ffff:7f00:1]:{port}/feed",
        "http://[::127.0.0.1]:{port}/feed",
        "http://[::ffff:0:127.0.0.1]:{port}/feed",
        "http://[64:ff9b::127.0.0.1]:{port}/feed",
        "http://[64:ff9b:1::7f00:1]:{port}/feed",
        "http://[2002:7f00:1::]:{port}/feed",
        "http://[fe80::1%25lo]:{port}/feed",
        "http://[::1%25lo]:{port}/feed",
        "https://127.0.0.1:{port}/feed",
        "HTTP://127.0.0.1:{port}/feed",
        " http://127.0.0.1:{port}/feed",
        "http:127.0.0.1:{port}/feed",
        "http:///127.0.0.1:{port}/feed",
        "//127.0.0.1:{port}/feed",
        "127.0.0.1:{port}/feed",
        "http://paper.example@127.0.0.1:{port}/feed",
        "http://paper.example:80@127.0.0.1:{port}/feed",
        "http://127.0.0.1:{port}\\@paper.example/feed",
        "http://paper.example\\@127.0.0.1:{port}/feed",
        "http://paper.example#@127.0.0.1:{port}/feed\n",
        "http://127.0.0.1:{port}\t/feed",
        "http://127.0.0.1:{port}/feed\x00",
        "minji:secret@127.0.0.1:{port}/feed",
        "http://10.0.0.1/feed",
        "http://172.16.0.1/feed",
        "http://192.168.0.1/feed",
        "http://100.64.0.1/feed",
        "http://169.254.169.254/latest/meta-data/",
        "http://2852039166/latest/meta-data/",
        "http://0xa9fea9fe/latest/meta-data/",
        "http://[::ffff:a9fe:a9fe]/latest/meta-data/",
        "http://[64:ff9b::a9fe:a9fe]/latest/meta-data/",
        "http://[fd00:ec2::254]/latest/meta-data/",
        "http://168.63.129.16/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
        "http://[ff02::1]/",
        "http://database/",
        "http://database./",
        "file:///etc/passwd",
        "file://127.0.0.1/etc/passwd",
        "gopher://127.0.0.1:{port}/_GET",
        "ftp://127.0.0.1/",
        "dict://127.0.0.1:{port}/",
        "ldap://127.0.0.1/",
        "unix:///run/postgresql",
        "http+unix://%2Frun%2Fdocker.sock/",
        "httpx://127.0.0.1:{port}/",
        "data:text/xml,<rss/>",
        "javascript:alert(1)",
        "http://",
        "http://[",
        "http://[::1",
        "http://:80/",
        "http://.paper.example/",
        "http://paper..example/",
        "http://paper.example:99999/",
        "http://paper.example:http/",
        "http://" + "a" * 70 + ".example/",
        "http://paper.example/" + "a" * 2000,
        "",
        "가나다",
    ],
)
@pytest.mark.parametrize("is_known_as_ours", [True, False])
def test_refuses_internal_addresses(inside, knocks, monkeypatch, caplog, address, is_known_as_ours):
    """All have the same message. Our guard is enough without AntiSSRF."""
    if not is_known_as_ours:
        monkeypatch.setattr(guard, "is_ours", lambda host: False)
    assert failure(address.format(port=inside.server_port)) == REFUSED
    assert knocks == []
    assert [record.levelname for record in caplog.records if "collector" in record.name] == [
        "WARNING"
    ]


@pytest.mark.parametrize(
    "answer",
    [
        ["127.0.0.1"],
        ["::1"],
        ["10.1.2.3"],
        ["::ffff:10.1.2.3"],
        ["::10.1.2.3"],
        ["64:ff9b::a01:203"],
        ["fd00::1"],
        ["4000::1"],
        ["169.254.169.254"],
        [PUBLIC, "127.0.0.1"],
        ["127.0.0.1", PUBLIC],
        ["2606:4700::1111", "::1"],
    ],
)
def test_refuses_a_name_that_leads_inside(inside, knocks, names, answer):
    names["paper.example"] = [answer]
    assert failure(inside.address(host="paper.example")) == REFUSED
    assert knocks == []


@pytest.mark.parametrize("address", [PUBLIC, "2606:4700::1111", "::ffff:93.184.215.14"])
def test_goes_to_public_addresses(knocks, names, address):
    names["paper.example"] = [[address]]
    assert failure("https://paper.example/feed") == CUT
    (knock,) = knocks
    assert knock in (address, "::ffff:5db8:d70e")


def test_resolves_a_name_once(inside, knocks, names):
    """The connection goes to the address that was checked, even if DNS changes a moment later."""
    names["paper.example"] = [[PUBLIC], ["127.0.0.1"]]
    assert failure(inside.address(host="paper.example")) == CUT
    assert knocks == [PUBLIC]
    assert failure(inside.address(host="paper.example")) == REFUSED
    assert knocks == [PUBLIC]


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.2:{port}/feed",
        "http://[::1]:{port}/feed",
        "http://0x7f.1:{port}/feed",
        "http://[::ffff:7f00:2]:{port}/feed",
        "//127.0.0.2:{port}/feed",
        "http://127.0.0.1:22/",
        "http://minji:secret@127.0.0.1:{port}/feed",
        "http://169.254.169.254/latest/meta-data/",
        "http://paper.example:{port}/feed",
        "file:///etc/passwd",
        "gopher://127.0.0.1:{port}/",
        "javascript:alert(1)",
        "http://[",
        "/\\127.0.0.2:{port}/feed",
    ],
)
def test_refuses_to_be_led_inside(sources, names, location):
    names["paper.example"] = [["10.0.0.1"]]
    sources.put("/old", status=302, location=location.format(port=sources.server_port))
    sources.put("/feed", b"secret")
    assert failure(sources.address("/old")) == REFUSED
    assert [asked.path for asked in sources.asked] == ["/old"]
    assert sources.connections == 1


@pytest.mark.parametrize("host", ["board.example", "BOARD.example.", "other.example"])
def test_refuses_its_own_site(knocks, names, settings, host):
    """Its names are refused whatever address its proxy has."""
    settings.SITE_URL = "https://board.example"
    settings.ALLOWED_HOSTS = ["*", ".board.example", "other.example"]
    names["board.example"] = names["other.example"] = names["paper.board.example"] = [[PUBLIC]]
    assert failure(f"https://{host}/feed") == REFUSED
    assert knocks == []
    assert failure("https://paper.board.example/feed") == CUT


def test_knows_its_own_name_in_hangul(knocks, names, settings):
    settings.SITE_URL = "https://게시판.example"
    names["xn--o79a463btol.example"] = [[PUBLIC]]
    assert failure("https://게시판.example/feed") == REFUSED
    assert knocks == []


def test_refuses_its_own_machine(inside, names, monkeypatch):
    """Our own public address passes the check of address ranges, but must not be reached."""
    strict = guard.policy

    def policy():
        policy = strict()
        policy.add_allowed_addresses(["127.0.0.1", "::1"])
        return policy

    monkeypatch.setattr(guard, "policy", policy)
    names["paper.example"] = [[address] for address in LOOPBACK]
    for _turn in names["paper.example"]:
        assert failure(inside.address(host="paper.example")) == REFUSED
    assert failure(inside.address(host=own_address())) == REFUSED


def test_knows_its_own_addresses(settings):
    settings.ALLOWED_HOSTS = []
    assert all(map(guard.is_ours, [*LOOPBACK, own_address()]))
    assert not any(map(guard.is_ours, [PUBLIC, "2606:4700::1111", "paper.example"]))


@pytest.mark.parametrize("port", [21, 22, 25, 3306, 5432, 6379, 8000, 8080, 8443])
def test_refuses_ports_where_no_feed_stands(knocks, names, port):
    names["paper.example"] = [[PUBLIC]]
    assert failure(f"http://paper.example:{port}/feed") == REFUSED
    assert knocks == []


def test_logs_no_secrets(sources, caplog):
    address = sources.address("/feed?key=secret").replace("//", "//minji:secret@")
    with caplog.at_level(logging.DEBUG, "collector"):
        assert failure(address) == REFUSED
    assert sources.connections == 0
    assert f"'{sources.address()}'" in caplog.text
    assert "secret" not in caplog.text


def test_logs_on_one_line(caplog):
    failure("http://127.0.0.1/\nWARNING all is lost")
    assert "\nWARNING all" not in caplog.text


def test_finds_no_server(monkeypatch):
    def getaddrinfo(*args, **kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    assert failure("https://paper.example/feed") == NOT_FOUND


# -- What is given up ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("beginning", "again"),
    [
        (b"", b"H"),
        (b"HTTP/1.1 200 OK\r\n", b"X"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (head(), b"<"),
        (head("Content-Length: 1000000"), b"<"),
        (head("Transfer-Encoding: chunked"), b"1\r\n<\r\n"),
        (head("Transfer-Encoding: chunked") + b"0\r\n", b"X: 1\r\n"),
        (head("Content-Encoding: gzip") + pack(FEED), pack(b"")),
    ],
)
def test_gives_up_slow_responses(sources, monkeypatch, beginning, again):
    monkeypatch.setattr(fetching, "SECONDS", 0.5)
    play_raw(sources, beginning, again=again, pause=0.05)
    began = time.monotonic()
    assert failure(sources.address()) == "0.5초 안에 다 받지 못했습니다."
    assert time.monotonic() - began < 60
    assert left_threads() == []


def test_gives_up_a_silent_server(sources, monkeypatch):
    monkeypatch.setattr(fetching, "SECONDS", 0.5)
    over = threading.Event()
    sources.play("/feed", lambda to: over.wait(120))
    began = time.monotonic()
    assert failure(sources.address()) == "0.5초 안에 다 받지 못했습니다."
    assert time.monotonic() - began < 60
    assert left_threads() == []
    over.set()


def test_gives_up_a_silent_handshake(sources, monkeypatch):
    monkeypatch.setattr(fetching, "SECONDS", 0.5)
    began = time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        monkeypatch.setattr(guard, "PORTS", {port})
        assert failure(f"https://127.0.0.1:{port}/") == "0.5초 안에 다 받지 못했습니다."
        assert time.monotonic() - began < 60
        assert left_threads() == []


def test_gives_up_slow_redirects(sources, monkeypatch):
    """The limit is for all redirects together."""
    monkeypatch.setattr(fetching, "SECONDS", 0.5)

    def answer(to):
        time.sleep(0.2)
        to.wfile.write(b"HTTP/1.1 302 Found\r\nLocation: /feed\r\n\r\n")

    sources.play("/feed", answer)
    assert failure(sources.address()) == "0.5초 안에 다 받지 못했습니다."


def test_gives_up_a_slow_name_server(knocks, monkeypatch):
    """Its late answer is ignored."""
    monkeypatch.setattr(fetching, "SECONDS", 0.5)
    over = threading.Event()

    def getaddrinfo(host, port, *args, **kwargs):
        over.wait(120)
        return [(socket.AF_INET, 1, 6, "", (PUBLIC, 0))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    began = time.monotonic()
    assert failure("https://paper.example/feed") == "0.5초 안에 다 받지 못했습니다."
    assert time.monotonic() - began < 60
    over.set()
    assert left_threads() == []
    assert knocks == []


@pytest.mark.parametrize(
    ("beginning", "again"),
    [
        (head(), b"x" * 65536),
        (head("Content-Length: 99999999999"), b""),
        (head("Transfer-Encoding: chunked"), b"10000\r\n" + b"x" * 65536 + b"\r\n"),
        (head("Transfer-Encoding: chunked") + b"FFFFFFFFFFFF\r\n", b"x" * 65536),
        (head("Transfer-Encoding: chunked") + b"-1\r\n", b"x" * 65536),  # read to the end
        (b"HTTP/1.1 200 OK\r\n", b"X: 1\r\n" * 90 + b"\t" * 65536),
        (b"HTTP/1.1 200 OK\r\n", b"x" * 65536),
        (b"", b"x" * 65536),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (head("Content-Encoding: gzip"), pack(b"x" * 65536)),
        (head("Content-Encoding: gzip"), pack(b"") * 1000),
    ],
)
def test_gives_up_endless_responses(sources, monkeypatch, beginning, again):
    monkeypatch.setattr(
        fetching, "SECONDS", 60
    )  # it is the size that ends it, also on a busy machine
    play_raw(sources, beginning, again=again)
    assert failure(sources.address()) == TOO_LARGE
    assert left_threads() == []


def test_takes_just_enough(sources, monkeypatch):
    monkeypatch.setattr(fetching, "BODY_BYTES", MB)
    body = b"x" * MB
    sources.put("/feed", body)
    assert fetch(sources.address()).body == body
    for more, headers in [(body + b"x", {}), (pack(body + b"x"), {"content_encoding": "gzip"})]:
        sources.put("/feed", more, **headers)
        assert failure(sources.address()) == "받을 내용이 1 MB보다 큽니다."


def bomb() -> bytes:
    """A gigabyte of zeros in one gzip member, made quickly by repeating full flushes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    first, other = (
        packer.compress(bytes(MB)) + packer.flush(zlib.Z_FULL_FLUSH) for _turn in range(2)
    )
    return first + other * 1023


@pytest.mark.parametrize("status", [200, 302, 404, 500, 403])
def test_inflates_no_bomb(sources, status):
    location = {"location": "/404"} if status == 302 else {}
    sources.put("/feed", bomb(), status=status, content_encoding="gzip", **location)
    tracemalloc.start()
    try:
        if status == 200:
            assert failure(sources.address()) == TOO_LARGE
        elif status == 403:
            failure(sources.address())
        else:
            assert fetch(sources.address()).body == b""
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 10 * MB


@pytest.mark.parametrize(
    ("body", "read"),
    [
        (pack(FEED), FEED),
        (pack(FEED[:9]) + pack(FEED[9:]), FEED),
        (pack(FEED) + b"\n", FEED),
        (pack(FEED) + bytes(100), FEED),
        (pack(bytes(2 * MB)), bytes(2 * MB)),
        (b"", b""),
        (pack(pack(FEED)), pack(FEED)),  # one layer only
    ],
)
@pytest.mark.parametrize("coding", ["gzip", "X-GZip "])
def test_inflates_gzip(sources, body, read, coding):
    sources.put("/feed", body, content_encoding=coding)
    assert fetch(sources.address()).body == read


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", pack(FEED)[:-9]),
        ("gzip", pack(FEED)[:5]),
        ("gzip", pack(FEED)[:-8] + bytes(8)),  # a wrong checksum
        ("gzip", FEED),
        ("gzip, gzip", pack(pack(FEED))),
        ("deflate", zlib.compress(FEED)),
        ("br", b"\x0b\x02\x80"),
        ("zstd", b"\x28\xb5\x2f\xfd"),
    ],
)
def test_inflates_nothing_else(sources, coding, body):
    sources.put("/feed", body, content_encoding=coding)
    assert failure(sources.address()) == UNZIPPABLE


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\x16\x03\x01\x00\x00",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: x\r\n" * 101 + b"\r\n",
        head("Content-Length: 100") + b"<rss>",
        head("Transfer-Encoding: chunked") + b"5\r\n<rss>",
        head("Transfer-Encoding: chunked") + b"zz\r\n<rss>\r\n",
        head("Transfer-Encoding: chunked") + b"1" * 70_000,
        head("Transfer-Encoding: chunked") + b"-5\r\n<rss>",
    ],
)
def test_gives_up_broken_responses(sources, answer):
    play_raw(sources, answer)
    assert failure(sources.address()) == CUT
    assert left_threads() == []


def test_gives_up_long_headers(sources):
    play_raw(sources, head(*[f"X-{number}: {'x' * 1000}" for number in range(90)]))
    assert failure(sources.address()) == TOO_LARGE


def test_gives_up_without_a_server(sources):
    sources.shutdown()
    sources.server_close()
    assert failure(sources.address()) == CUT


def test_fetches_many_at_once(sources):
    """Each fetch has its own connection, cookies and time limit."""
    sources.put("/feed", FEED)
    results = []
    threads = [
        threading.Thread(target=lambda: results.append(fetch(sources.address()).body))
        for _number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [FEED] * 8
