"""Drafts as forms send them and show them, and as their writer's lists draw them."""

import datetime
import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db.models.fields.json import KT

from accounts.models import Member
from boards.models import Board, Draft, Post, PostBody
from boards.permissions import access
from boards.text import richtext
from boards.text.plaintext import cut
from boards.text.richtext import MAX_SOURCE
from boardsite.dates import full_date, machine_date

MOST_FIELDS = 20_000  # characters of all other fields together
MOST_FILES = 200
LISTS = {"kept_files", "removed_files"}  # fields that are lists even with one value
OWN_COLUMNS = {"subject", "source", "format", "submission"}
NOT_KEPT = {"csrfmiddlewaretoken", "draft", "member", "post"}
_PICTURE = re.compile(r"/files/(\d{1,18})/picture/", re.ASCII)


class TooLong(ValueError):
    """More than a post may hold."""


@dataclass(frozen=True, kw_only=True)
class DraftWords:
    """What a form holds that is still being written: nothing of it is checked but its length.

    `fields`: every field besides source and format, as texts by name.
    """

    subject: str
    source: str
    format: str
    fields: Mapping[str, list[str]]

    @property
    def file_ids(self) -> list[int]:
        """Files chosen, and pictures that the text shows; whose they are is not asked here."""
        chosen = [pk for pk in self.fields.get("kept_files", []) if re.fullmatch(r"\d{1,18}", pk)]
        shown = _PICTURE.findall(self.source)
        return list(dict.fromkeys(map(int, [*chosen, *shown])))[:MOST_FILES]


def words_of(posted: Iterable[tuple[str, list[str]]]) -> DraftWords:
    """The words of a write form as its fields came (QueryDict.lists). Raises TooLong.

    Passwords are never kept. A subject that is too long for its column stays among the fields.
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


def initial_of(draft: Draft, *, is_new: bool = False) -> dict[str, str | list[str]]:
    """A draft as the `initial` of a write form. `is_new`: the form is to keep a draft of its own."""
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
    """What a draft says, without its markup."""
    if draft.format == PostBody.Format.TEXT:
        return draft.source
    try:
        return richtext.text_of(richtext.clean(draft.source))
    except richtext.TooComplex:
        return draft.source


@dataclass(frozen=True)
class DraftRow:
    """A line of a list of drafts. `url` continues it; "" where its member may not write any more.

    `whole`: the page that shows it, to copy. `here`: the address that opens it in the form of
    another board, None outside of a form.
    """

    pk: int
    subject: str
    board_name: str
    date: str
    time: str
    is_edit: bool
    is_answer: bool
    url: str
    whole: str
    here: str | None = None


def draft_rows(
    member: Member, *, here: Board | None = None, but: uuid.UUID | str | None = None
) -> list[DraftRow]:
    """The drafts of `member`, the last saved first, without the one with the token `but`.

    There are at most actions.drafts.MOST_DRAFTS. One query, and one for what they answer.
    """
    drafts = Draft.objects.filter(member=member).order_by("-saved_at", "-pk")
    drafts = drafts.select_related("board", "post__author").defer("source", "fields")
    drafts = drafts.annotate(answers=KT("fields__answers__0"))
    return _rows(member, [draft for draft in drafts if str(draft.token) != str(but)], here)


def draft_row(draft: Draft) -> DraftRow:
    """The line of one draft."""
    draft.answers = answers_of(draft)
    return _rows(draft.member, [draft], None)[0]


def answers_of(draft: Draft) -> str:
    """The id of the post that a draft answers (답변글), as its form said; "" where it is none."""
    return _first(draft.fields, "answers")


def find_answered(ids: Iterable[str]) -> dict[str, Post]:
    """Published posts by their ids as texts; without what is gone, or no id."""
    asked = {pk for pk in ids if pk and re.fullmatch(r"[0-9]{1,18}", pk)}
    if not asked:
        return {}
    posts = Post.objects.published().filter(pk__in=asked).select_related("board__group", "author")
    return {str(post.pk): post for post in posts}


def draft_age() -> datetime.timedelta | None:
    """How long drafts are kept after their last save (settings.DRAFT_DAYS); None: for ever."""
    return datetime.timedelta(days=settings.DRAFT_DAYS) if settings.DRAFT_DAYS > 0 else None


def version_of(post: Post) -> str:
    """Which state of `post` a form was filled from: when it was last edited, "0" for never."""
    return f"{post.edited_at.timestamp():.6f}" if post.edited_at else "0"


def _rows(member: Member, drafts: list[Draft], here: Board | None) -> list[DraftRow]:
    answered = find_answered(draft.answers for draft in drafts)
    return [_row(member, draft, here, answered.get(draft.answers)) for draft in drafts]


def _address(member: Member, draft: Draft, answered: Post | None) -> str:
    """Where `member` goes on with a draft: an edit, an answer or a new post; "" for nowhere."""
    can, post = access(member, draft.board), draft.post
    if post is not None:
        may = post.board_id == draft.board_id and can.may_edit(post)
        return f"/{draft.board.slug}/{post.number}/edit/?draft={draft.pk}" if may else ""
    if answered is not None and access(member, answered.board).may_reply(answered):
        return f"{answered.get_absolute_url()}reply/?draft={draft.pk}"
    return f"/{draft.board.slug}/write/?draft={draft.pk}" if can.write else ""


def _row(
    member: Member, draft: Draft, here: Board | None, answered: Post | None = None
) -> DraftRow:
    return DraftRow(
        pk=draft.pk,
        subject=draft.subject,
        board_name=draft.board.name,
        date=full_date(draft.saved_at),
        time=machine_date(draft.saved_at),
        is_edit=draft.post_id is not None,
        is_answer=bool(draft.answers),
        url=_address(member, draft, answered),
        whole=f"/drafts/{draft.pk}/",
        here=f"/{here.slug}/write/?draft={draft.pk}" if here else None,
    )


def _clean(text: str) -> str:
    return text.replace("\0", "")  # which PostgreSQL cannot keep


def _first(sent: Mapping[str, list[str]], name: str) -> str:
    return next(iter(sent.get(name, [])), "")
