"""Drafts: conversion from and to forms, and rows for lists."""

import datetime
import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models.fields.json import KT

from accounts.models import Member
from boards.models import Board, Draft, Post, PostBody
from boards.permissions import access
from boardsite.dates import full_date, machine_date
from boardsite.text import richtext
from boardsite.text.plaintext import cut
from boardsite.text.richtext import MAX_SOURCE

MOST_FIELDS = 20_000  # characters of all other fields together
MOST_FILES = 200
LISTS = {"kept_files", "removed_files", "poll_options"}  # fields that are lists even with one value
OWN_COLUMNS = {"subject", "source", "format", "submission"}
NOT_KEPT = {"csrfmiddlewaretoken", "draft", "member", "post"}
_PICTURE = re.compile(r"/files/(\d{1,18})/picture/", re.ASCII)


class TooLong(ValueError):
    """Longer than a post may be."""


@dataclass(frozen=True, kw_only=True)
class DraftWords:
    """The content of an unfinished form. Only its length has been checked.

    `fields`: all fields besides source and format, as texts by name.
    """

    subject: str
    source: str
    format: str
    fields: Mapping[str, list[str]]

    @property
    def file_ids(self) -> list[int]:
        """The chosen files and the pictures in the text; their owners have not been checked."""
        chosen = [pk for pk in self.fields.get("kept_files", []) if re.fullmatch(r"\d{1,18}", pk)]
        shown = _PICTURE.findall(self.source)
        return list(dict.fromkeys(map(int, [*chosen, *shown])))[:MOST_FILES]


def words_of(posted: Iterable[tuple[str, list[str]]]) -> DraftWords:
    """The content of a form, from its fields (QueryDict.lists). Raises TooLong.

    Passwords are never stored. A subject that is too long for its column stays among the fields.
    """
    sent = {
        _clean(name): [_clean(value) for value in values if value or name.startswith("extra_")]
        for name, values in posted
        if name not in NOT_KEPT and "password" not in name
    }
    subject, source = _first(sent, "subject"), _first(sent, "source")
    format = PostBody.Format.HTML if _first(sent, "format") == "html" else PostBody.Format.TEXT
    short = cut(subject, 200)
    fields = {name: values for name, values in sent.items() if values and name not in OWN_COLUMNS}
    if subject != short:
        fields["subject"] = [subject]
    length = sum(len(name) + sum(map(len, values)) for name, values in fields.items())
    if len(source) > MAX_SOURCE or length > MOST_FIELDS:
        raise TooLong
    return DraftWords(subject=short, source=source, format=format, fields=fields)


def initial_of(draft: Draft, *, is_new: bool = False) -> dict[str, Any]:
    """A draft as the `initial` of a form. With `is_new` the form gets a draft of its own."""
    fields = {
        name: values if name in LISTS or len(values) > 1 else values[0]
        for name, values in draft.fields.items()
    }
    return {
        "subject": draft.subject,
        "source": draft.source,
        "format": draft.format,
        "submission": uuid.uuid4() if is_new else draft.token,
    } | fields


def text_of(draft: Draft) -> str:
    """The text of a draft without markup."""
    if draft.format == PostBody.Format.TEXT:
        return draft.source
    try:
        return richtext.text_of(richtext.clean(draft.source))
    except richtext.TooComplex:
        return draft.source


@dataclass(frozen=True)
class DraftRow:
    """A row in a list of drafts. `url` continues it; "" if the member may not write there any more.

    `whole` is the page that shows it for copying. `here` is the address that opens it in the form
    of another board, or None outside of a form.
    """

    pk: int
    subject: str
    board_name: str
    date: str
    time: str
    is_edit: bool
    is_reply_post: bool
    url: str
    whole: str
    here: str | None = None


def draft_rows(
    member: Member, *, here: Board | None = None, but: uuid.UUID | str | None = None
) -> list[DraftRow]:
    """The drafts of `member`, the latest first, without the one with the token `but`.

    At most actions.drafts.MOST_DRAFTS. One query, and one for the parents of reply posts.
    """
    drafts = Draft.objects.filter(member=member).order_by("-saved_at", "-pk")
    drafts = drafts.select_related("board", "post__author").defer("source", "fields")
    drafts = drafts.annotate(answers=KT("fields__answers__0"))
    return _rows(
        member, [(draft, draft.answers) for draft in drafts if str(draft.token) != str(but)], here
    )


def draft_row(draft: Draft) -> DraftRow:
    """The row of one draft."""
    return _rows(draft.member, [(draft, parent_id_of(draft))], None)[0]


def parent_id_of(draft: Draft) -> str:
    """The id of the parent post if the draft is a reply post (답변글), as the form sent it; else ""."""
    return _first(draft.fields, "answers")


def find_parent_posts(ids: Iterable[str]) -> dict[str, Post]:
    """Published posts by their ids as text. Invalid ids and removed posts are left out."""
    asked = {pk for pk in ids if pk and re.fullmatch(r"[0-9]{1,18}", pk)}
    if not asked:
        return {}
    posts = Post.objects.published().filter(pk__in=asked).select_related("board__group", "author")
    return {str(post.pk): post for post in posts}


def draft_age() -> datetime.timedelta | None:
    """How long drafts are stored after they were last saved (settings.DRAFT_DAYS); None for ever."""
    return datetime.timedelta(days=settings.DRAFT_DAYS) if settings.DRAFT_DAYS > 0 else None


def version_of(post: Post) -> str:
    """The version of `post` that a form was filled from: the time of its last edit, or "0"."""
    return f"{post.edited_at.timestamp():.6f}" if post.edited_at else "0"


def _rows(member: Member, drafts: list[tuple[Draft, str]], here: Board | None) -> list[DraftRow]:
    """The rows of `drafts`, each with the id of its parent post (parent_id_of)."""
    parents = find_parent_posts(pk for _draft, pk in drafts)
    return [_row(member, draft, here, bool(pk), parents.get(pk)) for draft, pk in drafts]


def _address(member: Member, draft: Draft, parent: Post | None) -> str:
    """The form in which `member` continues a draft: an edit, a reply post or a new post; "" if
    none."""
    can, post = access(member, draft.board), draft.post
    if post is not None:
        may = post.board_id == draft.board_id and can.may_edit(post)
        return f"/{draft.board.slug}/{post.number}/edit/?draft={draft.pk}" if may else ""
    if parent is not None and access(member, parent.board).may_reply(parent):
        return f"{parent.get_absolute_url()}reply/?draft={draft.pk}"
    return f"/{draft.board.slug}/write/?draft={draft.pk}" if can.write else ""


def _row(
    member: Member, draft: Draft, here: Board | None, is_reply_post: bool, parent: Post | None
) -> DraftRow:
    return DraftRow(
        pk=draft.pk,
        subject=draft.subject,
        board_name=draft.board.name,
        date=full_date(draft.saved_at),
        time=machine_date(draft.saved_at),
        is_edit=draft.post_id is not None,
        is_reply_post=is_reply_post,
        url=_address(member, draft, parent),
        whole=f"/drafts/{draft.pk}/",
        here=f"/{here.slug}/write/?draft={draft.pk}" if here else None,
    )


def _clean(text: str) -> str:
    return text.replace("\0", "")  # PostgreSQL cannot store NUL


def _first(sent: Mapping[str, list[str]], name: str) -> str:
    return next(iter(sent.get(name, [])), "")
