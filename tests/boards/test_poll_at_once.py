"""Votes at the same moment: every one is counted, once, on SQLite and on PostgreSQL."""

from contextlib import suppress

import pytest

from boards.actions.polls import AlreadyVoted, PollStarted, vote_in_poll
from boards.actions.posts import edit_post, write_post
from boards.models import Poll, PollOption, PollVote
from boards.queries.post_fields import PollFields
from boards.repair import recount
from tests.at_once import at_once
from tests.conftest import make_member

pytestmark = pytest.mark.usefixtures("side_by_side")


@pytest.fixture
def post(board, minji):
    poll = PollFields(question="?", options=("산", "바다", "집"), most_choices=2)
    return write_post(author=minji, board=board, subject="봄", source="<p>글</p>", poll=poll)


@pytest.fixture
def options(post):
    return [*post.poll.options.values_list("pk", flat=True)]


def counts() -> list[int]:
    votes = PollOption.objects.order_by("position").values_list("vote_count", flat=True)
    return [*votes, Poll.objects.get().voter_count]


def test_a_hundred_members_vote_at_once(post, options):
    members = [make_member(f"member{number}", f"회원{number}") for number in range(100)]

    def vote(number: int):
        chosen = [options[number % 3], options[(number + 1) % 3]] if number % 2 else [options[0]]
        vote_in_poll(post=post, member=members[number], options=chosen, opinion="")

    at_once(100, vote)
    chosen = [0, 0, 0]
    for number in range(100):
        for place in {number % 3, (number + 1) % 3} if number % 2 else {0}:
            chosen[place] += 1
    assert counts() == [*chosen, 100]
    assert recount(repairs=False) == []


@pytest.mark.parametrize("is_changeable", [False, True])
def test_one_member_sends_many_votes_at_once(post, options, junho, is_changeable):  # case 74
    Poll.objects.update(is_changeable=is_changeable)

    def vote(number: int):
        with suppress(AlreadyVoted):
            vote_in_poll(post=post, member=junho, options=[options[number % 3]])

    at_once(24, vote)
    assert PollVote.objects.count() == 1
    assert sorted(counts()) == [0, 0, 1, 1]
    assert recount(repairs=False) == []


def test_the_author_edits_while_others_vote(post, options, minji):
    """Either the options are the old ones and the votes count, or the new ones have none."""
    members = [make_member(f"member{number}", f"회원{number}") for number in range(10)]

    def act(number: int):
        if number == 5:
            new = PollFields(question="?", options=("강", "섬"))
            with suppress(PollStarted):
                edit_post(post=post, by=minji, subject="봄", source="<p>글</p>", poll=new)
            return
        with suppress(Exception):
            vote_in_poll(post=post, member=members[number], options=[options[0]])

    at_once(10, act)
    texts = [*PollOption.objects.order_by("position").values_list("text", flat=True)]
    assert (texts, counts()) in (
        (["강", "섬"], [0, 0, 0]),
        (["산", "바다", "집"], [9, 0, 0, 9]),
    )
    assert recount(repairs=False) == []
