"""The lists of 1:1 문의: a visitor's own ones, and for moderators all, by state and waiting time."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, check_password
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from boards.models import Board, CannedAnswer, Comment, Inquiry, Post
from boards.models import State as PostState
from boards.permissions import Access
from boards.queries.boards import known_boards
from boards.rows import short_date
from boardsite.typing import StrOrPromise
from boardsite.visitors.identity import today

State = Inquiry.State
OPENED = 3  # inquiries that an address and a password open at once; each takes a slow hash
# The tabs of moderators: what `?state=` asks for.
WAITING, ALL = "", "all"
STATES: dict[str, Sequence[State]] = {
    WAITING: Inquiry.WAITING,
    State.RECEIVED: (State.RECEIVED,),
    State.AGAIN: (State.AGAIN,),
    State.ANSWERED: (State.ANSWERED,),
    ALL: tuple(State),
}


def _number_of(rows: QuerySet, author: str) -> Subquery:
    counted = rows.order_by().values(author).annotate(count=Count("pk"))
    return Subquery(counted.values("count"))


# How many inquiries a member has written, and comments on inquiries.
INQUIRED = {
    "inquiry_count": _number_of(
        Inquiry.objects.filter(post__author=OuterRef("pk"), post__state=PostState.PUBLISHED),
        "post__author",
    ),
    "answer_count": _number_of(
        Comment.objects.published().filter(
            author=OuterRef("pk"), post__state=PostState.PUBLISHED, post__inquiry__isnull=False
        ),
        "author",
    ),
}


def has_inquiries() -> bool:
    """Whether the site has an inquiry board. No query, as a rule."""
    return any(board.is_inquiry for board in known_boards().values())


@dataclass(frozen=True, slots=True)
class InquiryRow:
    """An inquiry in a list. `waited`: how long it has waited for an answer; "" if it is answered."""

    url: str
    subject: str
    category: str
    author_name: str
    is_guest: bool
    date: str
    state: str
    label: StrOrPromise
    waited: str


@dataclass(frozen=True, slots=True)
class InquiryState:
    """An inquiry on its own page. `answers`: what a moderator can insert into an answer."""

    state: str
    label: StrOrPromise
    waited: str
    may_close: bool
    answers: Sequence[CannedAnswer]


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab of the moderators' list."""

    state: str
    label: StrOrPromise
    count: int


def inquiries_of(board: Board) -> QuerySet[Inquiry]:
    """The published inquiries of `board`."""
    return Inquiry.objects.filter(post__board=board, post__state=PostState.PUBLISHED)


def waiting_in(boards: Iterable[Board], *states: State) -> QuerySet[Inquiry]:
    """The published inquiries of `boards` that wait for an answer, or those in one of `states`."""
    waiting = Inquiry.objects.filter(state__in=states or Inquiry.WAITING)
    return waiting.filter(post__state=PostState.PUBLISHED, post__board__in=list(boards))


def staff_list(board: Board, state: str) -> QuerySet[Inquiry]:
    """The inquiries of a tab (a key of STATES): those that wait the longest first, and of others
    the newest."""
    found = inquiries_of(board).filter(state__in=STATES[state])
    return found.order_by("-pk") if State.ANSWERED in STATES[state] else found.order_by("since")


def own_list(can: Access) -> QuerySet[Inquiry]:
    """The visitor's own inquiries, the newest first: those of a member, or those that a guest has
    unlocked with its password."""
    found = inquiries_of(can.board).order_by("-pk")
    if can.visitor.is_authenticated:
        return found.filter(post__author=can.visitor)
    unlocked = [key.partition("-") for key in getattr(can.visitor, "unlocked", ())]
    pks = [int(pk) for kind, _sign, pk in unlocked if kind == Post._meta.model_name]
    return found.filter(post__in=pks, post__author=None)


def inquiry_rows(inquiries: QuerySet[Inquiry]) -> list[InquiryRow]:
    """One query."""
    now = timezone.now()
    return [
        InquiryRow(
            url=inquiry.post.get_absolute_url(),
            subject=inquiry.post.subject,
            category=inquiry.post.category.name if inquiry.post.category else "",
            author_name=inquiry.post.author_name,
            is_guest=inquiry.post.author_id is None,
            date=short_date(inquiry.post.created_at, today()),
            state=inquiry.state,
            label=State(inquiry.state).label,
            waited=waited(inquiry, now),
        )
        for inquiry in inquiries.select_related("post__board", "post__category")
    ]


def tabs_of(board: Board) -> list[Tab]:
    """The tabs of the moderators' list with the number of inquiries in each. One query."""
    counted = inquiries_of(board).order_by().values_list("state").annotate(Count("pk"))
    counts: dict[str, int] = dict(counted)
    labels = {WAITING: _("답변 대기"), ALL: _("전체")}
    return [
        Tab(state, labels.get(state) or State(state).label, sum(counts.get(each, 0) for each in of))
        for state, of in STATES.items()
    ]


def opened_by(board: Board, mail: str, password: str) -> list[Post]:
    """The latest inquiries that a guest wrote with this address and this password.

    As many passwords are checked whether there are inquiries or not, so that the time does not
    reveal whose address is known here.
    """
    found = inquiries_of(board).filter(mail=mail.lower(), post__author=None)
    posts = [
        inquiry.post
        for inquiry in found.select_related("post__board", "post__guest_password").order_by("-pk")[
            :OPENED
        ]
    ]
    hashes = [post.guest_password.password for post in posts]
    hashes += [UNUSABLE_PASSWORD_PREFIX] * (OPENED - len(posts))  # takes as long to check
    fits = [check_password(password, each) for each in hashes]
    return [post for post, is_open in zip(posts, fits, strict=False) if is_open]


def inquiry_of(can: Access, post: Post) -> InquiryState:
    """The state of `post`; two queries for a moderator, one for its author."""
    inquiry = Inquiry.objects.filter(pk=post.pk).first() or Inquiry(post=post)
    return InquiryState(
        state=inquiry.state,
        label=State(inquiry.state).label,
        waited=waited(inquiry, timezone.now()),
        may_close=can.moderate and inquiry.state != State.ANSWERED,
        answers=list(can.board.canned_answers.all()) if can.moderate else [],
    )


def waited(inquiry: Inquiry, now: datetime.datetime) -> str:
    """`3일 4시간`, `4시간 20분`, `12분`; "" for an answered one."""
    if inquiry.state == State.ANSWERED:
        return ""
    return time_span(now - inquiry.since)


def time_span(span: datetime.timedelta) -> str:
    minutes = max(0, int(span.total_seconds()) // 60)
    numbers = {"days": minutes // 1440, "hours": minutes // 60 % 24, "minutes": minutes % 60}
    if numbers["days"]:
        return _("%(days)d일 %(hours)d시간") % numbers
    return (_("%(hours)d시간 %(minutes)d분") if numbers["hours"] else _("%(minutes)d분")) % numbers
