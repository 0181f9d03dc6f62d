"""What a search names besides posts: boards, tags and a member, shown above the posts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from django.db.models import CharField, Exists, OuterRef, QuerySet
from django.urls import reverse

from accounts.models import Member
from accounts.permissions import Visitor, blocked_by
from accounts.text.names import nickname_key
from boards.models import Board, Post, Tag
from boards.text.tags import clean_tags
from boardsite.databases.compiled import Compiled, Slot
from boardsite.text import korean

MOST_BOARDS = 5
LEAST = 2  # characters of a query that may be a part of a board's name


@dataclass(frozen=True)
class NamedPlace:
    """A page that the query names."""

    kind: Literal["board", "tag", "member"]
    label: str
    address: str


def named_places(visitor: Visitor, query: str, boards: Iterable[Board]) -> list[NamedPlace]:
    """Those of `boards` (which `visitor` may read) whose name or slug has the query in it, the tags that
    it names and the member with exactly this 별명. Two queries, and one more for each kind that is found."""
    return [*_boards(query, boards), *_tags(visitor, query), *_member(visitor, query)]


def _boards(query: str, boards: Iterable[Board]) -> list[NamedPlace]:
    key = _key(query)
    if len(key) < LEAST:
        return []
    named = [board for board in boards if key in _key(board.name) or key == _key(board.slug)]
    return [
        NamedPlace("board", board.name, board.get_absolute_url()) for board in named[:MOST_BOARDS]
    ]


def _key(text: str) -> str:
    """Without spaces and signs: 사진갤러리 names 사진 갤러리."""
    return "".join(korean.runs(text))


def _tags(visitor: Visitor, query: str) -> list[NamedPlace]:
    """Tags that are the query or one of its words, if `visitor` may read a post with them."""
    names = {*clean_tags(query), *clean_tags("".join(query.split()))}
    tags = Tag.objects.filter(name__in=names).order_by("name")
    if tags:  # most words are none, so who may read them is asked second
        readable = Post.objects.visible_to(visitor).filter(post_tags__tag=OuterRef("pk"))
        tags = tags.filter(Exists(readable))
    return [NamedPlace("tag", f"#{tag.name}", reverse("show_tag", args=[tag.name])) for tag in tags]


def _member(visitor: Visitor, query: str) -> list[NamedPlace]:
    """A member whose profile is open and who has written, under this name, what `visitor` may read: the
    search must not tell who has joined."""
    key = nickname_key(query)
    members = _named(key=key) if key else []
    if members:  # most words are nobody's name
        read = Post.objects.visible_to(visitor).filter(
            author=OuterRef("pk"), author_name=OuterRef("nickname")
        )
        blocked = blocked_by(visitor)
        readable = Member.objects.filter(Exists(read), nickname_key=key).exclude(pk__in=blocked)
        members = [*readable.filter(pk__in=[each.pk for each in members])]
    return [NamedPlace("member", each.nickname, each.get_absolute_url()) for each in members]


def _members_with_open_profiles() -> QuerySet[Member]:
    key = Slot("key", CharField())
    shown = Member.objects.filter(nickname_key=key, shows_profile=True)
    return shown.filter(is_active=True, left_at=None).only("pk")


_named = Compiled(_members_with_open_profiles, by_key=True)
