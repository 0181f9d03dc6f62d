"""WebSub: the hub is notified once of each changed feed, and again when a notification failed."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest
from django.core.management import call_command

from boards.actions import pinging
from boards.actions.pinging import PingFailed, ping_hub
from boards.actions.posts import delete_post, edit_post, hide_post, move_post, write_post
from boards.checks import check_hub
from boards.models import Board, HubPing
from boardsite.models import ChoreRun
from boardsite.server.timetable import has_work

FREE = {"/free/feed/", "/free/feed/atom/", "/free/feed.json"}
ABOVE = {
    *("/feed/", "/feed/atom/", "/feed.json"),
    *("/groups/community/feed/", "/groups/community/feed/atom/", "/groups/community/feed.json"),
}
QNA = {address.replace("free", "qna") for address in FREE}


class Hub(ThreadingHTTPServer):
    """Answers with `status`; `notified` lists the paths of the feeds in each request."""

    daemon_threads = True

    def __init__(self):
        self.status, self.headers, self.notified = 204, {}, []
        super().__init__(("127.0.0.1", 0), _Handler)

    def names(self) -> set[str]:
        """Return and clear the paths of all requests since the last call."""
        names = {name for request in self.notified for name in request}
        self.notified.clear()
        return names


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        assert form["hub.mode"] == ["publish"]
        assert self.headers["Content-Type"] == "application/x-www-form-urlencoded"
        site = "https://village.example"
        self.server.notified.append([name.removeprefix(site) for name in form["hub.url"]])
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.end_headers()

    def do_GET(self):
        raise AssertionError("nobody asks a hub so")

    def log_message(self, *args):
        pass


@pytest.fixture
def hub(settings, db) -> Iterator[Hub]:
    settings.SITE_URL = "https://village.example"
    with Hub() as server:
        settings.WEBSUB_HUB = f"http://127.0.0.1:{server.server_port}/publish"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        yield server
        server.shutdown()


def write(board, author, subject="글", **more):
    return write_post(author=author, board=board, subject=subject, source="<p>글</p>", **more)


def test_a_new_post_notifies_the_hub_of_every_feed_that_contains_it(hub, board, other_board, minji):
    write(board, minji, tags=["봄"])
    assert ping_hub() == 9
    assert hub.names() == FREE | ABOVE
    write(other_board, minji)
    assert ping_hub() == 9
    assert hub.names() == QNA | ABOVE


def test_notified_feeds_exist_and_name_themselves(hub, as_guest, board, minji):
    write(board, minji)
    ping_hub()
    for address in hub.names():
        feed = as_guest.get(address)
        assert feed.status_code == 200
        assert f"https://village.example{address}" in feed.text


def test_the_hub_is_notified_once(hub, board, minji):
    post = write(board, minji)
    ping_hub()
    edit_post(post=post, by=minji, subject="고침", source="글")
    hub.notified.clear()
    assert ping_hub() == 0
    assert hub.notified == []


def test_posts_that_guests_may_not_read_cause_no_notification(
    hub, board, other_board, minji, moderator
):
    write(board, minji, is_secret=True)
    hide_post(post=write(board, minji), by=moderator)
    delete_post(post=write(board, minji), by=minji)
    Board.objects.filter(pk=other_board.pk).update(read_level=2)
    write(other_board, minji)
    assert ping_hub() == 0
    assert hub.notified == []


def test_boards_without_feeds_and_private_groups_cause_no_notification(hub, board, group, minji):
    Board.objects.update(feed_text="off")
    write(board, minji)
    assert ping_hub() == 0
    Board.objects.update(feed_text="title")
    group.is_private = True
    group.save()
    assert ping_hub() == 0
    group.is_private = False
    group.save()
    assert ping_hub() == 9  # now guests may read it


def test_a_moved_post_is_new_in_its_new_board(hub, board, other_board, minji, moderator):
    post = write(board, minji)
    ping_hub()
    hub.names()
    other_board.moderators.add(moderator)
    move_post(post=post, board=other_board, by=moderator)
    ping_hub()
    assert hub.names() == QNA | ABOVE


@pytest.mark.any_database
@pytest.mark.parametrize("status", [301, 302, 307, 400, 404, 500, 503])
def test_a_refused_notification_is_repeated(hub, board, minji, status):
    write(board, minji)
    hub.status = status
    hub.headers = {"Location": f"http://127.0.0.1:{hub.server_port}/elsewhere", "Content-Length": 0}
    with pytest.raises(PingFailed, match=str(status)):
        ping_hub()
    assert len(hub.notified) == 1  # the redirect was not followed
    hub.status, hub.headers = 204, {}
    assert ping_hub() == 9


def test_an_unreachable_hub_is_notified_later(hub, board, minji, settings):
    write(board, minji)
    address, settings.WEBSUB_HUB = settings.WEBSUB_HUB, "http://127.0.0.1:9/"
    with pytest.raises(PingFailed):
        ping_hub()
    settings.WEBSUB_HUB = address
    assert ping_hub() == 9


def test_a_hub_that_does_not_answer_times_out(hub, board, minji, monkeypatch):
    def be_silent(*args, **kwargs):
        raise pinging.requests.ReadTimeout

    write(board, minji)
    assert 0 < pinging.SECONDS <= 10
    monkeypatch.setattr(pinging.requests, "post", be_silent)
    with pytest.raises(PingFailed, match="ReadTimeout"):
        ping_hub()


def test_after_a_kill_between_notifying_and_recording_the_hub_is_notified_again(
    hub, board, minji, monkeypatch
):
    def be_killed(*args, **kwargs):
        raise KeyboardInterrupt

    write(board, minji)
    with monkeypatch.context() as patch:
        patch.setattr(HubPing.objects, "bulk_create", be_killed)
        with pytest.raises(KeyboardInterrupt):
            ping_hub()
    assert hub.names() == FREE | ABOVE
    assert ping_hub() == 9
    assert hub.names() == FREE | ABOVE


def test_a_post_written_meanwhile_is_sent_next_time(hub, board, minji, monkeypatch):
    write(board, minji)
    send = pinging._tell

    def send_while_somebody_writes(addresses):
        send(addresses)
        write(board, minji, "그새")

    with monkeypatch.context() as patch:
        patch.setattr(pinging, "_tell", send_while_somebody_writes)
        ping_hub()
    assert ping_hub() == 9


def test_many_feeds_are_split_into_several_requests(hub, group, minji, monkeypatch):
    monkeypatch.setattr(pinging, "AT_ONCE", 10)
    for number in range(5):
        write(Board.objects.create(group=group, slug=f"board{number}", name="게시판"), minji)
    assert ping_hub() == 5 * 3 + 6
    assert [len(request) for request in hub.notified] == [10, 10, 1]


def test_the_periodic_command_records_its_result(hub, board, minji, capsys):
    write(board, minji)
    hub.status = 500
    with pytest.raises(PingFailed):
        call_command("ping_hub")
    assert ChoreRun.objects.get(name="ping_hub").error == "PingFailed: The hub answered 500"
    hub.status = 204
    call_command("ping_hub")
    assert "피드 9개" in capsys.readouterr().out
    assert not ChoreRun.objects.get(name="ping_hub").failed_last
    call_command("ping_hub")
    assert capsys.readouterr().out == ""


def test_without_a_hub_nothing_is_sent(board, post, django_assert_num_queries):
    assert not has_work("ping_hub")
    assert has_work("tidy")
    with django_assert_num_queries(0):
        assert ping_hub() == 0


def test_without_new_posts_it_takes_one_query(hub, board, post, django_assert_num_queries):
    assert has_work("ping_hub")
    ping_hub()
    with django_assert_num_queries(1):
        assert ping_hub() == 0


@pytest.mark.parametrize(
    ("address", "is_right"),
    [
        ("", True),
        ("https://hub.example/", True),
        ("http://hub:8080/publish?x=1", True),
        ("hub.example", False),
        ("ftp://hub.example/", False),
        ("https://hub.example/\nX: y", False),
        ("https://me@hub.example/", False),
        ("https:///", False),
    ],
)
def test_an_invalid_hub_address_is_reported_at_the_start(settings, address, is_right):
    settings.WEBSUB_HUB = address
    assert (check_hub() == []) is is_right
