"""Removes the demo community again: what the demo has written and nobody has changed.

What others wrote stays: a demo post with their comments or reply posts below it is kept, with its
author. So are posts that somebody has edited, boards that hold other posts, and boards whose settings
were changed. Everything is looked for each time and removed in small transactions, so a removal that
was interrupted continues when it is started again.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.db.models import Exists, OuterRef, ProtectedError, Q, QuerySet

from accounts.models import Member
from boards.actions.managing import manage_posts
from boards.actions.polls import forget_votes
from boards.actions.purging import purge_post
from boards.actions.reactions import unvote_comment, unvote_post
from boards.demo.content import GROUPS, PEOPLE, PLACES, SITE, Place
from boards.demo.fill import HOT_VIEWS
from boards.models import (
    Board,
    BoardGroup,
    Comment,
    CommentVote,
    ModerationEntry,
    Post,
    PostVote,
    State,
)
from boardsite.caching import versions
from boardsite.caching.versioned_cache import VersionedCache
from boardsite.models import SiteSettings

BATCH = 20  # posts that are deleted in one transaction
NOT_COMPARED = {"id", "group", "position", "post_count", "comment_count", "last_number"}
"""Columns of a board that change while it is used, or say only where it stands."""


@dataclass
class Leftovers:
    """What can be removed, and what stays because somebody else has a part in it."""

    posts: list[int] = field(default_factory=list)
    comment_count: int = 0
    members: list[Member] = field(default_factory=list)
    boards: list[Board] = field(default_factory=list)
    groups: list[BoardGroup] = field(default_factory=list)
    site_fields: list[str] = field(default_factory=list)
    kept_posts: list[Post] = field(default_factory=list)
    kept_boards: list[Board] = field(default_factory=list)
    kept_members: list[Member] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether there is anything to remove."""
        return any((self.posts, self.members, self.boards, self.groups, self.site_fields))


def find_leftovers() -> Leftovers:
    """What is left of the demo. One query on a site that has none of it."""
    found = Leftovers(site_fields=placeholders(SiteSettings.known()))
    people = list(demo_people())
    if not people:
        return found
    posts = list(_written_by(people).select_related("board"))
    kept = _taken_up([post.pk for post in posts], people)
    found.kept_posts = [post for post in posts if post.pk in kept]
    found.posts = sorted((post.pk for post in posts if post.pk not in kept), reverse=True)
    found.comment_count = Comment.objects.filter(post__in=found.posts).count()
    _find_boards(found)
    busy = _authors_of_the_rest(people, found.posts)
    for person in people:
        (found.kept_members if person.pk in busy else found.members).append(person)
    return found


def demo_people() -> QuerySet[Member]:
    """Members of the demo: nobody has given them a password or another address."""
    made = Q()
    for person in PEOPLE:
        made |= Q(username=person.username, email=f"{person.username}@example.com")
    unused = Member.objects.filter(made, password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return unused.filter(erased_at=None, is_superuser=False)


def placeholders(site: SiteSettings) -> list[str]:
    """The fields of the site information that still hold the demo's example."""
    return [name for name, value in SITE.items() if getattr(site, name) == value]


def _written_by(people: Iterable[Member]) -> QuerySet[Post]:
    """A robot's posts with an origin are collected articles."""
    posts = Post.objects.filter(author__in=[person.pk for person in people])
    return posts.exclude(author__is_robot=True, body__origin__gt="")


def _taken_up(posts: Collection[int], people: Iterable[Member]) -> set[int]:
    """Those of `posts` that somebody has edited, or below which others have written."""
    ids = [person.pk for person in people]
    others = Comment.objects.filter(post__in=posts).exclude(state=State.DELETED)
    taken = set(others.exclude(author__in=ids).values_list("post", flat=True))
    mine = {post.pk: post for post in Post.objects.filter(pk__in=posts)}
    taken |= {post.pk for post in mine.values() if post.edited_at}
    same_thread = Post.objects.filter(
        pk__in=posts, board=OuterRef("board"), thread=OuterRef("thread")
    )
    below: dict[tuple[int, int], list[str]] = defaultdict(list)
    for post in Post.objects.filter(Exists(same_thread), path__gt="").only(
        "board", "thread", "path"
    ):
        if post.pk not in mine or post.pk in taken:
            below[post.board_id, post.thread].append(post.path)
    for pk, post in mine.items():
        if any(path.startswith(post.path) for path in below[post.board_id, post.thread]):
            taken.add(pk)
    return taken


def _authors_of_the_rest(people: Iterable[Member], posts: Collection[int]) -> set[int]:
    """Those of `people` of whom something stays when `posts` are gone."""
    ids = [person.pk for person in people]
    rest = Post.objects.filter(author__in=ids).exclude(pk__in=posts)
    said = Comment.objects.filter(author__in=ids).exclude(post__in=posts)
    return {*rest.values_list("author", flat=True), *said.values_list("author", flat=True)}


def _find_boards(found: Leftovers) -> None:
    places = {place.slug: place for place in PLACES}
    others = Post.objects.exclude(pk__in=found.posts).filter(board=OuterRef("pk"))
    boards = Board.objects.filter(slug__in=places).annotate(is_used=Exists(others))
    for board in boards.prefetch_related("categories", "extra_fields", "moderators"):
        is_free = not board.is_used and _is_unchanged(board, places[board.slug])
        (found.boards if is_free else found.kept_boards).append(board)
    free = [board.pk for board in found.boards]
    used = Board.objects.exclude(pk__in=free).filter(group=OuterRef("pk"))
    for group in BoardGroup.objects.annotate(is_used=Exists(used)).filter(is_used=False):
        if (group.slug, group.name) in GROUPS:
            found.groups.append(group)


def _is_unchanged(board: Board, place: Place) -> bool:
    made = Board(
        slug=place.slug,
        name=place.name,
        description=place.description,
        hot_views=HOT_VIEWS,
        **dict(place.ways),
    )
    names = [each.name for each in Board._meta.concrete_fields if each.name not in NOT_COMPARED]
    return (
        all(getattr(board, name) == getattr(made, name) for name in names)
        and {each.name for each in board.categories.all()} == {*place.categories}
        and {each.name for each in board.extra_fields.all()}
        == {dict(each)["name"] for each in place.extras}
        and not board.moderators.all()
    )


def clear_demo() -> Leftovers:
    """Removes what `find_leftovers` finds and returns it. Safe to repeat."""
    found = find_leftovers()
    people = [*found.members, *found.kept_members]
    for start in range(0, len(found.posts), BATCH):
        _remove_posts(found.posts[start : start + BATCH], people)
    for board in found.boards:
        _delete(Board.objects.filter(pk=board.pk))
    for group in found.groups:
        _delete(BoardGroup.objects.filter(pk=group.pk))
    for member in found.members:
        _remove_member(member)
    _forget_placeholders()
    return found


def _remove_posts(posts: list[int], people: list[Member]) -> None:
    """Those below which somebody has written meanwhile stay: their lock keeps comments waiting."""
    with transaction.atomic():
        locked = Post.objects.select_for_update(no_key=True).filter(pk__in=posts).order_by("pk")
        there = {post.pk for post in locked}
        gone = there - _taken_up(there, people)
        chosen = list(Post.objects.filter(pk__in=gone))
        manage_posts(posts=chosen, operation=ModerationEntry.Operation.DELETE, by=None)
        ModerationEntry.objects.filter(post__in=gone).delete()  # a record of nothing real
    for post in sorted(chosen, key=lambda post: -post.pk):
        purge_post(post=post)


def _remove_member(member: Member) -> None:
    """With their votes on posts that stay; one who has written meanwhile, or has a source of the
    collector, stays."""
    if _authors_of_the_rest([member], []):
        return
    for post_vote in PostVote.objects.filter(member=member).select_related("post"):
        unvote_post(post=post_vote.post, member=member)
    for vote in CommentVote.objects.filter(member=member).select_related("comment"):
        unvote_comment(comment=vote.comment, member=member)
    forget_votes(member=member)
    _delete(Member.objects.filter(pk=member.pk))


def _delete(rows: QuerySet) -> None:
    try:
        with transaction.atomic():
            rows.delete()
    except ProtectedError:
        pass  # somebody uses it meanwhile


def _forget_placeholders() -> None:
    with transaction.atomic():
        defaults = SiteSettings()
        site = SiteSettings.objects.select_for_update().filter(pk=1).first()
        if site is not None and (names := placeholders(site)):
            for name in names:
                setattr(site, name, getattr(defaults, name))
            site.save(update_fields=names)
    SiteSettings.forget()


is_demo_left = VersionedCache(
    lambda: bool(find_leftovers()), scope=lambda: versions.ALL, seconds=60
)
