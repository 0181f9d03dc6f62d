"""Unpublished changes of the site's look become public together, or are discarded."""

from django.db import transaction

from pages.actions.appearance import discard_appearance, publish_appearance
from pages.actions.blocks import discard_block_drafts, publish_blocks


@transaction.atomic
def publish_drafts() -> None:
    """Publishes everything that the preview shows."""
    publish_appearance()
    publish_blocks()


@transaction.atomic
def discard_drafts() -> None:
    """Sets every draft back to what is published."""
    discard_appearance()
    discard_block_drafts()
