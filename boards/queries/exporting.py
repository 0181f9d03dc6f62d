"""All that the site keeps of one member, as plain rows by the name of their file. Only his own: of
others no more than the names on his messages, and titles of posts that he may read now."""

from collections.abc import Callable, Iterable, Iterator

from django.conf import settings
from django.db.models import QuerySet

from accounts.models import Consent, Device, Member, Message, NotificationChoice
from boards.models import (
    Attachment,
    BoardWatch,
    Comment,
    CommentVote,
    Draft,
    Post,
    PostVote,
    Scrap,
    WordWatch,
)

CHUNK = 500
Rows = Iterable[dict]


def own_data(member: Member) -> dict[str, Callable[[], Rows]]:
    """File name → its rows, which are read only when they are asked for."""
    return {
        "profile": lambda: [_profile(member)],
        "consents": lambda: _values(
            Consent.objects.filter(member=member),
            *("kind", "text__version", "given_at", "confirmed_at", "withdrawn_at"),
        ),
        "posts": lambda: own_posts(member),
        "comments": lambda: _comments(member),
        "drafts": lambda: _values(
            Draft.objects.filter(member=member), "board__slug", "subject", "source", "saved_at"
        ),
        "messages": lambda: _messages(member),
        "scraps": lambda: _scraps(member),
        "votes": lambda: _votes(member),
        "points": lambda: _values(member.point_entries.all(), "text", "amount", "expires_on", "at"),
        "notifications": lambda: _values(
            NotificationChoice.objects.filter(member=member), "kind", "way"
        ),
        "watched_boards": lambda: _values(
            BoardWatch.objects.filter(member=member), "board__slug", "created_at"
        ),
        "watched_words": lambda: _values(
            WordWatch.objects.filter(member=member), "word", "created_at"
        ),
        "blocked_members": lambda: _values(member.blocks.all(), "blocked__nickname", "created_at"),
        "nicknames": lambda: _values(member.nickname_changes.all(), "nickname", "at"),
        "devices": lambda: _values(
            Device.objects.filter(member=member), "name", "first_seen_at", "last_seen_at"
        ),
    }


def own_posts(member: Member) -> Iterator[dict]:
    """Also what is hidden, or in the bin: he wrote it."""
    posts = Post.objects.filter(author=member).select_related("board", "category", "body")
    for post in _each(posts.prefetch_related("links", "attachments")):
        yield {
            "address": _address(post),
            "board": post.board.name,
            "category": post.category.name if post.category else "",
            "subject": post.subject,
            "state": post.state,
            "is_secret": post.is_secret,
            "written_at": post.created_at,
            "edited_at": post.edited_at,
            "views": post.view_count,
            "likes": post.like_count,
            "comments": post.comment_count,
            "html": post.body.html,
            "links": [link.url for link in post.links.all()],
            "files": [file.name for file in post.attachments.all()],
        }


def own_files(member: Member) -> Iterator[Attachment]:
    """The files of his own posts that he has uploaded himself."""
    files = Attachment.objects.filter(uploader=member, post__author=member)
    yield from _each(files.select_related("post__board"))


def _profile(member: Member) -> dict:
    return {
        "username": member.username,
        "nickname": member.nickname,
        "email": member.email,
        "introduction": member.introduction,
        "signature": member.signature,
        "level": member.level,
        "points": member.points,
        "joined_at": member.date_joined,
        "last_login_at": member.last_login,
        "posts": member.post_count,
        "comments": member.comment_count,
        "suspended_until": member.suspended_until,
        "suspension_reason": member.suspension_reason,
    }


def _comments(member: Member) -> Iterator[dict]:
    comments = Comment.objects.filter(author=member).select_related("post__board")
    for chunk in _chunks(comments):
        titles = _titles(member, {comment.post_id for comment in chunk})
        for comment in chunk:
            yield {
                "post": _address(comment.post),
                "subject": titles.get(comment.post_id, ""),
                "text": comment.text,
                "state": comment.state,
                "is_secret": comment.is_secret,
                "written_at": comment.created_at,
                "edited_at": comment.edited_at,
                "likes": comment.like_count,
            }


def _scraps(member: Member) -> Iterator[dict]:
    for chunk in _chunks(Scrap.objects.filter(member=member).select_related("post__board")):
        titles = _titles(member, {scrap.post_id for scrap in chunk})
        for scrap in chunk:
            yield {
                "post": _address(scrap.post),
                "subject": titles.get(scrap.post_id, ""),
                "note": scrap.note,
                "kept_at": scrap.created_at,
            }


def _messages(member: Member) -> Iterator[dict]:
    """What lies in his boxes; what he has deleted is gone for him."""
    for message in _each(Message.objects.in_box_of(member)):
        yield {
            "from": message.sender_name,
            "to": message.receiver_name,
            "text": message.text,
            "sent_at": message.sent_at,
            "read_at": message.read_at,
        }


def _votes(member: Member) -> Iterator[dict]:
    for vote in _each(PostVote.objects.filter(member=member).select_related("post__board")):
        yield {"post": _address(vote.post), "value": vote.value}
    votes = CommentVote.objects.filter(member=member).select_related("comment__post__board")
    for vote in _each(votes):
        address = f"{_address(vote.comment.post)}?comment={vote.comment_id}"
        yield {"comment": address, "value": vote.value}


def _titles(member: Member, posts: set[int]) -> dict[int, str]:
    """Those that he may read now."""
    visible = Post.objects.visible_to(member).filter(pk__in=posts)
    return dict(visible.values_list("pk", "subject"))


def _address(post: Post) -> str:
    return settings.SITE_URL + post.get_absolute_url()


def _values(rows: QuerySet, *fields: str) -> Iterator[dict]:
    yield from rows.order_by("pk").values(*fields).iterator(chunk_size=CHUNK)


def _chunks(rows: QuerySet) -> Iterator[list]:
    last = 0
    while chunk := list(rows.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last = chunk[-1].pk
        yield chunk


def _each(rows: QuerySet) -> Iterator:
    for chunk in _chunks(rows):
        yield from chunk
