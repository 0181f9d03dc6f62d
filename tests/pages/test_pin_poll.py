"""설문조사: the owner pins the poll of a post to the front page or to the side column."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from boards.actions.polls import vote_in_poll
from boards.actions.posts import delete_post, hide_post, restore_post, write_post
from boards.actions.purging import purge_post
from boards.models import Board, Poll, Post
from boards.queries.post_fields import PollFields
from boardsite.caching.page_cache import pages
from pages.models import Block
from tests.boards.browsing import read
from tests.conftest import make_member
from tests.page import CHROME
from tests.pages.blocks import publish_block

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("cached_values_are_not_changed"),
]
ADD = "/admin/pages/block/add/?place=side&kind=poll"
QUESTION = "어디로 갈까요?"
SHOWN = ("/", "/new/", "/qna/")


@pytest.fixture
def polled(board, other_board, minji) -> Post:
    poll = PollFields(question=QUESTION, options=("산", "바다"), is_changeable=True)
    return write_post(author=minji, board=board, subject="봄", source="<p>글</p>", poll=poll)


@pytest.fixture
def pinned(polled) -> Post:
    publish_block("poll", place="side", poll=polled.poll)
    return polled


@pytest.fixture
def anonymous():
    return Client(headers={"user-agent": CHROME, "sec-purpose": "prefetch"})


def vote(post: Post, member, place: int) -> None:
    vote_in_poll(post=post, member=member, options=[post.poll.options.all()[place].pk])


def test_the_owner_pins_a_poll(as_owner, polled, as_guest):
    assert QUESTION in read(as_owner, ADD)
    assert as_owner.post(ADD, {"poll": polled.pk, "devices": "all"}).status_code == 302
    block = Block.objects.get()
    assert (block.poll, str(block)) == (polled.poll, QUESTION)
    assert QUESTION not in read(as_guest, "/new/")  # a draft


def test_a_block_needs_a_poll(as_owner, polled):
    assert as_owner.post(ADD, {"poll": "", "devices": "all"}).status_code == 200
    assert as_owner.post(ADD, {"poll": "999", "devices": "all"}).status_code == 200
    assert not Block.objects.exists()


def test_everybody_sees_it_beside_every_page_and_members_vote_there(
    pinned, anonymous, as_junho, junho
):
    for address in SHOWN:
        assert QUESTION in read(anonymous, address)
        page = read(as_junho, address)
        assert 'action="/free/1/poll/#poll"' in page
        assert page.count('name="csrfmiddlewaretoken"') > 0
    form = {"options": pinned.poll.options.first().pk}
    assert as_junho.post("/free/1/poll/", form).url == "/free/1/#poll"
    assert "내 선택" not in read(anonymous, "/new/")


def test_it_works_on_the_front_page_and_beside_its_own_post(polled, as_junho):
    publish_block("poll", place="front", poll=polled.poll)
    publish_block("poll", place="side", poll=polled.poll)
    assert QUESTION in read(as_junho, "/")
    page = read(as_junho, "/free/1/")
    assert page.count('id="poll"') == 1
    beside = Block.objects.published().get(place="side")
    assert page.count(f'id="block-{beside.pk}"') == 1


def test_each_vote_shows_at_once_and_leaves_the_pages_cached(pinned, anonymous, junho, owner):
    for address in SHOWN:
        read(anonymous, address)
    kept = [pages.people.get(f"guest {address}") for address in SHOWN]
    assert all(kept)
    for count, member in enumerate((junho, owner), start=1):
        vote(pinned, member, 1)
        for address in SHOWN:
            assert f"{count}명 투표" in read(anonymous, address)
    assert kept == [pages.people.get(f"guest {address}") for address in SHOWN]
    with CaptureQueriesContext(connection) as captured:
        read(anonymous, "/new/")
    (query,) = [each["sql"] for each in captured if "boards_poll" in each["sql"]]
    assert "boardsite_scopeversion" in query


def test_it_leaves_no_hole_for_whoever_may_not_read_the_post(pinned, anonymous, as_minji, owner):
    def shown(client) -> list[bool]:
        found = [read(client, address) for address in SHOWN]
        assert not any('class="block"' in page and QUESTION not in page for page in found)
        return [QUESTION in page for page in found]

    assert all(shown(anonymous))
    Board.objects.filter(slug="free").update(read_level=2)
    assert not any(shown(anonymous))
    assert all(shown(as_minji))
    Board.objects.filter(slug="free").update(read_level=1)
    Post.objects.update(is_secret=True)
    assert not any(shown(anonymous))
    Post.objects.update(is_secret=False)
    hide_post(post=pinned, by=owner)
    assert not any(shown(anonymous))
    restore_post(post=pinned, by=owner)
    assert all(shown(anonymous))


def test_a_purged_poll_leaves_an_empty_block(pinned, anonymous, minji):
    delete_post(post=pinned, by=minji)
    purge_post(post=pinned)
    assert not Poll.objects.exists()
    assert {*Block.objects.values_list("poll", flat=True)} == {None}
    assert QUESTION not in read(anonymous, "/new/")


def test_staff_without_the_owners_rights_pin_nothing(log_in, polled):
    member = make_member("helper", "도우미", is_staff=True)
    member.user_permissions.set(Permission.objects.filter(content_type__app_label="pages"))
    clerk = log_in(member)
    assert clerk.get(ADD).status_code == 403
    assert clerk.post(ADD, {"poll": polled.pk, "devices": "all"}).status_code == 403
    assert not Block.objects.exists()
