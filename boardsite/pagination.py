"""Numbered pages: 처음 이전 1 2 3 다음 맨끝."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

BLOCK = 10  # page numbers shown at once, as on Korean boards
NEAR = 2  # numbers on each side that fit on a phone


def page_number(request: HttpRequest, parameter: str = "page") -> int:
    """The page of `?page=`, or 1 without it. Raises Http404 for anything but 1, 2, 3…"""
    asked = request.GET.get(parameter, "1")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 10 and asked[0] != "0"):
        raise Http404(_("없는 페이지입니다."))
    return int(asked)


@dataclass(frozen=True)
class PageLink:
    """A page number. Phones hide it when `is_far`."""

    number: int
    address: str
    is_current: bool
    is_far: bool


@dataclass
class Pages:
    """Page `number` of `total` rows in pages of `size`; `address(n)` keeps the other parameters.

    `parameter` is the query parameter of the number; `anchor` is the id of the element where the
    rows begin, unless that is the top. Raises Http404 for a page that does not exist (page 1 always
    does)."""

    number: int
    total: int
    size: int
    path: str
    parameters: dict[str, str]
    parameter: str = "page"
    anchor: str = ""

    def __post_init__(self):
        if self.number > self.last:
            raise Http404(_("없는 페이지입니다."))

    @property
    def last(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size

    def address(self, number: int) -> str:
        query = self._query
        if number > 1:
            query = f"{query}&{self.parameter}={number}" if query else f"{self.parameter}={number}"
        address = f"{self.path}?{query}" if query else self.path
        return f"{address}#{self.anchor}" if self.anchor else address

    @cached_property
    def _query(self) -> str:
        return urlencode({key: value for key, value in self.parameters.items() if value})

    @property
    def numbers(self) -> list["PageLink"]:
        """The block of page numbers around the current one."""
        first = (self.number - 1) // BLOCK * BLOCK + 1
        return [
            PageLink(
                number,
                self.address(number),
                is_current=number == self.number,
                is_far=abs(number - self.number) > NEAR,
            )
            for number in range(first, min(first + BLOCK - 1, self.last) + 1)
        ]

    @property
    def first_address(self) -> str:
        return self.address(1) if self.number > 1 else ""

    @property
    def last_address(self) -> str:
        return self.address(self.last) if self.number < self.last else ""

    @property
    def previous_address(self) -> str:
        return self.address(self.number - 1) if self.number > 1 else ""

    @property
    def next_address(self) -> str:
        return self.address(self.number + 1) if self.number < self.last else ""
