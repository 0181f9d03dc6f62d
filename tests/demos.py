"""A demo community that is written quickly."""

import pytest
from django.utils import timezone

from boards.demo import fill
from boards.demo.content import PEOPLE
from boards.demo.plan import Planned, plan


def write_small_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten posts of the demo and the people who wrote them; all of it takes long to write."""
    planned = plan(timezone.now())
    posts = [each for each in planned if each.entry.by == "수집기"][:1]
    posts += [each for each in planned if _is_plain(each) and each.entry.board == "notice"][:3]
    posts += [each for each in planned if _is_plain(each) and each.entry.board == "qna"][:6]
    names = {each.entry.by for each in posts} | {
        said.by for each in posts for said in each.comments
    }
    for each in posts:
        each.likers = [name for name in each.likers if name in names]
    monkeypatch.setattr(fill, "plan", lambda now: posts)
    monkeypatch.setattr(fill, "PEOPLE", [each for each in PEOPLE if each.nickname in names])
    fill.fill()


def _is_plain(planned: Planned) -> bool:
    entry = planned.entry
    return not (entry.pictures or "[그림" in entry.text or entry.reply_to or entry.is_secret)
