"""Types that only the stubs of Django name."""

from typing import TYPE_CHECKING

from django.utils.functional import Promise

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise
else:
    StrPromise = Promise

StrOrPromise = str | StrPromise
