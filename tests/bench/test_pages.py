"""The pages that bench.run requests exist on a filled site, for guests and for members."""

import pytest
from django.contrib.auth.models import AnonymousUser

from bench import pages
from bench.comments import WARM_UP, write
from bench.filling import Filling
from bench.members import session_cookie
from boards.models import Board, Comment

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def filled(side_by_side, settings):
    [*Filling(120, seed=7).run()]
    settings.ROOT_URLCONF = "bench.urls"


def test_the_requested_pages_exist(filled, client, monkeypatch):
    monkeypatch.setattr(pages, "MEMBERS", 3)
    found = pages.found()
    assert {"floor", "list, page 1", "post, Zipf", "search, rare"} <= found["pages"].keys()
    board = Board.objects.get(slug="large")
    shown = board.posts.visible_to(AnonymousUser()).filter(is_secret=False)
    asked = {path.split("/")[2] for path in found["pages"]["post, any"]}
    assert asked == {str(number) for number in shown.values_list("number", flat=True)}
    assert found["queries"]["floor"] < found["queries"]["post, one"]
    assert found["size"] > 0

    name, _, value = found["cookies"][1].partition("=")
    client.cookies[name] = value
    page = client.get(found["members"]["member: list, page 1"][0])
    assert page.context["user"].is_authenticated
    assert len(found["cookies"]) == 3


def test_writers_write(filled, live_server):
    board = Board.objects.get(slug="large")
    number = pages.shown_numbers(board, {*range(1, 30)}).pop()
    before = Comment.objects.count()
    cookies = [session_cookie(member) for member in pages.some_members()[:2]]
    written = write(
        live_server.url, [f"/large/{number}/"] * 2, cookies, writers=2, each=2, name="two at once"
    )
    assert len(written.times) == 4
    assert Comment.objects.count() == before + 4 + 2 * WARM_UP
    with pytest.raises(RuntimeError, match="answers 404"):
        write(live_server.url, ["/large/999999/"], cookies, writers=1, each=1, name="nowhere")
