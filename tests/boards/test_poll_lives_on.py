"""What becomes of a poll: copied, moved, exported, merged, erased, deleted, recounted, in feeds."""

import io
import json
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions.erasing import NOBODY
from accounts.models import Member
from boards import search
from boards.actions.leaving import erase_member
from boards.actions.merging import merge_members
from boards.actions.polls import add_anonymous_votes, vote_in_poll, withdraw_vote
from boards.actions.posts import delete_post, move_post, restore_post, write_post
from boards.actions.purging import purge_post
from boards.models import (
    Board,
    Poll,
    PollChoice,
    PollOpinion,
    PollOption,
    PollVote,
    Post,
)
from boards.queries.post_fields import PollFields
from boards.repair import recount
from tests.boards.browsing import read
from tests.boards.moderating import copy_post
from tests.conftest import PASSWORD, make_member

ASKED = PollFields(
    question="어디로 갈까요?",
    options=("산 가나다", "바다", "집"),
    most_choices=2,
    is_changeable=True,
    takes_opinions=True,
)
TABLES = (Poll, PollOption, PollVote, PollChoice, PollOpinion)


@pytest.fixture
def post(board, minji) -> Post:
    return write_post(author=minji, board=board, subject="봄", source="<p>글</p>", poll=ASKED)


def vote(post: Post, member: Member, *places: int, opinion: str = "") -> None:
    options = [*post.poll.options.order_by("position").values_list("pk", flat=True)]
    chosen = [options[place] for place in places]
    vote_in_poll(post=post, member=member, options=chosen, opinion=opinion)


def counts(post: Post) -> list[int]:
    options = PollOption.objects.filter(poll=post.pk).order_by("position")
    votes = options.values_list("vote_count", flat=True)
    return [*votes, Poll.objects.get(post=post.pk).voter_count]


@pytest.fixture
def voted(post, minji, junho) -> Post:
    vote(post, minji, 0)
    vote(post, junho, 0, 1, opinion="버스로 가요")
    return post


# -- copying and moving ----------------------------------------------------------------------------
def test_a_copy_asks_the_same_and_has_no_votes(voted, other_board, owner, as_junho):
    copy = copy_post(post=voted, board=other_board, by=owner)
    assert PollFields.of(Poll.objects.get(post=copy)) == ASKED
    assert counts(copy) == [0, 0, 0, 0]
    assert counts(voted) == [2, 1, 0, 2]
    assert "버스로" not in read(as_junho, copy.get_absolute_url())


def test_a_moved_post_keeps_its_votes(voted, other_board, owner, as_junho):
    moved = move_post(post=voted, board=other_board, by=owner)
    assert counts(moved) == [2, 1, 0, 2]
    assert "버스로" in read(as_junho, moved.get_absolute_url())
    form = {"options": PollOption.objects.get(position=2).pk}
    assert as_junho.post(f"{moved.get_absolute_url()}poll/", form).status_code == 302
    assert counts(moved) == [1, 0, 1, 2]


def test_a_poll_stays_when_the_board_allows_no_more(voted, as_junho, as_minji):
    Board.objects.update(use_polls=False)
    assert "어디로 갈까요?" in read(as_junho, "/free/1/")
    assert "poll_question" not in read(as_minji, "/free/1/edit/")


# -- deleting --------------------------------------------------------------------------------------
def test_a_poll_comes_back_from_the_bin(voted, minji, owner):
    delete_post(post=voted, by=minji)
    restore_post(post=voted, by=owner)
    assert counts(voted) == [2, 1, 0, 2]


def test_purging_deletes_every_row_however_many_votes(voted, minji, owner):
    add_anonymous_votes(post=voted, counts=[30, 20, 0])
    delete_post(post=voted, by=minji)
    with CaptureQueriesContext(connection) as captured:
        purge_post(post=voted)
    assert not any(model.objects.exists() for model in TABLES)
    assert sum("pollchoice" in each["sql"] for each in captured) <= 3


# -- export ----------------------------------------------------------------------------------------
def test_the_export_has_own_polls_votes_and_opinions(voted, as_junho, as_minji):
    def take(client, name: str) -> list[dict]:
        answer = client.post("/accounts/export/", {"password": PASSWORD})
        archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
        return json.loads(archive.read(f"{name}.json"))

    (written,) = take(as_minji, "posts")
    assert written["poll"]["options"] == [*ASKED.options]
    (cast,) = take(as_junho, "poll_votes")
    assert cast["options"] == ["산 가나다", "바다"]
    assert cast["poll"].endswith("/free/1/")
    (said,) = take(as_junho, "poll_opinions")
    assert said["text"] == "버스로 가요"
    assert take(as_minji, "poll_opinions") == []


# -- people ----------------------------------------------------------------------------------------
def test_two_votes_of_merged_accounts_count_once(voted, junho, owner):
    second = make_member("junho2", "준호둘")
    vote(voted, second, 2, opinion="걸어서")
    only = write_post(author=owner, board=voted.board, subject="또", source="<p>글</p>", poll=ASKED)
    vote(only, second, 1, opinion="차로")
    assert counts(voted) == [2, 1, 1, 3]
    merge_members(kept=junho, gone=second, by=owner)
    assert counts(voted) == [2, 1, 0, 2]
    assert counts(only) == [0, 1, 0, 1]
    assert PollVote.objects.filter(member=junho).count() == 2
    assert {*PollOpinion.objects.values_list("member", "text")} == {
        (junho.pk, "버스로 가요"),
        (junho.pk, "차로"),
    }
    assert recount(repairs=False) == []


@pytest.mark.parametrize("removes_posts", [False, True])
def test_the_vote_of_an_erased_member_counts_and_is_nobodys(voted, junho, as_minji, removes_posts):
    Member.objects.filter(pk=junho.pk).update(removes_posts=removes_posts)
    erase_member(member=Member.objects.get(pk=junho.pk))
    assert counts(voted) == [2, 1, 0, 2]
    assert recount(repairs=False) == []
    assert not PollVote.objects.filter(member=junho).exists()
    assert PollVote.objects.filter(member=None).count() == 1
    page = read(as_minji, "/free/1/")
    assert "준호" not in page
    assert ("버스로 가요" in page) is not removes_posts
    if not removes_posts:
        assert [*PollOpinion.objects.values_list("member", "author_name")] == [(None, NOBODY)]


def test_two_erased_members_have_one_anonymous_vote_each(voted, minji, junho):
    for member in (minji, junho):
        erase_member(member=member)
    assert PollVote.objects.filter(member=None).count() == 2


def test_withdrawing_a_vote_undoes_it(voted, junho):
    for _ in range(2):
        withdraw_vote(post=voted, member=junho)
    assert counts(voted) == [1, 0, 0, 1]
    assert not PollOpinion.objects.exists()
    assert recount(repairs=False) == []


# -- counters --------------------------------------------------------------------------------------
def test_recount_repairs_the_counters(voted):
    assert recount(repairs=False) == []
    Poll.objects.update(voter_count=9)
    PollOption.objects.filter(position=1).update(vote_count=0)
    assert len(recount()) == 2
    assert counts(voted) == [2, 1, 0, 2]


def test_votes_from_another_site_are_anonymous_and_stay_after_a_recount(post, junho):
    vote(post, junho, 1)
    add_anonymous_votes(post=post, counts=[3, 0, 5])
    assert counts(post) == [3, 1, 5, 9]
    assert recount() == []


# -- elsewhere -------------------------------------------------------------------------------------
def test_feeds_contain_the_question_and_a_link(voted, as_guest):
    Board.objects.update(feed_text=Board.FeedText.FULL)
    feed = as_guest.get("/free/feed.json").json()
    assert "어디로 갈까요?" in str(feed)
    assert "/free/1/#poll" in str(feed)
    assert "버스로" not in str(feed)
    Board.objects.update(feed_text=Board.FeedText.TITLE)
    assert "어디로" not in read(as_guest, "/free/feed/")


def test_options_are_not_searched(voted):
    assert search.posts.find(search.ask("가나다"), limit=5) == []


def test_a_hidden_post_shows_its_poll_to_moderators_without_a_form(voted, as_moderator, owner):
    from boards.actions.posts import hide_post

    hide_post(post=voted, by=owner)
    page = read(as_moderator, "/free/1/")
    assert "어디로 갈까요?" in page
    assert "투표하기" not in page


def test_a_post_without_a_poll_needs_no_query_for_it(as_junho, board, minji):
    write_post(author=minji, board=board, subject="글", source="<p>글</p>")
    for _ in range(2):
        as_junho.get("/free/1/")
    with CaptureQueriesContext(connection) as captured:
        as_junho.get("/free/1/")
    asked = [each["sql"] for each in captured if "boards_poll" in each["sql"]]
    assert len(asked) == 1, "joined to the post"


def test_writing_and_editing_a_post_without_a_poll_asks_for_none(board, minji):
    with CaptureQueriesContext(connection) as captured:
        post = write_post(author=minji, board=board, subject="글", source="<p>글</p>")
    assert not any("boards_poll" in each["sql"] for each in captured)
    from boards.actions.posts import edit_post

    with CaptureQueriesContext(connection) as captured:
        edit_post(post=post, by=minji, subject="글", source="<p>고침</p>")
    assert sum("boards_poll" in each["sql"] for each in captured) == 1, "joined to the post"
