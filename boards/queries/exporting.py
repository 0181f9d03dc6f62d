"""All data of one member for the export, as plain rows by file name.

Of other people it contains only the names on messages, and the subjects of posts that the member
may read now.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db.models import QuerySet

from accounts.models import (
    AuthorAddress,
    Bounce,
    Consent,
    Delivery,
    Device,
    Invitation,
    MailRefusal,
    Member,
    Message,
    Notification,
    NotificationChoice,
)
from accounts.queries.addresses import addresses_of
from boards.models import (
    Attachment,
    BoardWatch,
    Comment,
    CommentVote,
    Draft,
    FileDownload,
    Inquiry,
    PollOpinion,
    PollVote,
    Post,
    PostRevision,
    PostVote,
    ReadMark,
    Report,
    Scrap,
    WordWatch,
)
from boards.queries.post_fields import PostFields, related_rows

CHUNK = 500
Rows = Iterable[dict]


def own_data(member: Member) -> dict[str, Callable[[], Rows]]:
    """File name → its rows, loaded lazily."""
    return {
        "profile": lambda: [_profile(member)],
        "consents": lambda: _values(
            Consent.objects.filter(member=member),
            *("kind", "text__version", "given_at", "confirmed_at", "withdrawn_at"),
        ),
        "addresses": lambda: _addresses(member),
        "posts": lambda: own_posts(member),
        "inquiries": lambda: _values(
            Inquiry.objects.filter(post__author=member),
            *("post__board__slug", "post__number", "state", "since"),
        ),
        "comments": lambda: _comments(member),
        "revisions": lambda: _values(
            PostRevision.objects.filter(editor=member, post__author=member),
            *("post__board__slug", "post__number", "subject", "source", "at"),
        ),
        "drafts": lambda: _drafts(member),
        "messages": lambda: _messages(member),
        "scraps": lambda: _scraps(member),
        "votes": lambda: _votes(member),
        "poll_votes": lambda: _poll_votes(member),
        "poll_opinions": lambda: _poll_opinions(member),
        "reports": lambda: _values(
            Report.objects.filter(member=member),
            *("post__board__slug", "post__number", "comment_id", "reason", "text", "state"),
            *("created_at", "handled_at"),
        ),
        "read_posts": lambda: _values(
            ReadMark.objects.filter(member=member),
            *("post__board__slug", "post__number", "comment", "at"),
        ),
        "downloads": lambda: _values(
            FileDownload.objects.filter(member=member),
            *("file__post__board__slug", "file__post__number", "file_id"),
        ),
        "points": lambda: _values(member.point_entries.all(), "text", "amount", "expires_on", "at"),
        "notifications": lambda: _values(
            NotificationChoice.objects.filter(member=member), "kind", "way"
        ),
        "notified": lambda: _values(
            Notification.objects.filter(member=member),
            *("kind", "title", "actor_name", "count", "address", "read_at", "at"),
        ),
        "mailings": lambda: _values(
            Delivery.objects.filter(member=member), "mailing__subject", "state", "claimed_at"
        ),
        "refused_mailings": lambda: _values(MailRefusal.objects.filter(member=member), "at"),
        "bounces": lambda: _values(Bounce.objects.filter(member=member), "email", "response", "at"),
        "watched_boards": lambda: _values(
            BoardWatch.objects.filter(member=member), "board__slug", "created_at"
        ),
        "watched_words": lambda: _values(
            WordWatch.objects.filter(member=member), "word", "created_at"
        ),
        "blocked_members": lambda: _values(member.blocks.all(), "blocked__nickname", "created_at"),
        "nicknames": lambda: _values(member.nickname_changes.all(), "nickname", "at"),
        "email_addresses": lambda: _values(
            EmailAddress.objects.filter(user=member), "email", "verified", "primary"
        ),
        "social_accounts": lambda: _values(
            SocialAccount.objects.filter(user=member),
            *("provider", "uid", "extra_data", "date_joined", "last_login"),
        ),
        "second_factors": lambda: _values(
            Authenticator.objects.filter(user=member), "type", "created_at", "last_used_at"
        ),
        "invitations": lambda: _values(
            Invitation.objects.filter(maker=member),
            *("code", "note", "uses", "used_count", "expires_at", "created_at"),
        ),
        "events": lambda: _values(member.events.all(), "kind", "at"),
        "devices": lambda: _values(
            Device.objects.filter(member=member), "name", "first_seen_at", "last_seen_at"
        ),
    }


def own_posts(member: Member) -> Iterator[dict]:
    """Includes hidden and deleted posts, because the member wrote them."""
    posts = Post.objects.filter(author=member).select_related("board", "category", "body")
    for post in _each(posts.prefetch_related(*related_rows(), "attachments")):
        fields = PostFields.of(post)
        yield vars(fields) | {
            "address": _address(post),
            "board": post.board.name,
            "category": post.category.name if post.category else "",
            "state": post.state,
            "written_at": post.created_at,
            "edited_at": post.edited_at,
            "views": post.view_count,
            "likes": post.like_count,
            "comments": post.comment_count,
            "html": post.body.html,
            "links": [
                {"url": link.url, "name": link.name, "clicks": link.click_count}
                for link in post.links.all()
            ],
            "files": [
                {
                    "name": file.name,
                    "description": file.description,
                    "size": file.size,
                    "uploaded_at": file.created_at,
                    "downloads": file.download_count,
                }
                for file in post.attachments.all()
            ],
            "extras": [
                {"name": field.name, "value": value} for field, value in fields.extras.items()
            ],
            "poll": asdict(fields.poll) if fields.poll else None,
        }


def own_files(member: Member) -> Iterator[Attachment]:
    """The files of the member's own posts that they uploaded themselves."""
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
        "shows_profile": member.shows_profile,
        "shows_activity": member.shows_activity,
        "shows_presence": member.shows_presence,
        "takes_messages": member.takes_messages,
        "has_picture": bool(member.picture),
        "suspended_until": member.suspended_until,
        "suspension_reason": member.suspension_reason,
    }


def _drafts(member: Member) -> Iterator[dict]:
    drafts = Draft.objects.filter(member=member).select_related("board", "post__board")
    for draft in _each(drafts.prefetch_related("files")):
        yield {
            "board": draft.board.slug,
            "post": _address(draft.post) if draft.post else "",
            "subject": draft.subject,
            "source": draft.source,
            "fields": draft.fields,
            "files": [file.name for file in draft.files.all()],
            "saved_at": draft.saved_at,
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
    """The messages in the member's boxes, without those that they deleted."""
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


def _poll_votes(member: Member) -> Iterator[dict]:
    """Polls without their question: it is others' text, which the member may no longer read."""
    votes = PollVote.objects.filter(member=member).select_related("poll__post__board")
    for vote in _each(votes.prefetch_related("choices__option")):
        yield {
            "poll": _address(vote.poll.post),
            "options": [choice.option.text for choice in vote.choices.all()],
        }


def _poll_opinions(member: Member) -> Iterator[dict]:
    own = PollOpinion.objects.filter(member=member).select_related("poll__post__board")
    for opinion in _each(own):
        yield {
            "poll": _address(opinion.poll.post),
            "text": opinion.text,
            "author_name": opinion.author_name,
            "written_at": opinion.created_at,
        }


def _titles(member: Member, posts: set[int]) -> dict[int, str]:
    """The subjects of the posts that they may read now."""
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


def _addresses(member: Member) -> Iterator[dict]:
    """From where the member wrote and logged in, as long as the owner keeps that."""
    for row in AuthorAddress.objects.filter(member=member).order_by("pk").iterator(CHUNK):
        address = next(iter(addresses_of([row])), "")
        yield {"kind": row.kind, "number": row.number, "at": row.at, "address": address}
