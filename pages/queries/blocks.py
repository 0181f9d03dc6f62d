"""The blocks of the two places, as published and as draft."""

from collections.abc import Iterable, Mapping, Sequence

from django.http import HttpRequest

from boardsite.caching.versioned_cache import VersionedCache
from boardsite.databases.compiled import Compiled
from pages.models import Block
from pages.preview import is_previewing


def blocks_of(request: HttpRequest, place: str) -> Sequence[Block]:
    """The blocks that the visitor sees at `place`, in order; none if the place has its default."""
    if is_previewing(request):
        return by_place(Block.objects.drafts())[place]
    return published_blocks()[place]


def published_block(pk: int) -> Block | None:
    """No query while nothing has been published."""
    blocks = (block for place in published_blocks().values() for block in place)
    return next((block for block in blocks if block.pk == pk), None)


def _read_published() -> Mapping[str, Sequence[Block]]:
    return by_place(_published())


def by_place(blocks: Iterable[Block]) -> Mapping[str, Sequence[Block]]:
    places: dict[str, list[Block]] = {place: [] for place in Block.Place}
    for block in blocks:
        places[block.place].append(block)
    return places


_published = Compiled(lambda: Block.objects.published())


published_blocks = VersionedCache(_read_published, size=1, is_setting=True)


def draft_differs() -> bool:
    """Whether publishing the draft would change anything."""
    drafts, published = (
        [_content(block) for block in blocks]
        for blocks in (Block.objects.drafts(), Block.objects.published())
    )
    return drafts != published


def _content(block: Block) -> list[object]:
    """What visitors see of a block."""
    own = {"id", "position", "is_published"}
    fields = [field.attname for field in Block._meta.concrete_fields if field.attname not in own]
    return [getattr(block, name) for name in fields]
