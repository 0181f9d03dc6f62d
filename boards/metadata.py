"""Machine-readable data about a post or an FAQ: link cards (OpenGraph, Twitter) and JSON-LD.

Only for posts that every guest may read, because crawlers are guests.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from accounts.permissions import Visitor
from boards.models import Post
from boards.permissions import access
from boards.rows import PostRow
from boardsite.text import richtext

DESCRIPTION_LENGTH = 150
TEXT_LENGTH = 5_000  # characters of the text in JSON-LD

# Within <script>: escapes what would close it or open a comment (case 43), and line separators that
# are not JSON's.
_ESCAPES = [(each, f"\\u{ord(each):04x}") for each in "<>&'\u2028\u2029"]


@dataclass(frozen=True)
class Picture:
    """The picture of a link card. Sizes are in pixels, 0 if unknown."""

    url: str
    width: int
    height: int


@dataclass(frozen=True)
class PostMetadata:
    """`json_ld` is safe inside <script>. Times are ISO 8601.

    `canonical` is the address where the text was first published: the source of a collected post,
    else `url`.
    """

    url: str
    canonical: str
    description: str
    published: str
    modified: str
    picture: Picture | None
    json_ld: str


def canonical(post: Post) -> str:
    """The one address of a post on this site, whichever page of its comments is open."""
    return settings.SITE_URL + post.get_absolute_url()


def post_metadata(post: Post, site_name: str) -> PostMetadata | None:
    """None if a guest may not read `post` or would have to pay for it.

    Board, author, body and cover must be joined.
    """
    can = access(AnonymousUser(), post.board)
    if not (can.may_read(post) and can.is_free(post)) or post.is_secret:
        return None
    picture = _picture(post)
    return PostMetadata(
        url=canonical(post),
        canonical=post.body.origin or canonical(post),
        description=richtext.excerpt(post.body.html, DESCRIPTION_LENGTH),
        published=post.created_at.isoformat(timespec="seconds"),
        modified=(post.edited_at or post.created_at).isoformat(timespec="seconds"),
        picture=picture,
        json_ld=script_json(_discussion(post, site_name, picture)),
    )


def faq_json_ld(questions: Sequence[PostRow], visitor: Visitor) -> str:
    """https://schema.org/FAQPage of the `questions` of a page, safe inside <script>; "" for members,
    who may read more than crawlers, and for a page without answers.

    The rows contain the texts that a guest may read for nothing (queries.lists.with_texts).
    """
    entries = [
        {
            "@type": "Question",
            "name": row.subject,
            "url": settings.SITE_URL + row.url,
            "acceptedAnswer": {"@type": "Answer", "text": answer},
        }
        for row in questions
        if not row.is_secret and (answer := richtext.text_of(row.html))
    ]
    if not entries or visitor.is_authenticated:
        return ""
    return script_json(
        {"@context": "https://schema.org", "@type": "FAQPage", "mainEntity": entries}
    )


def script_json(data: dict) -> str:
    """JSON that has the same meaning inside <script>, whatever its strings contain."""
    text = json.dumps(data, ensure_ascii=False)
    for sign, escaped in _ESCAPES:  # str.translate takes ten times as long
        text = text.replace(sign, escaped)
    return text


def _picture(post: Post) -> Picture | None:
    if post.cover is None:
        return None
    url = f"{settings.SITE_URL}/files/{post.cover_id}/picture/"
    return Picture(url, post.cover.width or 0, post.cover.height or 0)


def _discussion(post: Post, site_name: str, picture: Picture | None) -> dict:
    """https://schema.org/DiscussionForumPosting with the properties that search engines require."""
    author = {"@type": "Person", "name": post.author_name}
    if post.author is not None and post.author.is_here:
        author["url"] = settings.SITE_URL + post.author.get_absolute_url()
    here = settings.SITE_URL + post.board.get_absolute_url()
    statistics = [
        _counter("ViewAction", post.view_count),
        _counter("CommentAction", post.comment_count),
    ]
    if post.board.use_likes:
        statistics.append(_counter("LikeAction", post.like_count))
    data = {
        "@context": "https://schema.org",
        "@type": "DiscussionForumPosting",
        "@id": canonical(post),
        "url": canonical(post),
        "mainEntityOfPage": canonical(post),
        "headline": post.subject,
        "text": richtext.excerpt(post.body.html, TEXT_LENGTH) or post.subject,
        "inLanguage": "ko",
        "author": author,
        "datePublished": post.created_at.isoformat(timespec="seconds"),
        "dateModified": (post.edited_at or post.created_at).isoformat(timespec="seconds"),
        "commentCount": post.comment_count,
        "interactionStatistic": statistics,
        "isPartOf": {"@type": "CollectionPage", "name": post.board.name, "url": here},
        "publisher": {"@type": "Organization", "name": site_name, "url": settings.SITE_URL},
    }
    if post.body.origin:
        data["isBasedOn"] = post.body.origin
    if picture is not None:
        data["image"] = picture.url
    return data


def _counter(action: str, count: int) -> dict:
    return {
        "@type": "InteractionCounter",
        "interactionType": f"https://schema.org/{action}",
        "userInteractionCount": count,
    }
