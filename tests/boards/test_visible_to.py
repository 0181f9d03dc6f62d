"""What may not be read is nowhere: every visitor × every state of a post × every outlet.

`Access.may_read` is the rule. Each post carries words of its own in subject, body, comment and file
name; each outlet must show them where the rule says yes, and none of them where it says no.
Attack cases 19 to 24. A new state is a row of STATES and one of READERS; a new visitor a row of
PEOPLE, and his name in READERS.
"""

import copy
import functools
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client, override_settings

from accounts.actions import suspend_member
from boards import search
from boards.actions.comments import write_comment
from boards.actions.files import store_file, store_picture
from boards.actions.posts import delete_post, hide_post, move_post, write_post
from boards.actions.scraps import scrap_post
from boards.models import Board, BoardGroup, Comment, Post, Report
from boards.permissions import access
from boards.queries.popular import popular_rows
from boardsite.models import SiteSettings
from tests.conftest import make_member, make_owner
from tests.crowd import picture_upload
from tests.page import CHROME, Page

# board → (its group, its settings)
BOARDS = {
    "free": ("community", {}),
    "other": ("community", {}),
    "vip": ("community", {"list_level": 5, "read_level": 5}),
    "half": ("community", {"read_level": 5}),
    "adults": ("community", {"audience": "adult"}),
    "club": ("private", {}),
    "clubvip": ("private", {"list_level": 5, "read_level": 5}),
}
# who → (his 별명, his level)
PEOPLE = {
    "stranger": ("나그네", 2),
    "author": ("글쓴이", 2),
    "commenter": ("댓글러", 2),
    "regular": ("단골", 5),
    "moderator": ("지킴이", 2),
    "other_moderator": ("다른지킴이", 2),
    "group_member": ("모임회원", 2),
    "group_moderator": ("모임지킴이", 2),
    "adult": ("어른", 2),
}
VISITORS = ["guest", *PEOPLE, "owner", "suspended_author"]


@dataclass(frozen=True)
class State:
    """Where a post is written, how, and what is done to it then: `then(place, post)`.

    `asked_by`: who has written the secret post that it answers, "" where it answers none.
    """

    board: str = "free"
    how: dict = field(default_factory=dict)
    then: Callable | None = None
    asked_by: str = ""


SECRET = {"is_secret": True}


def to(slug: str) -> Callable:
    return lambda place, post: move_post(
        post=post, board=place.boards[slug], by=place.people["owner"]
    )


STATES = {
    "public": State(),
    "secret": State(how=SECRET),
    "between": State(),  # a public post between the secret one and those that are gone
    "hidden": State(then=lambda place, post: hide_post(post=post, by=place.people["owner"])),
    "deleted": State(then=lambda place, post: delete_post(post=post, by=place.people["owner"])),
    "vip": State("vip"),
    "vipsecret": State("vip", SECRET),
    "half": State("half"),
    "moved": State(then=to("other")),
    "movedsecret": State(how=SECRET, then=to("other")),
    "movedup": State(then=to("vip")),
    "adult": State("adults"),
    "adultsecret": State("adults", SECRET),
    "private": State("club"),
    "privatesecret": State("club", SECRET),
    "privatevip": State("clubvip"),
    "movedprivate": State(then=to("club")),
    "answer": State("other", asked_by="commenter"),
}
# What the matrix is measured by, written out by hand: state → who may read such a post.
EVERYBODY = set(VISITORS)
HIGH = {"regular", "owner"}
READERS = {
    "public": EVERYBODY,
    "secret": {"author", "moderator", "owner"},
    "between": EVERYBODY,
    "hidden": set(),
    "deleted": set(),
    "vip": HIGH,
    "vipsecret": {"owner"},
    "half": HIGH,
    "moved": EVERYBODY,
    "movedsecret": {"author", "other_moderator", "owner"},
    "movedup": HIGH,
    "adult": {"adult", "owner"},
    "adultsecret": {"owner"},
    "private": {"group_member", "group_moderator", "owner"},
    "privatesecret": {"group_moderator", "owner"},
    "privatevip": {"group_moderator", "owner"},
    "movedprivate": {"group_member", "group_moderator", "owner"},
    "answer": {"author", "commenter", "other_moderator", "owner"},
}
WORDS = ("제목", "본문", "댓글", "파일")  # 고슴도치 stands in each, so that one search finds all


@dataclass
class Told:
    """A post in one state; `old` is its former address."""

    state: str
    post: Post
    old: str = ""
    file: int = 0
    picture: int = 0

    def word(self, where: str) -> str:
        return f"q{self.state}x{WORDS.index(where)}x"


@dataclass
class Place:
    """The boards, the people, and a post in each state."""

    boards: dict[str, Board]
    people: dict[str, object]
    told: list[Told] = field(default_factory=list)

    def visitor(self, name: str):
        """Who the site takes that visitor for."""
        return AnonymousUser() if name in ("guest", "suspended_author") else self.people[name]


def is_adult(member, audience: str) -> bool:
    """As an operator's own check."""
    return member.username == "adult" and audience == "adult"


IS_ADULT = {"AUDIENCE_CHECK": f"{__name__}.is_adult"}


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker, tmp_path_factory):
    """The place with its folder of files: committed once for this file, for it takes a second."""
    folder = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=folder, **IS_ADULT):
        group = BoardGroup.objects.create(slug="community", name="커뮤니티")
        place = build(group, make_owner())
    yield place, folder
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0)
        search.posts.clear()
        search.comments.clear()


@pytest.fixture
def place(built, settings, monkeypatch, db):
    """Every list holds all posts, so that what is missing in one was left out on purpose."""
    place, settings.MEDIA_ROOT = built
    settings.AUDIENCE_CHECK = IS_ADULT["AUDIENCE_CHECK"]
    monkeypatch.setattr("boards.views.members.SHOWN", 100)
    monkeypatch.setattr(
        "boards.views.boards.popular_rows", functools.partial(popular_rows, count=100)
    )
    SiteSettings.load()
    SiteSettings.objects.update(page_size=100)
    return copy.deepcopy(place)  # what a test learns of a row, the next one asks anew


def build(group: BoardGroup, owner) -> Place:
    groups = {
        "community": group,
        "private": BoardGroup.objects.create(slug="private", name="모임", is_private=True),
    }
    boards = {
        slug: Board.objects.create(group=groups[shelf], slug=slug, name=f"게시판 {slug}", **more)
        for slug, (shelf, more) in BOARDS.items()
    }
    people = {name: make_member(name, nick, level=level) for name, (nick, level) in PEOPLE.items()}
    people["owner"] = owner
    boards["free"].moderators.add(people["moderator"])
    boards["other"].moderators.add(people["other_moderator"])
    groups["private"].members.add(people["group_member"])
    groups["private"].moderators.add(people["group_moderator"])
    place = Place(boards, people)
    reporter = make_member("reporter", "신고자")
    everybody = " ".join(f"@{person.nickname}" for person in people.values())

    def write(state: str, slug: str, more: dict) -> Told:
        told = Told(state, post=None)
        author, commenter = people["author"], people["commenter"]
        upload = SimpleUploadedFile(f"{told.word('파일')}.pdf", b"%PDF-1.7")
        file = store_file(uploader=author, upload=upload, limit=1000)
        picture = store_picture(uploader=author, upload=picture_upload(), is_inline=False)
        told.post = write_post(
            author=author,
            board=boards[slug],
            subject=f"고슴도치 {told.word('제목')}",
            source=f"<p>고슴도치 {told.word('본문')}</p>",
            tags=["고슴도치"],
            files=[file, picture],
            **more,
        )
        said = f"고슴도치 {told.word('댓글')} {everybody}"
        write_comment(author=commenter, post=told.post, text=said)
        told.post.refresh_from_db()
        told.old, told.file, told.picture = told.post.get_absolute_url(), file.pk, picture.pk
        place.told.append(told)
        Report.objects.create(post=told.post, member=reporter, reason="spam")
        return told

    for name, state in STATES.items():
        how = state.how
        if state.asked_by:
            asker, board = people[state.asked_by], boards[state.board]
            asked = write_post(author=asker, board=board, subject="물음", source="", is_secret=True)
            how = how | {"answer_to": asked}
        told = write(name, state.board, how)
        if state.then:
            state.then(place, told.post)
    for told in place.told:
        told.post = Post.objects.select_related("board__group", "author").get(pk=told.post.pk)
        for person in people.values():
            scrap_post(post=told.post, member=person)  # as if each had been readable once
    return place


@pytest.fixture
def browse(place):
    """`browse(name)`: the browser of that visitor."""

    def open_browser(name: str) -> Client:
        client = Client(headers={"user-agent": CHROME})
        if name != "guest":
            client.force_login(place.people[name.removeprefix("suspended_")])
        if name == "suspended_author":
            suspend_member(member=place.people["author"], until=None, by=place.people["owner"])
        return client

    return open_browser


def shared_outlets(client) -> dict[str, tuple[str, str]]:
    """Outlet → (the word that it shows of a post, what it says)."""

    @functools.cache
    def get(address):
        response = client.get(address)
        return response.content.decode() if response.status_code == 200 else ""

    def main(address):
        """Without what stands beside it; nothing where the visitor has no such page."""
        return Page(get(address) or "<main></main>").one("main").text

    between = Page(get("/free/3/"))
    search, comments = "/search/?q=고슴도치", "/search/?q=고슴도치&field=comments"
    return {
        "front": ("제목", get("/")),
        "group": ("제목", get("/groups/community/") + get("/groups/private/")),
        "new posts": ("제목", get("/new/")),
        "search posts": ("제목", get(search)),
        "search bodies": ("본문", get(search)),
        "search comments": ("댓글", get(comments)),
        "search titles": ("제목", get(f"{search}&field=title")),
        "search authors": ("제목", get("/search/?q=글쓴이&field=author")),
        "feed": ("제목", get("/feed/")),
        "feed bodies": ("본문", get("/feed/")),
        "JSON feed": ("본문", get("/feed.json")),
        "board feeds": (
            "제목",
            "".join(get(f"/{slug}/feed/") + get(f"/{slug}/feed.json") for slug in BOARDS),
        ),
        "member page": ("제목", get("/members/author/")),
        "member comments": ("댓글", get("/members/commenter/")),
        "scraps": ("제목", main("/scraps/")),
        "popular": ("제목", Page(get("/")).one("section", class_="headlines").text),
        "popular page": ("제목", Page(get("/popular/")).one("main").text),
        "tag page": ("제목", get("/tags/고슴도치/")),
        "tag feeds": ("본문", get("/tags/고슴도치/feed/") + get("/tags/고슴도치/feed/atom/")),
        "group feeds": (
            "본문",
            get("/groups/community/feed/")
            + get("/groups/community/feed/atom/")
            + get("/groups/private/feed/"),
        ),
        "popular beside": ("제목", Page(get("/search/")).one("aside").text),
        "previous and next": ("제목", between.one("nav", class_="neighbours").text),
        "lists": ("제목", "".join(get(f"/{slug}/") for slug in BOARDS)),
        "lists by views": ("제목", "".join(get(f"/{b}/?sort=views") for b in ("free", "other"))),
        "list around": ("제목", between.one("section", class_="around").text),
        "reports": ("제목", main("/reports/")),
        "notifications": ("제목", main("/notifications/")),
    }


def must_show(outlet: str, told: Told, visitor) -> bool:
    """Whether the words of `told` belong into `outlet` for `visitor`."""
    post, can = told.post, access(visitor, told.post.board)
    may_read, guest_may = can.may_read(post), access(AnonymousUser(), post.board).may_read(post)
    match outlet:
        case "feed" | "feed bodies" | "JSON feed" | "board feeds" | "popular beside":
            return may_read and guest_may  # both are guests' eyes for everybody
        case "tag feeds" | "group feeds":
            return guest_may
        case "popular" | "popular page":
            return may_read and not post.is_secret
        case "reports":
            return can.may_judge(post)
        case "scraps":
            return may_read and visitor.is_authenticated
        case "notifications":
            # All but the commenter were called, and who had asked; a move to where not everybody
            # reads takes that back. An author hears what became of his own.
            state, name = STATES[told.state], visitor.get_username()
            is_told = name not in ("", "commenter") or name == state.asked_by != ""
            is_told = is_told and (guest_may or state.then is None)
            return (may_read and is_told) or (name == "author" and state.then is not None)
        case _ if outlet.startswith("search"):
            return may_read and not post.is_secret
        case "lists":
            # A list shows the subjects of posts that only a higher level may open, as gnuboard does.
            return may_read or (post.is_published and not post.is_secret and can.list)
        case "lists by views":
            return may_read and post.board.slug in ("free", "other")
        case "previous and next":
            return may_read and told.state == "secret"  # what stands beside it is gone
        case "list around":
            return may_read and post.board.slug == "free"
    return may_read


def own_outlets(client, told: Told, can) -> dict[str, tuple[bool, bool]]:
    """Outlet → (shown, to be shown): addresses that belong to this post alone."""
    post, may_read = told.post, can.may_read(told.post)
    every_word = [told.word(where) for where in WORDS]
    outlets = {}
    page = client.get(post.get_absolute_url())
    outlets["page"] = page.status_code == 200, may_read
    html = page.content.decode()
    outlets["words of page"] = (
        [word for word in every_word if word in html],
        (every_word if may_read else []),
    )
    meta = Page(html).meta if page.status_code == 200 else {}
    is_open = may_read and access(AnonymousUser(), post.board).may_read(post)
    outlets["JSON-LD"] = "ld+json" in html and page.status_code == 200, is_open
    outlets["metadata"] = (
        (
            told.word("제목") in meta.get("og:title", ""),
            told.word("본문") in meta.get("og:description", ""),
        ),
        (is_open, is_open),  # whoever draws a card comes as a guest
    )
    if told.old != post.get_absolute_url():
        old = client.get(told.old)
        location = old.headers.get("Location", "")
        new = post.get_absolute_url() if can.enter else ""  # a private board's is not even told
        outlets["old address"] = (location, post.board.name in old.content.decode()), (new, False)
    edit = client.get(f"{post.get_absolute_url()}edit/")
    may_edit = may_read and can.may_edit(post)
    outlets["edit form"] = edit.status_code == 200, may_edit
    own_words = [told.word("본문"), told.word("파일")]  # the subject may be a popular one
    outlets["words of form"] = (
        [word for word in own_words if word in edit.content.decode()],
        (own_words if may_edit else []),
    )
    scrap = client.get(f"{post.get_absolute_url()}scrap/")
    outlets["scrap form"] = scrap.status_code == 200, may_read and can.visitor.is_authenticated
    everybody = access(AnonymousUser(), post.board).read and not post.is_secret
    refused = 410 if everybody and not post.is_published else 404  # he could have had it before
    for kind, address in (
        ("file", f"/files/{told.file}/"),
        ("picture", f"/files/{told.picture}/picture/"),
        ("thumb", f"/files/{told.picture}/thumb/"),
    ):
        may_see = can.may_see_files(post)  # a moderator looks at what he has hidden
        outlets[kind] = client.get(address).status_code, 200 if may_see else refused
    return outlets


@pytest.mark.parametrize("name", VISITORS)
def test_no_outlet_shows_what_may_not_be_read_and_each_what_may(place, browse, name):
    client, visitor = browse(name), place.visitor(name)
    wrong = []
    for outlet, (where, html) in shared_outlets(client).items():
        for told in place.told:
            for each in WORDS:
                shown = told.word(each) in html
                may = must_show(outlet, told, visitor)
                if (shown and not may) or (each == where and may and not shown):
                    wrong.append(f"{told.state} {each} in {outlet}: shown {shown}, may {may}")
    for told in place.told:
        can = access(visitor, told.post.board)
        for outlet, (found, expected) in own_outlets(client, told, can).items():
            if found != expected:
                wrong.append(f"{told.state} at {outlet}: {found}, expected {expected}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", VISITORS)
def test_visible_to_says_the_same_as_may_read(place, name):
    visitor = place.visitor(name)
    posts = set(Post.objects.visible_to(visitor))
    comments = set(Comment.objects.visible_to(visitor))
    for told in place.told:
        may_read = access(visitor, told.post.board).may_read(told.post)
        assert (told.post in posts) == may_read, told.state
        assert (told.post.comments.get() in comments) == may_read, told.state
        board = told.post.board
        readable = board in Board.objects.readable_by(visitor)
        assert readable == access(visitor, board).read


def test_the_rule_itself(place):
    """What the matrix is measured by, written out once."""
    may_read = {
        told.state: {
            name
            for name in VISITORS
            if access(place.visitor(name), told.post.board).may_read(told.post)
        }
        for told in place.told
    }
    assert may_read == READERS


@pytest.mark.parametrize("name", VISITORS)
def test_a_private_group_is_not_there_for_others(place, browse, name):  # case 23
    client, group = browse(name), place.boards["club"].group
    is_inside = name in ("group_member", "group_moderator", "owner")
    assert client.get("/groups/private/").status_code == (200 if is_inside else 404)
    assert (group in BoardGroup.objects.open_to(place.visitor(name))) == is_inside
    for address in (
        "/",
        "/search/",
        "/new/",
        "/groups/community/",
        "/club/",
        "/club/1/",
        "/club/write/",
    ):
        page = client.get(address).content.decode()
        for told in ("게시판 club", "모임<", "/groups/private/"):
            assert (told in page) <= is_inside, f"{told} at {address}"
