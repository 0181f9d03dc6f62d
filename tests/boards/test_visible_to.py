"""No outlet shows an unreadable post: every visitor × every state of a post × every outlet.

`Access.may_read` is the rule. Each post contains its own words in subject, body, comment and file
name; each outlet must show them where the rule says yes, and none where it says no. Attack cases 19
to 24. A new state needs a row in STATES and in READERS; a new visitor needs a row in PEOPLE and
their name in READERS.
"""

import copy
import functools
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
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
from tests.prepared_database import empty_database

# board → (its group, its settings)
BOARDS = {
    "free": ("community", {}),
    "other": ("community", {}),
    "vip": ("community", {"list_level": 5, "read_level": 5}),
    "half": ("community", {"read_level": 5}),
    "adults": ("community", {"audience": "adult"}),
    "club": ("private", {}),
    "clubvip": ("private", {"list_level": 5, "read_level": 5}),
    "help": ("community", {"is_inquiry": True, "write_level": 1}),
}
# visitor → (their 별명, their level)
PEOPLE = {
    "passerby": ("나그네", 2),
    "author": ("글쓴이", 2),
    "commenter": ("댓글러", 2),
    "regular": ("단골", 5),
    "moderator": ("지킴이", 2),
    "other_moderator": ("다른지킴이", 2),
    "group_member": ("모임회원", 2),
    "group_moderator": ("모임지킴이", 2),
    "adult": ("어른", 2),
    "help_moderator": ("상담원", 2),
}
VISITORS = ["guest", *PEOPLE, "owner", "suspended_author"]


@dataclass(frozen=True)
class State:
    """Where a post is written, with which fields, and what happens to it then: `then(place, post)`.

    `asked_by`: the author of the secret post to which it replies, or "".
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
    "between": State(),  # a public post between the secret one and the hidden ones
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
    "inquiry": State("help"),  # secret although nobody said so
    "inquirymoved": State("help", then=to("free")),  # it stays where it is
    "inquiryhidden": State(
        "help", then=lambda place, post: hide_post(post=post, by=place.people["owner"])
    ),
}
INQUIRY_STAFF = {"help_moderator", "owner"}
# The expected result, written by hand: state → the visitors who may read such a post.
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
    "inquiry": {"author", *INQUIRY_STAFF},
    "inquirymoved": {"author", *INQUIRY_STAFF},
    "inquiryhidden": set(),
}
WORDS = ("제목", "본문", "댓글", "파일")  # 고슴도치 occurs in each, so that one search finds all


@dataclass
class Sample:
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
    """The boards, the members, and a post in each state."""

    boards: dict[str, Board]
    people: dict[str, object]
    samples: list[Sample] = field(default_factory=list)

    def visitor(self, name: str):
        """Return the user that the site sees for the visitor."""
        return AnonymousUser() if name in ("guest", "suspended_author") else self.people[name]


def is_adult(member, audience: str) -> bool:
    """Stands for an operator's own age check."""
    return member.username == "adult" and audience == "adult"


IS_ADULT = {"AUDIENCE_CHECK": f"{__name__}.is_adult"}


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker, tmp_path_factory):
    """Build the place and its files once for this file, because it takes a second."""
    folder = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=folder, **IS_ADULT):
        group = BoardGroup.objects.create(slug="community", name="커뮤니티")
        place = build(group, make_owner())
    yield place, folder
    with django_db_blocker.unblock():
        empty_database()
        search.posts.clear()
        search.comments.clear()


@pytest.fixture
def place(built, settings, monkeypatch, db):
    """Lists and pages are long enough for all posts, so that a missing post was filtered out."""
    place, settings.MEDIA_ROOT = built
    settings.AUDIENCE_CHECK = IS_ADULT["AUDIENCE_CHECK"]
    monkeypatch.setattr("boards.views.members.SHOWN", 100)
    monkeypatch.setattr(
        "boards.views.boards.popular_rows", functools.partial(popular_rows, count=100)
    )
    SiteSettings.load()
    SiteSettings.objects.update(page_size=100)
    return copy.deepcopy(place)  # a test must not change the cached instances for the next one


def build(group: BoardGroup, owner) -> Place:
    groups = {
        "community": group,
        "private": BoardGroup.objects.create(slug="private", name="모임", is_private=True),
    }
    boards = {
        slug: Board.objects.create(
            group=groups[group_name], slug=slug, name=f"게시판 {slug}", **more
        )
        for slug, (group_name, more) in BOARDS.items()
    }
    people = {name: make_member(name, nick, level=level) for name, (nick, level) in PEOPLE.items()}
    people["owner"] = owner
    boards["free"].moderators.add(people["moderator"])
    boards["other"].moderators.add(people["other_moderator"])
    boards["help"].moderators.add(people["help_moderator"])
    groups["private"].members.add(people["group_member"])
    groups["private"].moderators.add(people["group_moderator"])
    place = Place(boards, people)
    reporter = make_member("reporter", "신고자")
    # A comment mentions ten at most.
    mentioned = [person for name, person in people.items() if name != "help_moderator"]
    everybody = " ".join(f"@{person.nickname}" for person in mentioned)

    def write(state: str, slug: str, more: dict) -> Sample:
        sample = Sample(state, post=None)
        author, commenter = people["author"], people["commenter"]
        upload = SimpleUploadedFile(f"{sample.word('파일')}.pdf", b"%PDF-1.7")
        file = store_file(uploader=author, upload=upload, limit=1000)
        picture = store_picture(uploader=author, upload=picture_upload(), is_inline=False)
        sample.post = write_post(
            author=author,
            board=boards[slug],
            subject=f"고슴도치 {sample.word('제목')}",
            source=f"<p>고슴도치 {sample.word('본문')}</p>",
            tags=["고슴도치"],
            files=[file, picture],
            **more,
        )
        said = f"고슴도치 {sample.word('댓글')} {everybody}"
        write_comment(author=commenter, post=sample.post, text=said)
        sample.post.refresh_from_db()
        sample.old, sample.file, sample.picture = (
            sample.post.get_absolute_url(),
            file.pk,
            picture.pk,
        )
        place.samples.append(sample)
        Report.objects.create(post=sample.post, member=reporter, reason="spam")
        return sample

    for name, state in STATES.items():
        how = state.how
        if state.asked_by:
            asker, board = people[state.asked_by], boards[state.board]
            asked = write_post(author=asker, board=board, subject="물음", source="", is_secret=True)
            how = how | {"reply_to": asked}
        sample = write(name, state.board, how)
        if state.then:
            state.then(place, sample.post)
    for sample in place.samples:
        sample.post = Post.objects.select_related("board__group", "author").get(pk=sample.post.pk)
        for person in people.values():
            scrap_post(post=sample.post, member=person)  # as if each had been readable once
    return place


@pytest.fixture
def browse(place):
    """Return `browse(name)`, which opens a browser of that visitor."""

    def open_browser(name: str) -> Client:
        client = Client(headers={"user-agent": CHROME})
        if name != "guest":
            client.force_login(place.people[name.removeprefix("suspended_")])
        if name == "suspended_author":
            suspend_member(
                member=place.people["author"], until=None, reason="도배", by=place.people["owner"]
            )
        return client

    return open_browser


def shared_outlets(client) -> dict[str, tuple[str, str]]:
    """Return {outlet: (the word of a post that it shows, its content)}."""

    @functools.cache
    def get(address):
        response = client.get(address)
        return response.content.decode() if response.status_code == 200 else ""

    def main(address):
        """Return the main part without the sidebar; nothing if the visitor has no such page."""
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
        "lists": (
            "제목",
            "".join(get(f"/{slug}/") for slug in BOARDS) + get("/help/?state=all"),
        ),
        "lists by views": ("제목", "".join(get(f"/{b}/?sort=views") for b in ("free", "other"))),
        "list around": ("제목", between.one("section", class_="around").text),
        "reports": ("제목", main("/reports/")),
        "notifications": ("제목", main("/notifications/")),
    }


def must_show(outlet: str, sample: Sample, visitor) -> bool:
    """Return whether the words of `sample` belong in `outlet` for `visitor`."""
    post, can = sample.post, access(visitor, sample.post.board)
    may_read, guest_may = can.may_read(post), access(AnonymousUser(), post.board).may_read(post)
    match outlet:
        case "feed" | "feed bodies" | "JSON feed" | "board feeds" | "popular beside":
            return may_read and guest_may  # both are the same as a guest's for everybody
        case "tag feeds" | "group feeds":
            return guest_may
        case "front" | "group":
            return may_read and not post.board.is_inquiry
        case "popular" | "popular page":
            return may_read and not post.is_secret
        case "reports":
            return can.may_judge(post)
        case "scraps":
            return may_read and visitor.is_authenticated
        case "notifications":
            # All but the commenter and the staff of inquiries were mentioned and notified, as was
            # the author of the parent; a move to a board with other readers deletes those
            # notifications. Authors learn of the moderation of their posts.
            state, name = STATES[sample.state], visitor.get_username()
            is_mentioned = name not in ("", "commenter", "help_moderator")
            is_notified = is_mentioned or name == state.asked_by != ""
            is_notified = is_notified and (guest_may or state.then is None)
            if post.board.is_inquiry:  # the author of the answer, the staff of the inquiry
                is_notified = name in ("author", "help_moderator")
                return is_notified and (may_read or (post.state == "hidden" and name == "author"))
            return (may_read and is_notified) or (name == "author" and state.then is not None)
        case "search comments":
            return may_read and not post.is_secret
        case _ if outlet.startswith("search"):
            # The index does not know the author of the thread of a secret reply post.
            return may_read and (not post.is_secret or can.wrote(post) or can.moderate)
        case "lists":
            # A list shows subjects of posts that only a higher level may open, as gnuboard does.
            return may_read or (post.is_published and not post.is_secret and can.list)
        case "lists by views":
            return may_read and post.board.slug in ("free", "other")
        case "previous and next":
            return may_read and sample.state == "secret"  # its sidebar is missing
        case "list around":
            return may_read and post.board.slug == "free"
    return may_read


def own_outlets(client, sample: Sample, can) -> dict[str, tuple[bool, bool]]:
    """Return {outlet: (shown, expected)} for addresses that belong to this post alone."""
    post, may_read = sample.post, can.may_read(sample.post)
    every_word = [sample.word(where) for where in WORDS]
    outlets = {}
    page = client.get(post.get_absolute_url())
    may_see = can.may_see(post)  # those who judge a hidden post, and its author
    outlets["page"] = page.status_code == 200, may_see
    html = page.content.decode()
    outlets["words of page"] = (
        [word for word in every_word if word in html],
        (every_word if may_see else []),
    )
    meta = Page(html).meta if page.status_code == 200 else {}
    is_open = may_read and access(AnonymousUser(), post.board).may_read(post)
    outlets["JSON-LD"] = "ld+json" in html and page.status_code == 200, is_open
    outlets["metadata"] = (
        (
            sample.word("제목") in meta.get("og:title", ""),
            sample.word("본문") in meta.get("og:description", ""),
        ),
        (is_open, is_open),  # link cards are fetched as a guest
    )
    if sample.old != post.get_absolute_url():
        old = client.get(sample.old)
        location = old.headers.get("Location", "")
        # a closed board does not even reveal that it existed
        new = post.get_absolute_url() if can.list else ""
        outlets["old address"] = (location, post.board.name in old.content.decode()), (new, False)
    edit = client.get(f"{post.get_absolute_url()}edit/")
    may_edit = may_read and can.may_edit(post)
    outlets["edit form"] = edit.status_code == 200, may_edit
    own_words = [sample.word("본문"), sample.word("파일")]  # the subject may be a popular one
    outlets["words of form"] = (
        [word for word in own_words if word in edit.content.decode()],
        (own_words if may_edit else []),
    )
    scrap = client.get(f"{post.get_absolute_url()}scrap/")
    outlets["scrap form"] = scrap.status_code == 200, may_read and can.visitor.is_authenticated
    everybody = access(AnonymousUser(), post.board).read and not post.is_secret
    # the visitor could have saved it before
    refused = 410 if everybody and not post.is_published else 404
    for kind, address in (
        ("file", f"/files/{sample.file}/"),
        ("picture", f"/files/{sample.picture}/picture/"),
        ("thumb", f"/files/{sample.picture}/thumb/"),
    ):
        may_see_files = can.may_see_files(post)
        outlets[kind] = client.get(address).status_code, 200 if may_see_files else refused
    return outlets


def on_one_database(name: str):
    """`test_visible_to_equals_may_read` compares the rows of each visitor on every database; the
    outlets of these send no other statements than those of another one."""
    alike = {"passerby", "commenter", "other_moderator", "group_moderator", "suspended_author"}
    return pytest.param(name, marks=pytest.mark.any_database if name in alike else ())


@pytest.mark.parametrize("name", map(on_one_database, VISITORS))
def test_outlets_show_exactly_the_readable_posts(place, browse, name):
    client, visitor = browse(name), place.visitor(name)
    wrong = []
    for outlet, (where, html) in shared_outlets(client).items():
        for sample in place.samples:
            may = must_show(outlet, sample, visitor)
            for each in WORDS:
                shown = sample.word(each) in html
                if (shown and not may) or (each == where and may and not shown):
                    wrong.append(f"{sample.state} {each} in {outlet}: shown {shown}, may {may}")
    for sample in place.samples:
        can = access(visitor, sample.post.board)
        for outlet, (found, expected) in own_outlets(client, sample, can).items():
            if found != expected:
                wrong.append(f"{sample.state} at {outlet}: {found}, expected {expected}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", VISITORS)
def test_visible_to_equals_may_read(place, name):
    visitor = place.visitor(name)
    posts = set(Post.objects.visible_to(visitor))
    comments = set(Comment.objects.visible_to(visitor))
    for sample in place.samples:
        may_read = access(visitor, sample.post.board).may_read(sample.post)
        assert (sample.post in posts) == may_read, sample.state
        assert (sample.post.comments.get() in comments) == may_read, sample.state
        board = sample.post.board
        readable = board in Board.objects.readable_by(visitor)
        assert readable == access(visitor, board).read


def test_the_rule_itself(place):
    """Compares `may_read` with the table READERS."""
    may_read = {
        sample.state: {
            name
            for name in VISITORS
            if access(place.visitor(name), sample.post.board).may_read(sample.post)
        }
        for sample in place.samples
    }
    assert may_read == READERS


@pytest.mark.parametrize("name", VISITORS)
def test_a_private_group_is_not_found_for_others(place, browse, name):  # case 23
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
        for sample in ("게시판 club", "모임<", "/groups/private/"):
            assert (sample in page) <= is_inside, f"{sample} at {address}"
