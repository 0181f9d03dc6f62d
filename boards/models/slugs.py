"""The addresses of boards and groups."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# The first path segments that the site uses itself; no board can take them.
RESERVED_SLUGS = frozenset(
    "accounts admin api bbs content data drafts feed files group groups healthz login logout "
    "members messages metrics my new notifications points popular privacy ranking readyz reports "
    "robots rss scraps search sitemap skins sources static tags terms theme visits".split()
)
SLUG = re.compile(r"[A-Za-z0-9_]{2,20}\Z")


def validate_slug(slug: str) -> None:
    """Raises ValidationError unless `slug` can be a board's address.

    The rule is gnuboard5's for `bo_table`, without the words that the site itself uses.
    """
    if not SLUG.match(slug) or slug.isdigit():
        raise ValidationError(_("주소는 영문, 숫자, _ 로 2자 이상 20자 이하여야 합니다."))
    if slug.lower() in RESERVED_SLUGS:
        raise ValidationError(_("사이트가 쓰는 주소라서 게시판 주소로 쓸 수 없습니다."))
