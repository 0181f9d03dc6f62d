"""What may not be read is nowhere: every visitor × every state of a post × every outlet.

`Access.may_read` is the rule. Each post carries words of its own in subject, body, comment and file
name; each outlet must show them where the rule says yes, and none of them where it says no.
Attack cases 19 to 24.
"""

import functools
from dataclasses import dataclass, field

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.actions import suspend_member
from boards.actions.comments import write_comment
from boards.actions.files import store_file, store_picture
from boards.actions.posts import delete_post, hide_post, move_post, write_post
from boards.actions.scraps import scrap_post
from boards.models import Board, Comment, Post
from boards.permissions import access
from tests.conftest import make_member
from tests.crowd import picture_upload
from tests.page import CHROME, Page

VISITORS = [
    *("guest", "stranger", "author", "commenter", "regular", "moderator", "other_moderator"),
    *("owner", "suspended_author"),
]
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
    """Four boards, seven people, and a post in each state."""

    boards: dict[str, Board]
    people: dict[str, object]
    told: list[Told] = field(default_factory=list)

    def visitor(self, name: str):
        """Who the site takes that visitor for."""
        return AnonymousUser() if name in ("guest", "suspended_author") else self.people[name]


@pytest.fixture
def place(group, owner):
    def board(slug, **levels):
        return Board.objects.create(group=group, slug=slug, name=f"게시판 {slug}", **levels)

    boards = {
        "free": board("free"),
        "other": board("other"),
        "vip": board("vip", list_level=5, read_level=5),
        "half": board("half", read_level=5),
    }
    people = {
        "stranger": make_member("stranger", "나그네"),
        "author": make_member("author", "글쓴이"),
        "commenter": make_member("commenter", "댓글러"),
        "regular": make_member("regular", "단골", level=5),
        "moderator": make_member("moderator", "지킴이"),
        "other_moderator": make_member("other_moderator", "다른지킴이"),
        "owner": owner,
    }
    boards["free"].moderators.add(people["moderator"])
    boards["other"].moderators.add(people["other_moderator"])
    place = Place(boards, people)

    def write(state, slug="free", **more):
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
            files=[file, picture],
            **more,
        )
        write_comment(author=commenter, post=told.post, text=f"고슴도치 {told.word('댓글')}")
        told.post.refresh_from_db()
        told.old, told.file, told.picture = told.post.get_absolute_url(), file.pk, picture.pk
        place.told.append(told)
        return told

    write("public")
    write("secret", is_secret=True)
    write("between")  # a public post between the secret one and those that are gone
    hide_post(post=write("hidden").post, by=owner)
    delete_post(post=write("deleted").post, by=owner)
    write("vip", "vip")
    write("vipsecret", "vip", is_secret=True)
    write("half", "half")
    move_post(post=write("moved").post, board=boards["other"], by=owner)
    move_post(post=write("movedsecret", is_secret=True).post, board=boards["other"], by=owner)
    move_post(post=write("movedup").post, board=boards["vip"], by=owner)
    for told in place.told:
        told.post = Post.objects.select_related("board", "author").get(pk=told.post.pk)
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

    between = Page(get("/free/3/"))
    search, comments = "/search/?q=고슴도치", "/search/?q=고슴도치&field=comments"
    return {
        "front": ("제목", get("/")),
        "group": ("제목", get("/groups/community/")),
        "new posts": ("제목", get("/new/")),
        "search posts": ("제목", get(search)),
        "search bodies": ("본문", get(search)),
        "search comments": ("댓글", get(comments)),
        "search titles": ("제목", get(f"{search}&field=title")),
        "search authors": ("제목", get("/search/?q=글쓴이&field=author")),
        "feed": ("제목", get("/feed/")),
        "feed bodies": ("본문", get("/feed/")),
        "board feeds": (
            "제목",
            "".join(get(f"/{b}/feed/") for b in ("free", "other", "vip", "half")),
        ),
        "member page": ("제목", get("/members/author/")),
        "member comments": ("댓글", get("/members/commenter/")),
        "scraps": ("제목", Page(get("/scraps/") or "<main></main>").one("main").text),
        "popular": ("제목", Page(get("/")).one("section", class_="headlines").text),
        "popular beside": ("제목", Page(get("/search/")).one("aside").text),
        "previous and next": ("제목", between.one("nav", class_="neighbours").text),
        "lists": ("제목", "".join(get(f"/{b}/") for b in ("free", "other", "vip", "half"))),
        "lists by views": ("제목", "".join(get(f"/{b}/?sort=views") for b in ("free", "other"))),
        "list around": ("제목", between.one("section", class_="around").text),
    }


def must_show(outlet: str, told: Told, visitor) -> bool:
    """Whether the words of `told` belong into `outlet` for `visitor`."""
    post, can = told.post, access(visitor, told.post.board)
    may_read, guest_may = can.may_read(post), access(AnonymousUser(), post.board).may_read(post)
    match outlet:
        case "feed" | "feed bodies" | "board feeds" | "popular beside":
            return may_read and guest_may  # both are guests' eyes for everybody
        case "scraps":
            return may_read and visitor.is_authenticated
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
    if told.old != post.get_absolute_url():
        old = client.get(told.old)
        outlets["old address"] = (old.status_code, old.content), (301, b"")
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
    for kind, address in (
        ("file", f"/files/{told.file}/"),
        ("picture", f"/files/{told.picture}/picture/"),
        ("thumb", f"/files/{told.picture}/thumb/"),
    ):
        may_see = can.may_see_files(post)  # a moderator looks at what he has hidden
        outlets[kind] = client.get(address).status_code, 200 if may_see else 404
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
    readable = {
        name: {
            told.state
            for told in place.told
            if access(place.visitor(name), told.post.board).may_read(told.post)
        }
        for name in VISITORS
    }
    everybody = {"public", "between", "moved"}
    high = {"vip", "half", "movedup"}
    secrets = {"secret", "vipsecret", "movedsecret"}
    assert readable == {
        "guest": everybody,
        "stranger": everybody,
        "author": everybody | {"secret", "movedsecret"},
        "commenter": everybody,
        "regular": everybody | high,
        "moderator": everybody | {"secret"},
        "other_moderator": everybody | {"movedsecret"},
        "owner": everybody | high | secrets,
        "suspended_author": everybody,
    }
