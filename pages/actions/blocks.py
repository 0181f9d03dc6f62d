"""Arranging the draft of the blocks, and publishing it.

The actions run one after the other (_lock): a second submission finds what the first has done.
"""

from collections.abc import Iterable, Sequence

from django.db import transaction

from boardsite.models import SiteSettings
from pages.models import Block
from pages.models.blocks import MOST_BLOCKS


class TooManyBlocks(Exception):
    """The place holds MOST_BLOCKS already."""


# What the two places show while no block is published.
DEFAULT: dict[str, list[dict[str, object]]] = {
    Block.Place.FRONT: [
        {"kind": Block.Kind.POPULAR, "rows": 10},
        {"kind": Block.Kind.ALL_LATEST},
    ],
    Block.Place.SIDE: [
        {"kind": Block.Kind.LOG_IN},
        {"kind": Block.Kind.POPULAR, "rows": 5},
        {"kind": Block.Kind.WORDS},
    ],
}


@transaction.atomic
def add_block(*, block: Block) -> None:
    """Saves a new block at the end of its place in the draft. Raises TooManyBlocks."""
    drafts = _locked_drafts(block.place)
    if len(drafts) >= MOST_BLOCKS:
        raise TooManyBlocks
    block.is_published = False
    block.position = drafts[-1].position + 1 if drafts else 0
    block.save()


@transaction.atomic
def add_default_blocks(*, place: str) -> None:
    """Fills an empty place of the draft with the blocks that correspond to its default."""
    if not _locked_drafts(place):
        blocks = enumerate(DEFAULT[place])
        Block.objects.bulk_create(
            Block(place=place, position=number, **fields) for number, fields in blocks
        )


@transaction.atomic
def move_block(*, block: Block, by: int) -> None:
    """Moves a block of the draft `by` places up (negative) or down, as far as there are any."""
    drafts = _locked_drafts(block.place)
    if block in drafts:
        old = drafts.index(block)
        drafts.insert(max(0, old + by), drafts.pop(old))
        _number(drafts)


@transaction.atomic
def order_blocks(*, place: str, ids: Sequence[int]) -> None:
    """Sorts the draft of a place by `ids`; blocks that are not among them come last."""
    ranks = {pk: rank for rank, pk in enumerate(ids)}
    drafts = _locked_drafts(place)
    drafts.sort(key=lambda block: ranks.get(block.pk, len(ranks)))
    _number(drafts)


@transaction.atomic
def publish_blocks() -> None:
    """The draft replaces what is published."""
    _lock()
    Block.objects.published().delete()
    _copy(Block.objects.drafts(), is_published=True)


@transaction.atomic
def discard_block_drafts() -> None:
    """What is published replaces the draft."""
    _lock()
    Block.objects.drafts().delete()
    _copy(Block.objects.published(), is_published=False)


def _lock() -> None:
    """The row of the site's settings stands for the layout, which may have no rows yet."""
    SiteSettings.objects.select_for_update(no_key=True).get(pk=SiteSettings.load().pk)


def _locked_drafts(place: str) -> list[Block]:
    _lock()
    return list(Block.objects.drafts().filter(place=place))


def _number(blocks: Sequence[Block]) -> None:
    for position, block in enumerate(blocks):
        block.position = position
    Block.objects.bulk_update(blocks, ["position"])


def _copy(blocks: Iterable[Block], *, is_published: bool) -> None:
    copies = list(blocks)
    for block in copies:
        block.pk = None
        block.is_published = is_published
    Block.objects.bulk_create(copies)
