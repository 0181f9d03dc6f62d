"""Who is mentioned in a comment. Decided once, when it is written."""

from accounts.models import Member
from boards.text import mentions, richtext


def mentioned(text: str) -> list[Member]:
    """The members whom the plain `text` of a comment names with '@', in order, each once.

    One query, none for a text without '@'.
    """
    return _mentioned(richtext.comment_html(text))


def comment_html(text: str) -> str:
    """The plain `text` of a comment as HTML, its mentions leading to the members' pages."""
    html = richtext.comment_html(text)
    pages = {member.nickname_key: member.get_absolute_url() for member in _mentioned(html)}
    return mentions.linked(html, pages) if pages else html


def _mentioned(html: str) -> list[Member]:
    names = mentions.names_in(html)
    if not names:
        return []
    there = Member.objects.filter(nickname_key__in=names, is_active=True)
    members = {member.nickname_key: member for member in there}
    return [members[key] for key in mentions.keys_in(html, members)]
