"""Writes the demo community into an empty site, through the same actions as everybody else."""

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
from boards.actions.polls import vote_in_poll
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
from boards.queries.post_fields import PollFields
from boardsite.models import SiteSettings
from boardsite.text import richtext

NAMES = {  # file names as a camera would give them
    "gallery": "IMG_{:04d}.jpg",
    "economics": "기사사진_{:04d}.jpg",
}

HOT_VIEWS = 250  # high enough that few posts of the demo are marked 인기


def fill(now: datetime.datetime | None = None) -> dict[str, int]:
    """Fills the site in one transaction, and returns how many rows of each kind it wrote.

    The site must not have a board yet.
    """
    with transaction.atomic():
        name_site()
        boards = make_boards()
        planned = plan(now or timezone.now())
        members = make_members(planned)
        posts: dict[Planned, Post] = {}
        comments: dict[Said, Comment] = {}
        for item, its_post in in_order(planned):
            if isinstance(item, Planned):
                posts[item] = publish(item, boards[item.entry.board], members)
            else:
                comments[item] = write_comment(
                    author=members[item.by],
                    post=posts[its_post],
                    text=item.text,
                    parent=comments[item.parent] if item.parent else None,
                    created_at=item.at,
                )
        for plan_of, post in posts.items():
            Post.objects.filter(pk=post.pk).update(
                view_count=plan_of.views, view_rank=plan_of.views
            )
            for nickname in plan_of.likers:
                vote_post(post=post, member=members[nickname], value=Vote.LIKE)
            if plan_of.entry.poll:
                vote(post, members)
    return {
        "boards": len(boards),
        "members": len(members),
        "posts": len(posts),
        "comments": len(comments),
        "files": Attachment.objects.count(),
    }


def vote(post: Post, members: dict[str, Member]) -> None:
    """Most members vote in the poll of `post`, and more for an option the later it comes."""
    rng = random.Random("votes")
    options = list(post.poll.options.values_list("pk", flat=True))
    weights = [(place + 1) ** 2 for place in range(len(options))]
    people = [member for member in members.values() if not member.is_robot]
    for member in rng.sample(people, len(people) * 2 // 3):
        vote_in_poll(post=post, member=member, options=rng.choices(options, weights))


def taken_names() -> bool:
    """Whether a real member has the 아이디 or 별명 of a demo member."""
    same_id = Q(username__in=[person.username for person in PEOPLE])
    same_name = Q(nickname_key__in=[nickname_key(person.nickname) for person in PEOPLE])
    return Member.objects.filter(same_id | same_name, is_robot=False).exists()


def name_site() -> None:
    """Sets the site's name and its footer lines unless the owner has already done so."""
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
    """The members by 별명. Nobody can log in as one of them; each joined shortly before their first
    post."""
    first: dict[str, datetime.datetime] = {}
    for item, _post in in_order(planned):
        by = item.entry.by if isinstance(item, Planned) else item.by
        first.setdefault(by, item.at)
    rng = random.Random("members")
    # The collector may have created its member already.
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
    """Posts and comments in chronological order, each with its post, so that ids follow dates."""
    items: list[tuple[Planned | Said, Planned]] = [(post, post) for post in planned]
    items += [(comment, post) for post in planned for comment in post.comments]
    yield from sorted(items, key=lambda pair: pair[0].at)


def publish(item: Planned, board: Board, members: dict[str, Member]) -> Post:
    """Stores the pictures and files of a post, then writes the post."""
    entry, author = item.entry, members[item.entry.by]
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
        # Spreadsheets read a CSV file as UTF-8 only if it begins with a byte order mark.
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
        reply_to=board.posts.get(subject=entry.reply_to) if entry.reply_to else None,
        is_secret=entry.is_secret,
        links=entry.links,
        poll=PollFields(question=entry.poll[0], options=entry.poll[1:]) if entry.poll else None,
        files=stored,
        created_at=item.at,
    )
    Attachment.objects.filter(post=post).update(created_at=item.at)
    return post
