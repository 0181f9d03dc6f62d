"""Robots and people, and their software: user_agents.tsv beside this file."""

import random
import string
from pathlib import Path

import pytest
from crawleruseragents import CRAWLER_USER_AGENTS_DATA

from boardsite.visitors import robot_names
from boardsite.visitors.user_agents import (
    BROWSERS,
    FAMILIES,
    MAX_LENGTH,
    OTHER,
    SYSTEMS,
    describe,
    is_robot,
    robot_name,
)

LINES = Path(__file__).with_name("user_agents.tsv").read_text("utf-8").splitlines()
ROWS = [line.split("\t") for line in LINES if not line.startswith("#")]
REAL = LINES[: next(n for n, line in enumerate(LINES) if line.startswith("# Not counted"))]
PEOPLE = [(agent, tuple(what)) for kind, *what, agent in ROWS if kind == "person"]
ROBOTS = [(agent, name) for kind, *what, agent in ROWS if kind == "robot" for name in what]

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/131.0.0.0 Safari/537.36"
)
MARKUP = "<script>alert(1)</script>"
HOSTILE = [
    MARKUP,
    f"Mozilla/5.0 (Windows NT 10.0) {MARKUP}/1.0",
    f"Mozilla/5.0 ({MARKUP}; Android 14) Chrome/{MARKUP}",
    f"{MARKUP}bot/1.0 (+https://example.com)",
    f"Mozilla/5.0 (compatible; {MARKUP}Spider/1.0)",
    "=HYPERLINK(1)bot",
    "bot\r\nSet-Cookie: a=1\x00",
    "Mozilla/5.0 (" + "Android;" * 1000,
    "\ud800bot",
    "나쁜bot",
]


def names_of_robots() -> set[str]:
    patterns = [each for _joined, some in robot_names._listed() for each in some]
    return {
        *robot_names.NAMES.values(),
        *map(robot_names._plain, patterns),
        robot_names.NAMELESS,
        robot_names.PROGRAM,
        robot_names.UNKNOWN,
    }


def test_the_table_is_long_and_has_no_duplicates():
    agents = [row[-1] for row in ROWS]
    assert len(agents) == len(set(agents))
    assert len(PEOPLE) > 120
    assert len(ROBOTS) > 150
    assert sum(not line.startswith("#") for line in REAL) > 270


def test_people():
    assert [agent for agent, _what in PEOPLE if is_robot(agent)] == []
    found = [(agent, tuple(describe(agent))) for agent, _what in PEOPLE]
    assert found == PEOPLE


def test_robots():
    assert [agent for agent, _name in ROBOTS if not is_robot(agent)] == []
    found = [(agent, robot_name(agent)) for agent, _name in ROBOTS]
    assert found == ROBOTS


@pytest.mark.parametrize("agent", ["", " ", "-"])
def test_an_empty_agent_is_a_robot_without_a_name(agent):
    assert is_robot(agent)
    assert robot_name(agent) == "이름 없음"
    assert describe(agent) == (OTHER, OTHER, OTHER)


@pytest.mark.parametrize("agent", ["Mozilla/5.0", "Mozilla/5.0 ", "Mozilla"])
def test_a_part_of_a_browsers_agent_is_a_program(agent):
    assert is_robot(agent)
    assert robot_name(agent) == "프로그램"


def test_a_very_long_agent_is_cut():
    agent = CHROME + " " * MAX_LENGTH + "Googlebot/2.1" * 10_000
    assert not is_robot(agent)
    assert describe(agent) == ("Chrome", "Windows", "PC")
    assert robot_name("x" * MAX_LENGTH + "Googlebot") == "프로그램"


@pytest.mark.parametrize("agent", HOSTILE)
def test_no_agent_puts_words_of_its_own_into_the_statistics(agent):
    """Case 42."""
    browser, system, device = describe(agent)
    assert browser in {*BROWSERS.values(), *FAMILIES.values(), OTHER}
    assert system in {*SYSTEMS.values(), OTHER}
    assert device in {"PC", "휴대전화", "태블릿", OTHER}
    assert robot_name(agent) in names_of_robots()


def test_hostile_agents_create_few_names():
    chance = random.Random(5)
    names = set()
    for _ in range(500):
        word = "".join(chance.choices(string.ascii_letters + string.digits, k=12))
        agents = [
            f"{word}bot/1.0",
            word,
            f"Mozilla/5.0 (compatible; {word}/2.1; +http://x.example)",
        ]
        names |= {robot_name(agent) for agent in agents}
    assert len(names) < 10


def test_names_are_short_words():
    words = names_of_robots()
    assert 1_000 < len(words) < 2_000
    assert all(0 < len(name) <= 60 and not set(name) & set('<>"&=\t\n') for name in words)
    assert max(map(len, {*BROWSERS.values(), *FAMILIES.values(), *SYSTEMS.values()})) <= 40


def test_the_exceptions_from_the_package_are_still_in_it():
    """An update of the package may have dropped or renamed some: then remove them here too."""
    listed = robot_names.patterns_of_package()
    assert listed == [each["pattern"] for each in CRAWLER_USER_AGENTS_DATA]
    assert set(listed) >= robot_names.NOT_ROBOTS


def test_each_robot_of_the_package_is_a_robot():
    """Except the telephones and browsers in NOT_ROBOTS."""
    wrong = [
        agent
        for each in CRAWLER_USER_AGENTS_DATA
        if each["pattern"] not in robot_names.NOT_ROBOTS
        for agent in each["instances"]
        if not is_robot(agent) and "MetaIAB" not in agent
    ]
    assert wrong == []
