"""Blocks for tests."""

from pages.actions.blocks import add_block, publish_blocks
from pages.models import Block


def place_block(kind: str, *, place: str = "front", **fields) -> Block:
    """Adds a block to the draft."""
    block = Block(place=place, kind=kind, **fields)
    add_block(block=block)
    return block


def publish_block(kind: str, *, place: str = "front", **fields) -> None:
    place_block(kind, place=place, **fields)
    publish_blocks()
