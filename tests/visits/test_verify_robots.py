"""Whether a robot is who it says: asked of name servers, here of pretended ones."""

import logging
import socket
import threading
import time

import pytest
from django.core.checks import run_checks

from visits import robots
from visits.models import RobotCount
from visits.robots import by_reverse_name, learn_standings, standing_of

CLAIMED, VERIFIED, FALSE = RobotCount.Standing.values
GOOGLE, BING, LIAR = "66.249.66.1", "157.55.39.1", "198.18.0.1"  # never asked for real
GOOGLE6 = "2001:4860:4801:10::1"
PUBLIC = "9.9.9.{}"


@pytest.fixture
def name_server(monkeypatch):
    """Fill in `names` (address → name) and `addresses` (name → addresses); it counts questions."""

    class NameServer:
        names = {
            GOOGLE: "crawl-66-249-66-1.googlebot.com",
            BING: "msnbot-157-55-39-1.search.msn.com",
        }
        addresses = {
            "crawl-66-249-66-1.googlebot.com": [GOOGLE],
            "msnbot-157-55-39-1.search.msn.com": [BING],
        }
        error = None
        asked: list[str] = []

        def reverse(self, place, flags):
            assert flags == socket.NI_NAMEREQD
            self.asked.append(place[0])
            if self.error:
                raise socket.gaierror(self.error, "")
            if place[0] not in self.names:
                raise socket.gaierror(socket.EAI_NONAME, "")
            return self.names[place[0]], "0"

        def forward(self, host, port):
            self.asked.append(host)
            if host not in self.addresses:
                raise socket.gaierror(socket.EAI_NONAME, "")
            return [(0, 0, 0, "", (address, 0)) for address in self.addresses[host]]

    server = NameServer()
    server.names, server.addresses = dict(server.names), dict(server.addresses)
    server.asked = []
    monkeypatch.setattr(socket, "getnameinfo", server.reverse)
    monkeypatch.setattr(socket, "getaddrinfo", server.forward)
    return server


@pytest.fixture
def checked_by(settings, monkeypatch):
    """Have `check` decide, as a site's own function does."""

    def set_check(check):
        monkeypatch.setattr("visits.robots.a_check", check, raising=False)
        settings.VISITS_ROBOT_CHECK = "visits.robots.a_check"

    return set_check


@pytest.fixture
def asks_name_server(settings, monkeypatch, name_server):
    settings.VISITS_ROBOT_CHECK = "visits.robots.by_reverse_name"
    return name_server


def learn(*places):
    learn_standings(places)
    return [standing_of(*place) for place in places]


# -- by the name server ----------------------------------------------------------------------------
def test_the_owners_robot_is_verified(name_server):
    assert by_reverse_name("Googlebot", GOOGLE) is True
    assert by_reverse_name("bingbot", BING) is True


def test_over_ipv6_too(name_server):
    name_server.names[GOOGLE6] = "crawl-1.googlebot.com."
    name_server.addresses["crawl-1.googlebot.com"] = [GOOGLE, "2001:4860:4801:10:0::1"]
    assert by_reverse_name("Googlebot", GOOGLE6) is True


@pytest.mark.parametrize(
    "name",
    [
        "host.example.com",
        "crawl-66-249-66-1.googlebot.com.example.com",
        "evilgooglebot.com",
        "googlebot.com",
        "1.0.18.198.bc.googleusercontent.com",  # a machine that anybody can rent
        "msnbot-157-55-39-1.search.msn.com",
        "",
    ],
)
def test_another_name_is_a_lie(name_server, name):
    name_server.names[LIAR] = name
    name_server.addresses[name] = [LIAR]
    assert by_reverse_name("Googlebot", LIAR) is False


def test_an_address_without_a_name_is_a_lie(name_server):
    assert by_reverse_name("Googlebot", LIAR) is False


def test_who_holds_an_address_may_call_it_what_he_likes(name_server):
    """The spoofed name: the owner's name server does not lead back to this address."""
    name_server.names[LIAR] = "crawl-66-249-66-1.googlebot.com"
    assert by_reverse_name("Googlebot", LIAR) is False
    name_server.names[LIAR] = "crawl-made-up.googlebot.com"
    assert by_reverse_name("Googlebot", LIAR) is False


def test_the_name_of_a_stranger_is_not_looked_up(name_server):
    name_server.names[LIAR] = "slow.evil.example"
    by_reverse_name("Googlebot", LIAR)
    assert name_server.asked == [LIAR]


def test_name_servers_that_do_not_answer_prove_nothing(name_server):
    name_server.error = socket.EAI_AGAIN
    assert by_reverse_name("Googlebot", GOOGLE) is None


def test_of_a_robot_whose_owner_publishes_nothing_nobody_is_asked(name_server):
    assert by_reverse_name("SomebodysBot", GOOGLE) is None
    assert name_server.asked == []


# -- what is learnt and kept -----------------------------------------------------------------------
def test_standings(asks_name_server):
    places = ("Googlebot", GOOGLE), ("Googlebot", LIAR), ("curl", GOOGLE), ("Googlebot", "")
    assert [standing_of(*place) for place in places] == [CLAIMED] * 4
    asks_name_server.names["9.9.9.9"] = "dns.example"
    assert learn(*places[:1], ("Googlebot", "9.9.9.9"), *places[2:]) == [
        VERIFIED,
        FALSE,
        CLAIMED,
        CLAIMED,
    ]


def test_each_is_asked_about_once_a_day(asks_name_server, monkeypatch):
    now = time.monotonic()
    monkeypatch.setattr(robots.time, "monotonic", lambda: now)
    learn(("Googlebot", GOOGLE))
    questions = len(asks_name_server.asked)
    now += 23 * 3600
    learn(("Googlebot", GOOGLE), ("Googlebot", GOOGLE))
    assert len(asks_name_server.asked) == questions
    now += 3600
    learn(("Googlebot", GOOGLE))
    assert len(asks_name_server.asked) == 2 * questions


def test_without_an_answer_it_is_asked_again_soon(asks_name_server, monkeypatch):
    now = time.monotonic()
    monkeypatch.setattr(robots.time, "monotonic", lambda: now)
    asks_name_server.error = socket.EAI_AGAIN
    assert learn(("Googlebot", GOOGLE)) == [CLAIMED]
    asks_name_server.error = None
    assert learn(("Googlebot", GOOGLE)) == [CLAIMED]
    now += 600
    assert learn(("Googlebot", GOOGLE)) == [VERIFIED]


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "192.168.0.9", "::1", "fe80::1", "", "x"]
)
def test_addresses_of_this_house_are_nobodys_to_verify(asks_name_server, address):
    assert learn(("Googlebot", address)) == [CLAIMED]
    assert asks_name_server.asked == []


def test_an_ipv4_address_in_ipv6_clothes_is_one(asks_name_server):
    assert learn(("Googlebot", f"::ffff:{GOOGLE}")) == [VERIFIED]


def test_a_writing_asks_few_questions(checked_by):
    asked = []
    checked_by(lambda name, address: asked.append(address) or True)
    places = [("Googlebot", PUBLIC.format(number)) for number in range(100)]
    learn(*places)
    assert len(asked) == robots.MAX_QUESTIONS
    assert learn(*places).count(VERIFIED) == 2 * robots.MAX_QUESTIONS


def test_what_is_kept_is_bounded(checked_by, monkeypatch):
    monkeypatch.setattr(robots, "MAX_KNOWN", 10)
    checked_by(lambda name, address: True)
    places = [("Googlebot", PUBLIC.format(number)) for number in range(30)]
    learn(*places)
    learn(*places)
    assert len(robots._known) == 10


def test_a_slow_name_server_holds_up_nobody_for_long(checked_by, monkeypatch):
    monkeypatch.setattr(robots, "PATIENCE", 0.2)
    answers = threading.Event()
    checked_by(lambda name, address: answers.wait(10))
    places = [("Googlebot", PUBLIC.format(number)) for number in range(20)]
    try:
        started, threads = time.monotonic(), threading.active_count()
        assert set(learn(*places)) == {CLAIMED}
        assert time.monotonic() - started < 2
        monkeypatch.setattr(robots, "PATIENCE", 60)
        assert learn(*places[:1]) == [CLAIMED], "at once: all threads are still waiting"
        assert time.monotonic() - started < 5
        assert threading.active_count() - threads <= robots.MAX_THREADS
    finally:
        answers.set()
    for thread in robots._threads:
        thread.join(5)
    assert [standing_of(*place) for place in places].count(VERIFIED) == robots.MAX_THREADS


def test_a_check_that_breaks_is_logged_without_the_address(checked_by, caplog):
    def fail(name, address):
        raise ValueError(f"no such address: {address}")

    checked_by(fail)
    with caplog.at_level(logging.DEBUG):
        assert learn(("Googlebot", GOOGLE), ("bingbot", BING)) == [CLAIMED, CLAIMED]
    assert "A robot could not be checked: ValueError" in caplog.text
    assert GOOGLE not in caplog.text


def test_switched_off_nobody_is_asked(settings, name_server):
    settings.VISITS_ROBOT_CHECK = ""
    assert learn(("Googlebot", GOOGLE)) == [CLAIMED]
    assert name_server.asked == []


# -- what the owner sets ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    "path", ["nowhere.check", "visits.robots.nothing", "visits.robots.PATIENCE"]
)
def test_a_path_that_leads_nowhere_is_told(settings, path):
    settings.VISITS_ROBOT_CHECK = path
    assert [error.id for error in run_checks() if error.id.startswith("visits")] == ["visits.E001"]


@pytest.mark.parametrize("path", ["", "visits.robots.by_reverse_name"])
def test_a_good_path_is_not(settings, path):
    settings.VISITS_ROBOT_CHECK = path
    assert [error.id for error in run_checks() if error.id.startswith("visits")] == []
