"""Notifies the WebSub hub (https://www.w3.org/TR/websub/) about feeds with new posts.

Subscribers then get them at once and need not poll.
"""

import requests
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import F
from django.db.models.functions import Coalesce
from django.urls import reverse

from boards.models import Board, HubPing

SECONDS = 10.0  # timeout for connecting, and for each pause of the hub's response
AT_ONCE = 50  # addresses per request
GUEST = AnonymousUser()


class PingFailed(Exception):
    """The hub was not reached, or refused the notification."""


def ping_hub() -> int:
    """Notifies the hub about feeds with newer posts than it knows; returns how many feeds.

    Does nothing without settings.WEBSUB_HUB. The progress is stored after the hub has accepted all
    of them, so that a failed run is repeated; concurrent runs notify it twice. Raises PingFailed.
    """
    if not settings.WEBSUB_HUB:
        return 0
    # Read before their posts, so that later posts are left for the next run.
    grown = _grown_boards()
    addresses = {
        address: None
        for board, known in grown
        if board.posts.visible_to(GUEST).filter(number__gt=known).exists()
        for address in _feeds_with(board)
    }
    told = list(addresses)
    for start in range(0, len(told), AT_ONCE):
        _tell(told[start : start + AT_ONCE])
    HubPing.objects.bulk_create(
        [HubPing(board=board, number=board.last_number) for board, _known in grown],
        update_conflicts=True,
        unique_fields=["board"],
        update_fields=["number"],
    )
    return len(told)


def _grown_boards() -> list[tuple[Board, int]]:
    """Boards with feeds and with new posts since the last run, including secret and hidden posts.

    Numbers are assigned under the board's lock, so no number below last_number appears later.
    """
    boards = Board.objects.readable_by(GUEST).exclude(feed_text=Board.FeedText.OFF)
    boards = boards.filter(is_inquiry=False)
    boards = boards.annotate(known=Coalesce("hub_ping__number", 0)).select_related("group")
    return [(board, board.known) for board in boards.filter(last_number__gt=F("known"))]


def _feeds_with(board: Board) -> list[str]:
    """The feeds that a new post of `board` changes, in each format.

    Feeds of tags are left out, because they name no hub.
    """
    places: tuple[tuple[str, list[str]], ...] = (
        ("board", [board.slug]),
        ("group", [board.group.slug]),
        ("site", []),
    )
    return [
        settings.SITE_URL + reverse(f"{place}_{feed}", args=arguments)
        for place, arguments in places
        for feed in ("feed", "feed_atom", "feed_json")
    ]


def _tell(addresses: list[str]) -> None:
    """The hub's address comes from the operator and may be in a private network. Redirects are not
    followed."""
    form = [("hub.mode", "publish"), *(("hub.url", address) for address in addresses)]
    try:
        with requests.post(
            settings.WEBSUB_HUB,
            data=form,
            timeout=SECONDS,
            allow_redirects=False,
            stream=True,  # the body of the response is not read
            headers={"User-Agent": f"Boardsite (+{settings.SITE_URL}/)"},
        ) as answer:
            status = answer.status_code
    except requests.RequestException as error:
        raise PingFailed(f"The hub could not be asked: {type(error).__name__}") from error
    if not 200 <= status < 300:
        raise PingFailed(f"The hub answered {status}")
