"""Telling the WebSub hub (https://www.w3.org/TR/websub/) which feeds have something new.

Subscribers of the hub then hear of it at once, and need not ask us again and again.
"""

import requests
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import F
from django.db.models.functions import Coalesce
from django.urls import reverse

from boards.models import Board, HubPing

SECONDS = 10.0  # to connect, and again for each silence of the hub
AT_ONCE = 50  # addresses in one request
GUEST = AnonymousUser()


class PingFailed(Exception):
    """The hub was not told, or did not take it."""


def ping_hub() -> int:
    """Names the feeds with newer posts than the hub has been told of; how many feeds.

    Nothing without settings.WEBSUB_HUB. What is new is kept only once the hub has taken it all: what
    fails, or is killed, is told again the next time. Two at once tell it twice. Raises PingFailed.
    """
    if not settings.WEBSUB_HUB:
        return 0
    # Before their posts are asked for: what comes later is for the next time.
    grown = _grown_boards()
    addresses = {
        address: None
        for board in grown
        if board.posts.visible_to(GUEST).filter(number__gt=board.known).exists()
        for address in _feeds_with(board)
    }
    told = list(addresses)
    for start in range(0, len(told), AT_ONCE):
        _tell(told[start : start + AT_ONCE])
    HubPing.objects.bulk_create(
        [HubPing(board=board, number=board.last_number) for board in grown],
        update_conflicts=True,
        unique_fields=["board"],
        update_fields=["number"],
    )
    return len(told)


def _grown_boards() -> list[Board]:
    """Those with feeds that have got posts since, as `known` says; secret and hidden ones too.

    Numbers are given under the board's lock, so none below last_number is still to come.
    """
    boards = Board.objects.readable_by(GUEST).exclude(feed_text=Board.FeedText.OFF)
    boards = boards.annotate(known=Coalesce("hub_ping__number", 0)).select_related("group")
    return list(boards.filter(last_number__gt=F("known")))


def _feeds_with(board: Board) -> list[str]:
    """The feeds that change with a new post of `board`, in each format; not those of its tags, which
    name no hub."""
    places = (("board", [board.slug]), ("group", [board.group.slug]), ("site", []))
    return [
        settings.SITE_URL + reverse(f"{place}_{feed}", args=arguments)
        for place, arguments in places
        for feed in ("feed", "feed_atom", "feed_json")
    ]


def _tell(addresses: list[str]) -> None:
    """The hub is the operator's choice, on his own machine perhaps; where it would send us is not."""
    form = [("hub.mode", "publish"), *(("hub.url", address) for address in addresses)]
    try:
        with requests.post(
            settings.WEBSUB_HUB,
            data=form,
            timeout=SECONDS,
            allow_redirects=False,
            stream=True,  # whatever it says is not read
            headers={"User-Agent": f"Boardsite (+{settings.SITE_URL}/)"},
        ) as answer:
            status = answer.status_code
    except requests.RequestException as error:
        raise PingFailed(f"The hub could not be asked: {type(error).__name__}") from error
    if not 200 <= status < 300:
        raise PingFailed(f"The hub answered {status}")
