"""Mentions in comments, resolved once when the comment is written."""

from accounts.models import Member
from boards.text import mentions
from boardsite.text import richtext


def with_mentions(text: str) -> tuple[str, list[Member]]:
    """The plain `text` of a comment as HTML with linked mentions, and the mentioned members.

    The members are in order, each once. One query; none for a text without '@'.
    """
    html = richtext.comment_html(text)
    members = _mentioned(html)
    pages = {member.nickname_key: member.get_absolute_url() for member in members}
    return (mentions.linked(html, pages) if pages else html), members


def _mentioned(html: str) -> list[Member]:
    names = mentions.names_in(html)
    if not names:
        return []
    there = Member.objects.filter(nickname_key__in=names, is_active=True, left_at=None)
    members = {member.nickname_key: member for member in there}
    return [members[key] for key in mentions.keys_in(html, members)]
