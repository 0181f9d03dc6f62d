"""Deletes everything that was imported. Each step can be killed at any point and run again.

Rows are deleted in the reverse order of the import, in batches, each with its entries in the ledger in one
transaction. What people have written here since hangs on imported rows: `written_here` names it before.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice

from django.apps import apps
from django.core.files.storage import Storage
from django.db import transaction
from django.db.models import CharField, Exists, F, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from boards import search
from boards.actions.files import delete_file
from boards.actions.indexing import comment_document, post_document
from boards.models import Attachment, Board, BoardGroup, Comment, Post, SearchWord
from boardsite.typing import StrOrPromise
from importer.actions.author_addresses import forget_addresses_of_posts
from importer.actions.kinds import KEPT, ROWS_OF_NOTES
from importer.actions.ledger import BATCH, cut
from importer.models import Imported, Kind

# Models of an app that is switched off cannot be imported.
if apps.is_installed("pages"):
    from pages.actions.content import delete_content_page
    from pages.models import ContentPage
if apps.is_installed("visits"):
    from visits.actions.importing import forget_imported_counts

POSTS = (Kind.POST, Kind.POLL, Kind.QUESTION, Kind.INQUIRY)
COMMENTS = (Kind.COMMENT, Kind.ANSWER)
FEW = 50  # posts or members of one transaction: much hangs on them
EXAMPLES = 5


# -- What people have written here -----------------------------------------------------------------
@dataclass
class WrittenHere:
    """What would be deleted although it was written here."""

    name: StrOrPromise
    count: int = 0
    examples: tuple[str, ...] = ()


def written_here() -> list[WrittenHere]:
    """What people have written or edited here and would be deleted too; nothing that is not there."""
    boards = Imported.objects.filter(kind=Kind.BOARD)
    made = list(boards.filter(here__isnull=False).values_list("new", flat=True))
    # Of a board that was here before only the imported posts are deleted.
    others = list(boards.filter(here=None).values_list("new", flat=True))
    number = Cast(OuterRef("number"), CharField())
    entry = Imported.objects.filter(kind=Kind.POST, board=OuterRef("board"), old=number)
    deleted = Post.objects.filter(Q(board__in=made) | Q(Exists(entry), board__in=others))
    posts = deleted.select_related("board")
    comments = Comment.objects.filter(post__in=deleted.values("pk")).select_related("post__board")
    edited = posts.exclude(edited_at=None)
    found = [
        _look(_("이곳에서 쓴 글"), posts, POSTS),
        _look(_("이곳에서 쓴 댓글"), comments, COMMENTS),
        WrittenHere(_("가져온 뒤 고친 글"), edited.count(), _examples(edited[:EXAMPLES])),
    ]
    return [each for each in found if each.count]


def _look(name: StrOrPromise, rows: QuerySet, kinds: tuple[Kind, ...]) -> WrittenHere:
    """The rows that the ledger does not know. Both are read in one order, since they may be millions."""
    ledger = Imported.objects.filter(kind__in=kinds).order_by("new")
    imported = ledger.values_list("new", flat=True).iterator(chunk_size=10_000)
    here = rows.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=10_000)
    own, count = [], 0
    for pk in _without(here, imported):
        count += 1
        if count <= EXAMPLES:
            own.append(pk)
    return WrittenHere(name, count, _examples(rows.filter(pk__in=own).order_by("pk")))


def _without(here: Iterator[int], imported: Iterator[int]) -> Iterator[int]:
    known = next(imported, None)
    for pk in here:
        while known is not None and known < pk:
            known = next(imported, None)
        if known != pk:
            yield pk


def _examples(rows: Iterable[Post] | Iterable[Comment]) -> tuple[str, ...]:
    return tuple(f"{each.get_absolute_url()} '{cut(str(each))}'" for each in rows)


# -- Deleting it -----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Forgetting:
    """One step. `run` yields how many entries of the ledger it has deleted."""

    name: StrOrPromise
    total: int
    run: Callable[[], Iterator[int]]


def forgetting() -> Iterator[Forgetting]:
    """The steps, in their order. Afterwards all counters have to be counted again."""
    for kind in reversed(Kind):
        if kind not in LATER and (model := _model(kind)) is not None:
            yield _step(kind, partial(_delete, model))
    yield _step(Kind.WORD, _delete_words)
    if apps.is_installed("pages"):
        yield _step(Kind.CONTENT, _delete_content)
    if apps.is_installed("visits"):
        yield Forgetting(_("접속자집계"), 0, _forget_visits)
    for kind in POSTS:
        yield _step(kind, _delete_imported_posts, FEW)
    for kind in COMMENTS:
        yield _step(kind, partial(_delete, Comment))
    yield _step(Kind.BOARD, _delete_boards, 1)
    yield _step(Kind.MEMBER, _delete_members, FEW)
    yield _step(Kind.GROUP, _delete_groups)
    yield Forgetting(_("가져온 기록"), Imported.objects.count(), _forget_rest)


LATER = frozenset(
    {
        *(*POSTS, *COMMENTS, Kind.CONTENT),
        *(Kind.BOARD, Kind.MEMBER, Kind.GROUP),
        *(Kind.FILE, Kind.BODY),  # go with their posts
    }
)
Delete = Callable[[list[Imported]], None]


def _model(kind: Kind) -> type[Model] | None:
    """The model of a kind, unless its app is switched off or its entries are only notes."""
    for kept in KEPT:
        if kept.kind == kind:
            return kept.model
    app, _dot, name = ROWS_OF_NOTES.get(kind, "").partition(".")
    return apps.get_model(app, name) if app and apps.is_installed(app) else None


def _made(kind: Kind) -> QuerySet[Imported]:
    """What the import has made of a kind, without what was here before."""
    return Imported.objects.filter(kind=kind, here__isnull=False)


def _step(kind: Kind, delete: Delete, size: int = BATCH) -> Forgetting:
    return Forgetting(kind.label, _made(kind).count(), partial(_in_batches, kind, delete, size))


def _in_batches(kind: Kind, delete: Delete, size: int) -> Iterator[int]:
    """Walks along the index of the ledger, board by board."""
    for board in _made(kind).values_list("board", flat=True).distinct().order_by("board"):
        last = ""
        rest = _made(kind).filter(board=board).order_by("old")
        while entries := list(rest.filter(old__gt=last)[:size]):
            last = entries[-1].old
            with transaction.atomic():
                delete(entries)
                Imported.objects.filter(pk__in=[each.pk for each in entries]).delete()
            yield len(entries)


def _delete(model: type[Model], entries: list[Imported]) -> None:
    model._default_manager.filter(pk__in=[each.new for each in entries]).delete()


def _delete_words(entries: list[Imported]) -> None:
    """Takes back what has been added to the searches of each day."""
    for each in entries:
        at, _space, word = each.old.partition(" ")
        counted = SearchWord.objects.filter(day=at, word=word)
        counted.filter(visitors__lte=each.new).delete()
        counted.update(visitors=F("visitors") - each.new)


def _delete_content(entries: list[Imported]) -> None:
    """Content pages with their pictures."""
    for page in ContentPage.objects.filter(pk__in=[each.new for each in entries]):
        delete_content_page(page=page)


def _forget_visits() -> Iterator[int]:
    yield forget_imported_counts()


def _delete_imported_posts(entries: list[Imported]) -> None:
    _delete_posts([each.new for each in entries])


def _delete_posts(ids: list[int]) -> None:
    """Posts with all that hangs on them: files, comments, votes, and their entries in the indexes."""
    posts = Post.objects.filter(pk__in=ids)
    for attachment in Attachment.objects.filter(post__in=ids):
        delete_file(attachment)
    for post in posts.filter(state="published").select_related("body"):
        search.posts.remove(post_document(post, post.body.html))
    forget_addresses_of_posts(ids)
    comments = Comment.objects.searchable().filter(post__in=ids).select_related("post")
    for comment in comments.iterator(chunk_size=BATCH):
        search.comments.remove(comment_document(comment, comment.post.board_id))
    posts.delete()


def _delete_boards(entries: list[Imported]) -> None:
    """Boards that the import has made, with the posts that were written here."""
    for board in Board.objects.filter(pk__in=[each.new for each in entries]):
        rest = board.posts.order_by("pk").values_list("pk", flat=True)
        while some := list(rest[:FEW]):
            _delete_posts(some)
        board.delete()


def _delete_members(entries: list[Imported]) -> None:
    """What they have written in boards of this site stays, under the name that it was written under."""
    members = Member.objects.filter(pk__in=[each.new for each in entries])
    for member in members.exclude(picture=""):
        transaction.on_commit(partial(_remove_file, member.picture.storage, member.picture.name))
    members.delete()


def _remove_file(storage: Storage, name: str) -> None:
    storage.delete(name)


def _delete_groups(entries: list[Imported]) -> None:
    """Groups that hold no board of this site."""
    BoardGroup.objects.filter(pk__in=[each.new for each in entries], boards=None).delete()


def _forget_rest() -> Iterator[int]:
    """The entries about rows that were here before, and notes."""
    while rest := list(islice(Imported.objects.values_list("pk", flat=True)[:BATCH], BATCH)):
        Imported.objects.filter(pk__in=rest).delete()
        yield len(rest)
