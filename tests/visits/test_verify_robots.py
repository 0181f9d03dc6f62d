"""Verifying robots with name servers, which are simulated here."""

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
GOOGLE, BING, LIAR = "66.249.66.1", "157.55.39.1", "198.18.0.1"  # never contacted
GOOGLE6 = "2001:4860:4801:10::1"
PUBLIC = "9.9.9.{}"


@pytest.fixture
def name_server(monkeypatch):
    """Fill in `names` (address → name) and `addresses` (name → addresses); it counts look-ups."""

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
    """Makes `check` decide, as an operator's own function does."""

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
def test_another_name_refutes_the_claim(name_server, name):
    name_server.names[LIAR] = name
    name_server.addresses[name] = [LIAR]
    assert by_reverse_name("Googlebot", LIAR) is False


def test_an_address_without_a_name_refutes_the_claim(name_server):
    assert by_reverse_name("Googlebot", LIAR) is False


def test_a_forged_reverse_name_is_not_believed(name_server):
    """The owner's name server does not resolve the forged name to this address."""
    name_server.names[LIAR] = "crawl-66-249-66-1.googlebot.com"
    assert by_reverse_name("Googlebot", LIAR) is False
    name_server.names[LIAR] = "crawl-made-up.googlebot.com"
    assert by_reverse_name("Googlebot", LIAR) is False


def test_a_name_outside_the_owners_domains_is_not_looked_up(name_server):
    name_server.names[LIAR] = "slow.evil.example"
    by_reverse_name("Googlebot", LIAR)
    assert name_server.asked == [LIAR]


def test_unreachable_name_servers_prove_nothing(name_server):
    name_server.error = socket.EAI_AGAIN
    assert by_reverse_name("Googlebot", GOOGLE) is None


def test_robots_of_owners_who_publish_nothing_need_no_look_up(name_server):
    assert by_reverse_name("SomebodysBot", GOOGLE) is None
    assert name_server.asked == []


# -- the cache -------------------------------------------------------------------------------------
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


def test_each_is_looked_up_once_a_day(asks_name_server, monkeypatch):
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


def test_a_failed_look_up_is_repeated_soon(asks_name_server, monkeypatch):
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
def test_private_addresses_are_not_verified(asks_name_server, address):
    assert learn(("Googlebot", address)) == [CLAIMED]
    assert asks_name_server.asked == []


def test_an_ipv4_address_written_as_ipv6_is_ipv4(asks_name_server):
    assert learn(("Googlebot", f"::ffff:{GOOGLE}")) == [VERIFIED]


def test_a_write_makes_few_look_ups(checked_by):
    asked = []
    checked_by(lambda name, address: asked.append(address) or True)
    places = [("Googlebot", PUBLIC.format(number)) for number in range(100)]
    learn(*places)
    assert len(asked) == robots.MAX_QUESTIONS
    assert learn(*places).count(VERIFIED) == 2 * robots.MAX_QUESTIONS


def test_the_cache_is_bounded(checked_by, monkeypatch):
    monkeypatch.setattr(robots, "MAX_KNOWN", 10)
    checked_by(lambda name, address: True)
    places = [("Googlebot", PUBLIC.format(number)) for number in range(30)]
    learn(*places)
    learn(*places)
    assert len(robots._known) == 10


def test_a_slow_name_server_delays_nobody_for_long(checked_by, monkeypatch):
    monkeypatch.setattr(robots, "PATIENCE", 0.2)
    answers = threading.Event()
    checked_by(lambda name, address: answers.wait(120))
    places = [("Googlebot", PUBLIC.format(number)) for number in range(20)]
    try:
        started, threads = time.monotonic(), threading.active_count()
        assert set(learn(*places)) == {CLAIMED}
        assert time.monotonic() - started < 30
        monkeypatch.setattr(robots, "PATIENCE", 60)
        assert learn(*places[:1]) == [CLAIMED], "at once: all threads are still waiting"
        assert time.monotonic() - started < 60
        assert threading.active_count() - threads <= robots.MAX_THREADS
    finally:
        answers.set()
    for thread in robots._threads:
        thread.join(5)
    assert [standing_of(*place) for place in places].count(VERIFIED) == robots.MAX_THREADS


def test_a_failing_check_is_logged_without_the_address(checked_by, caplog):
    def fail(name, address):
        raise ValueError(f"no such address: {address}")

    checked_by(fail)
    with caplog.at_level(logging.DEBUG):
        assert learn(("Googlebot", GOOGLE), ("bingbot", BING)) == [CLAIMED, CLAIMED]
    assert "A robot could not be checked: ValueError" in caplog.text
    assert GOOGLE not in caplog.text


def test_switched_off_it_makes_no_look_ups(settings, name_server):
    settings.VISITS_ROBOT_CHECK = ""
    assert learn(("Googlebot", GOOGLE)) == [CLAIMED]
    assert name_server.asked == []


# -- the setting -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "path", ["nowhere.check", "visits.robots.nothing", "visits.robots.PATIENCE"]
)
def test_an_invalid_path_is_reported(settings, path):
    settings.VISITS_ROBOT_CHECK = path
    assert [error.id for error in run_checks() if error.id.startswith("visits")] == ["visits.E001"]


@pytest.mark.parametrize("path", ["", "visits.robots.by_reverse_name"])
def test_a_valid_path_is_not_reported(settings, path):
    settings.VISITS_ROBOT_CHECK = path
    assert [error.id for error in run_checks() if error.id.startswith("visits")] == []
