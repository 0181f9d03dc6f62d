"""전체 공지 for the front page."""

from accounts.permissions import Visitor
from boards.models import Post
from boards.queries.popular import rows_in_order
from boards.rows import PostRow
from boardsite.caching.versioned_cache import VersionedCache

LOOKED_AT = 40  # of the newest ones


def site_notice_rows(visitor: Visitor, count: int) -> list[PostRow]:
    """The newest 전체 공지 that `visitor` may read."""
    return rows_in_order(visitor, _newest(), count)


def _read_newest() -> list[int]:
    return list(Post.objects.site_notices().newest_first().values_list("pk", flat=True)[:LOOKED_AT])


_newest = VersionedCache(_read_newest)
