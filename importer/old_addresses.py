"""Answers requests for addresses of gnuboard5 with a redirect to the page here.

Addresses of its scripts and files are looked up before anything else is done; of all others only responses of
404 and 410 are looked at, so that no other request costs anything. A redirect costs one query by an index; the
board and what a visitor may do there are cached anyway.
"""

import re
from collections.abc import Callable, Iterable
from urllib.parse import urlencode

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Model, QuerySet, Value
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from accounts.models import Member
from accounts.permissions import Visitor
from boards.models import Attachment, Board, Category, Comment, Post, State
from boards.permissions import access
from boards.queries.boards import categories_of, known_boards
from boards.queries.finding import board_at
from boardsite.views.refusals import Gone
from boardsite.visitors.identity import is_person, today, user_agent
from boardsite.visitors.user_agents import is_robot
from importer.models import Imported, Kind, slug_key
from importer.reading.addresses import SCRIPTS, Old, board_slug, parse
from importer.tallies import redirects

GONE = frozenset({404, 410})
LONGEST_CATEGORY = 20  # characters that the import keeps


class RedirectOldAddresses:
    """Stands inside of what adds slashes, so that an old address leads to its page by one redirect."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Raises Gone for what was deleted."""
        may_redirect = request.method in ("GET", "HEAD")
        is_script = request.path.startswith(SCRIPTS)  # nothing here has such an address
        if may_redirect and is_script and (found := _redirect(request)):
            return found
        response = self.get_response(request)
        if may_redirect and not is_script and response.status_code in GONE:
            return _redirect(request) or response
        return response


def _redirect(request: HttpRequest) -> HttpResponse | None:
    asked = parse(request.path, request.GET)
    address = find_address(request, asked) if asked else ""
    if not address or address == request.path:
        return None
    _note(request)
    return HttpResponsePermanentRedirect(address)


def _note(request: HttpRequest) -> None:
    """Counts the redirect of a person or of a robot. Other requests are those of scripts and of the proof."""
    is_by_person = is_person(request)
    if is_by_person or is_robot(user_agent(request)):
        redirects.count((today(), is_by_person))


def find_address(request: HttpRequest, asked: Old) -> str:
    """The address here of what was asked for; "" if there is no such thing. Raises Gone for a post that was
    deleted, there or here."""
    find = _FINDERS.get(asked.kind)
    return find(request, asked) if find else ""


# -- What the ledger knows -------------------------------------------------------------------------
def _ids(kind: Kind, old: str, board: int = 0) -> QuerySet:
    """The id of what has been imported, for a query about it."""
    return Imported.objects.filter(kind=kind, board=board, old=old).values("new")


def _rows(model: type[Model], kind: Kind, old: str, board: int = 0) -> QuerySet:
    """The row that an imported one has become."""
    return model._default_manager.filter(pk__in=_ids(kind, old, board))


def _first(rows: QuerySet, *names: str) -> tuple:
    """These columns of the first row; () if there is none."""
    return next(iter(rows.values_list(*names)[:1]), ())


# -- Boards ----------------------------------------------------------------------------------------
def _board(asked: Old) -> Board | None:
    return board_at(board_slug(asked.board))


def _post(request: HttpRequest, asked: Old) -> str:
    """The post; the number may also be that of a comment, or of a post that has been moved here."""
    board = _board(asked)
    if board is None or not access(request.user, board).list:
        return ""
    found = _place(
        # By the ledger first: a post that was written here may have taken the number before.
        _rows(Post, Kind.POST, str(asked.number), board.pk),
        _rows(Comment, Kind.COMMENT, str(asked.number), board.pk),
        Post.objects.filter(board=board, number=asked.number),
        Post.objects.filter(old_addresses__board=board, old_addresses__number=asked.number),
        visitor=request.user,
    )
    was_here = 1 <= asked.number <= board.last_number
    if not found and was_here and access(AnonymousUser(), board).is_public:
        raise Gone(_("글이 존재하지 않습니다. 글이 삭제되었거나 이동된 경우입니다."))
    return found


def _place(
    posts: QuerySet, comments: QuerySet, *others: QuerySet, visitor: Visitor | None = None
) -> str:
    """The address of the post or the comment, by one query; "" if there is none, if it is hidden or deleted
    here, or if it was moved to a board that `visitor` may not list."""
    of_post = ("state", "board__slug", "number")
    queries = [
        posts.annotate(comment_id=Value(0)).values_list(*of_post, "comment_id"),
        comments.annotate(comment_id=F("pk")).values_list(
            *(f"post__{name}" for name in of_post), "comment_id"
        ),
    ]
    queries += [
        each.annotate(comment_id=Value(0)).values_list(*of_post, "comment_id") for each in others
    ]
    rows = list(queries[0].order_by().union(*(each.order_by() for each in queries[1:]), all=True))
    for state, slug, number, comment in rows:
        if state != State.PUBLISHED:
            continue
        if visitor is not None:
            board = board_at(slug)
            if board is None or not access(visitor, board).list:
                continue
        post = Post(number=number, board=Board(slug=slug))
        return (
            Comment(pk=comment, post=post).get_absolute_url()
            if comment
            else post.get_absolute_url()
        )
    return ""


def _slug(request: HttpRequest, asked: Old) -> str:
    board = _board(asked)
    if board is None or not access(request.user, board).list:
        return ""
    numbers = _ids(Kind.TITLE, slug_key(asked.name), board.pk)
    return _place(Post.objects.filter(board=board, number__in=numbers), Comment.objects.none())


def _list(request: HttpRequest, asked: Old) -> str:
    board = _board(asked)
    if board is None:
        return ""
    if asked.words:
        return _search(asked.words, board.slug)
    named = {each.name: each.pk for each in categories_of(board)}
    query: dict[str, int] = {}
    if asked.page > 1:
        query["page"] = asked.page
    if asked.category[:LONGEST_CATEGORY] in named:
        query["category"] = named[asked.category[:LONGEST_CATEGORY]]
    return board.get_absolute_url() + (f"?{urlencode(query)}" if query else "")


def _search(words: str, board: str = "") -> str:
    query = {"q": words} | ({"board": board} if board else {})
    return f"{reverse('search')}?{urlencode(query)}"


def _write(request: HttpRequest, asked: Old) -> str:
    board = _board(asked)
    if board is None:
        return ""
    names = {"u": "edit_post", "r": "reply_post"}
    if asked.number and asked.name in names:
        return reverse(names[asked.name], args=[board.slug, asked.number])
    return reverse("write_post", args=[board.slug])


def _feed(request: HttpRequest, asked: Old) -> str:
    """Only of a board that has one."""
    board = _board(asked)
    has_feed = board is not None and access(AnonymousUser(), board).has_feed
    return reverse("board_feed", args=[board.slug]) if board is not None and has_feed else ""


def _group(request: HttpRequest, asked: Old) -> str:
    slugs = {board.group.slug for board in known_boards().values()}
    return reverse("show_group", args=[asked.name]) if asked.name in slugs else ""


# -- Boards that were tables there -----------------------------------------------------------------
def _faq(request: HttpRequest, asked: Old) -> str:
    if asked.number:
        found = _first(_rows(Category, Kind.FAQ, str(asked.number)), "board__slug", "pk")
        return f"/{found[0]}/?category={found[1]}" if found else ""
    board = _own("faq")
    return _search(asked.words, board) if board and asked.words else f"/{board}/" if board else ""


def _poll(request: HttpRequest, asked: Old) -> str:
    key = str(asked.number)
    found = _place(_rows(Post, Kind.POLL, key), Comment.objects.none())
    return found or _gone(_ids(Kind.POLL, key))


def _inquiries(request: HttpRequest, asked: Old) -> str:
    board = _own("inquiry")
    return f"/{board}/{'write/' if asked.name == 'write' else ''}" if board else ""


def _inquiry(request: HttpRequest, asked: Old) -> str:
    """Who may read it is decided at its new address."""
    key = str(asked.number)
    return _place(_rows(Post, Kind.INQUIRY, key), _rows(Comment, Kind.ANSWER, key))


def _own(key: str) -> str:
    return next(iter(_first(_rows(Board, Kind.BOARD, f"@{key}"), "slug")), "")


# -- The rest --------------------------------------------------------------------------------------
def _content(request: HttpRequest, asked: Old) -> str:
    """A content page, by its id or its title."""
    own = {"privacy": "show_privacy", "provision": "show_terms"}
    if not apps.is_installed("pages"):
        return reverse(own[asked.name]) if asked.name in own else ""
    from pages.models import ContentPage  # of an app that may be switched off

    names = Imported.objects.filter(
        kind__in=(Kind.CONTENT, Kind.CONTENT_TITLE), board=0, old=slug_key(asked.name)
    )
    pages = ContentPage.objects.filter(pk__in=names.values("new"))
    slug = next(iter(_first(pages, "slug")), "")
    return reverse("read_content_page", args=[slug]) if slug else _gone(names)


def _gone(entries: QuerySet) -> str:
    """Raises Gone for what was imported and has been deleted since; "" for what never existed."""
    if entries.exists():
        raise Gone(_("삭제된 내용입니다."))
    return ""


def _member(request: HttpRequest, asked: Old) -> str:
    """By the 아이디 there, which may be another one here. Raises Gone for a member who has left."""
    rows = _rows(Member, Kind.MEMBER, asked.name.lower())
    for username, is_active, left_at in rows.values_list("username", "is_active", "left_at"):
        if left_at is not None or not is_active:
            raise Gone(_("탈퇴한 회원입니다."))
        return reverse("show_member", args=[username])
    return ""


def _message(request: HttpRequest, asked: Old) -> str:
    """Who may read it is decided at its new address."""
    pk = next(iter(_ids(Kind.MESSAGE, str(asked.number)).values_list("new", flat=True)), 0)
    return reverse("show_message", args=[pk]) if pk else reverse("list_messages")


def _page(request: HttpRequest, asked: Old) -> str:
    try:
        address = reverse(asked.name)
    except NoReverseMatch:  # of an app that is switched off
        return ""
    return _search(asked.words, board_slug(asked.board)) if asked.words else address


def _file(request: HttpRequest, asked: Old) -> str:
    """A file below data/, or the picture that gnuboard5 made a thumbnail of. Who may see it is decided at its
    new address."""
    path = f"file/{asked.board}/{asked.name}" if asked.kind == "file" else asked.name
    keys = [slug_key(each) for each in (path, _without_thumb(path)) if each]
    paths = Imported.objects.filter(kind=Kind.PATH, board=0, old__in=keys)
    found = _attachment(Attachment.objects.filter(pk__in=paths.values("new")))
    return found or _picture_of_page(keys)


def _picture_of_page(keys: list[str]) -> str:
    """A picture of a content page, by its path below data/."""
    if not apps.is_installed("pages"):
        return ""
    from pages.models import ContentPicture  # of an app that may be switched off

    entries = Imported.objects.filter(kind=Kind.PAGE_PICTURE, old__in=keys)
    pictures = ContentPicture.objects.filter(pk__in=entries.values("new"))
    return next((picture.url for picture in pictures[:1]), "")


def _without_thumb(path: str) -> str:
    """The picture behind thumb-NAME_202x150.jpg; "" for the path of no thumbnail."""
    folder, _slash, name = path.rpartition("/")
    found = re.fullmatch(r"thumb-(.{1,200})_\d{1,4}x\d{1,4}\.(\w{3,4})", name)
    return f"{folder}/{found[1]}.{found[2]}" if found else ""


def _download(request: HttpRequest, asked: Old) -> str:
    """A file of a post, or of an inquiry where no board is named."""
    key = f"{asked.number}/{asked.name}"
    if not asked.board:
        boards = Imported.objects.filter(kind=Kind.BOARD, board=0, old="@inquiry").values("new")
        ids = Imported.objects.filter(kind=Kind.FILE, board__in=boards, old=key).values("new")
        return _attachment(Attachment.objects.filter(pk__in=ids), is_download=True)
    board = _board(asked)
    rows = _rows(Attachment, Kind.FILE, key, board.pk) if board else Attachment.objects.none()
    return _attachment(rows, is_download=True)


def _attachment(rows: Iterable[Attachment], *, is_download: bool = False) -> str:
    for attachment in rows:
        # A picture is shown: there is nothing else to download of it.
        is_file = is_download and not attachment.is_picture
        return reverse("download_file", args=[attachment.pk]) if is_file else attachment.url
    return ""


def _picture(request: HttpRequest, asked: Old) -> str:
    rows = _rows(Member, Kind.MEMBER, asked.name.lower()).exclude(picture="")
    username = next(iter(_first(rows, "username")), "")
    return reverse("member_picture", args=[username]) if username else ""


_FINDERS: dict[str, Callable[[HttpRequest, Old], str]] = {
    "post": _post,
    "slug": _slug,
    "list": _list,
    "write": _write,
    "feed": _feed,
    "group": _group,
    "faq": _faq,
    "poll": _poll,
    "inquiries": _inquiries,
    "inquiry": _inquiry,
    "content": _content,
    "member": _member,
    "message": _message,
    "file": _file,
    "data_file": _file,
    "download": _download,
    "picture": _picture,
    "page": _page,
}
