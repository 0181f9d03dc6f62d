"""Writes the demo community into an empty site, through the same deeds as everybody else."""

import datetime
import random
from collections.abc import Iterator

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Member
from accounts.text.names import nickname_key
from boards.actions.comments import write_comment
from boards.actions.files import store_file, store_picture
from boards.actions.posts import write_post
from boards.actions.reactions import vote_post
from boards.demo.content import GROUPS, PEOPLE, PLACES, SITE
from boards.demo.markup import to_html
from boards.demo.pictures import draw
from boards.demo.plan import Planned, Said, plan
from boards.models import (
    Attachment,
    Board,
    BoardGroup,
    BoardTexts,
    Category,
    Comment,
    ExtraField,
    Post,
    Vote,
)
from boards.text import richtext
from boardsite.models import SiteSettings

NAMES = {  # what the camera of a townsman would call it
    "gallery": "IMG_{:04d}.jpg",
    "economics": "기사사진_{:04d}.jpg",
}

HOT_VIEWS = 250  # so that 인기 stands at few of the demo's posts


def fill(now: datetime.datetime | None = None) -> dict[str, int]:
    """Fills the site, all of it or nothing; answers how many of what. The site has no board yet."""
    with transaction.atomic():
        name_site()
        boards = make_boards()
        planned = plan(now or timezone.now())
        members = make_members(planned)
        posts: dict[Planned, Post] = {}
        comments: dict[Said, Comment] = {}
        for deed, post in in_order(planned):
            if isinstance(deed, Planned):
                posts[deed] = publish(deed, boards[deed.entry.board], members)
            else:
                comments[deed] = write_comment(
                    author=members[deed.by],
                    post=posts[post],
                    text=deed.text,
                    parent=comments[deed.parent] if deed.parent else None,
                    created_at=deed.at,
                )
        for deed, post in posts.items():
            Post.objects.filter(pk=post.pk).update(view_count=deed.views, view_rank=deed.views)
            for nickname in deed.likers:
                vote_post(post=post, member=members[nickname], value=Vote.LIKE)
    return {
        "boards": len(boards),
        "members": len(members),
        "posts": len(posts),
        "comments": len(comments),
        "files": Attachment.objects.count(),
    }


def taken_names() -> bool:
    """Whether a real member has the 아이디 or 별명 of somebody of the demo."""
    same_id = Q(username__in=[person.username for person in PEOPLE])
    same_name = Q(nickname_key__in=[nickname_key(person.nickname) for person in PEOPLE])
    return Member.objects.filter(same_id | same_name, is_robot=False).exists()


def name_site() -> None:
    """Gives the site its name and its lines unless the owner already has."""
    site = SiteSettings.load()
    if site.name == SiteSettings._meta.get_field("name").default:
        for field, value in SITE.items():
            setattr(site, field, value)
        site.save()


def make_boards() -> dict[str, Board]:
    groups = {
        slug: BoardGroup.objects.create(slug=slug, name=name, position=position)
        for position, (slug, name) in enumerate(GROUPS, 1)
    }
    boards = {}
    for position, place in enumerate(PLACES, 1):
        board = Board.objects.create(
            hot_views=HOT_VIEWS,
            group=groups[place.group],
            slug=place.slug,
            name=place.name,
            description=place.description,
            position=position,
            **dict(place.ways),
        )
        for number, name in enumerate(place.categories, 1):
            Category.objects.create(board=board, name=name, position=number)
        for number, extra in enumerate(place.extras, 1):
            ExtraField.objects.create(board=board, position=number, **dict(extra))
        if place.header:
            BoardTexts.objects.create(board=board, header=richtext.clean(place.header))
        boards[place.slug] = board
    return boards


def make_members(planned: list[Planned]) -> dict[str, Member]:
    """By 별명. Nobody can log in as one of them; each joined shortly before he first spoke."""
    first: dict[str, datetime.datetime] = {}
    for deed, _post in in_order(planned):
        by = deed.entry.by if isinstance(deed, Planned) else deed.by
        first.setdefault(by, deed.at)
    rng = random.Random("members")
    # The collector's member may be there already, made by the collector.
    members = {robot.nickname: robot for robot in Member.objects.filter(is_robot=True)}
    newcomers = [person for person in PEOPLE if person.nickname not in members]
    for person in sorted(newcomers, key=lambda person: first[person.nickname]):
        members[person.nickname] = Member.objects.create_user(
            person.username,
            f"{person.username}@example.com",
            nickname=person.nickname,
            level=person.level,
            introduction=person.introduction,
            is_robot=person.is_robot,
            date_joined=first[person.nickname] - datetime.timedelta(minutes=rng.randint(6, 600)),
        )
    return members


def in_order(planned: list[Planned]) -> Iterator[tuple[Planned | Said, Planned]]:
    """Posts and comments as time goes by, each with the post it belongs to; ids follow dates."""
    deeds = [(post, post) for post in planned]
    deeds += [(comment, post) for post in planned for comment in post.comments]
    yield from sorted(deeds, key=lambda pair: pair[0].at)


def publish(deed: Planned, board: Board, members: dict[str, Member]) -> Post:
    """Stores the pictures and files of a post, then writes it."""
    entry, author = deed.entry, members[deed.entry.by]
    stored: list[Attachment] = []

    def keep_picture(scene: str, is_inline: bool) -> Attachment:
        name, seed = scene.split(":")
        title = NAMES.get(entry.board, "사진_{:04d}.jpg").format(len(entry.text) * 7 + int(seed))
        upload = SimpleUploadedFile(title, draw(name, int(seed)), "image/jpeg")
        stored.append(store_picture(uploader=author, upload=upload, is_inline=is_inline))
        return stored[-1]

    source = to_html(entry.text, lambda scene: keep_picture(scene, is_inline=True).url)
    for scene in entry.pictures:
        keep_picture(scene, is_inline=False)
    for name, text in entry.files:
        # Spreadsheets take a CSV for UTF-8 only when it begins with the mark.
        content = text.encode("utf-8-sig" if name.endswith(".csv") else "utf-8")
        upload = SimpleUploadedFile(name, content)
        stored.append(store_file(uploader=author, upload=upload, limit=board.upload_bytes))
    post = write_post(
        author=author,
        board=board,
        subject=entry.subject,
        source=source,
        category=Category.objects.get(board=board, name=entry.category),
        is_notice=entry.is_notice,
        is_site_notice=entry.is_site_notice,
        tags=entry.tags,
        extras={board.extra_fields.get(name=name): value for name, value in entry.extras},
        answer_to=board.posts.get(subject=entry.answer_to) if entry.answer_to else None,
        is_secret=entry.is_secret,
        links=entry.links,
        files=stored,
        created_at=deed.at,
    )
    Attachment.objects.filter(post=post).update(created_at=deed.at)
    return post
