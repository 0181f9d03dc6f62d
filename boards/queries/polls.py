"""The poll of a post as pages show it. Nothing here says how anybody but the visitor has voted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from accounts.permissions import Visitor, blocked_by
from boards.models import Poll, PollChoice, PollOpinion, PollOption, Post
from boards.permissions import Access, access
from boardsite.caching.versions import Query
from boardsite.dates import full_date, machine_date
from boardsite.typing import StrOrPromise

OPINIONS_SHOWN = 100  # the newest


class OptionRow(NamedTuple):
    """`percent` ("33.4") is also the width of the bar. Both figures are "" while nobody sees them."""

    pk: int
    text: str
    votes: str
    percent: str
    is_own: bool


class OpinionRow(NamedTuple):
    pk: int
    name: str
    text: str
    date: str
    time: str
    may_delete: bool


@dataclass(frozen=True, kw_only=True)
class PollRow:
    """A poll for one visitor. `refusal` says why they cannot vote, "" if they can; `hidden` why there
    are no results, "" if there are."""

    post: int
    url: str  # of the post
    question: str
    options: Sequence[OptionRow]
    rule: str  # how many options one may choose
    is_single: bool
    voters: str
    ends: str
    ends_time: str
    is_closed: bool
    has_voted: bool
    is_changeable: bool
    refusal: StrOrPromise
    may_log_in: bool  # and then perhaps vote
    hidden: str
    takes_opinions: bool
    own_opinion: str
    opinions: Sequence[OpinionRow]
    opinion_count: str


def poll_row(can: Access, post: Post) -> PollRow | None:
    """The poll of `post`, with which its poll was joined; None if it has none.

    One query for the options, one for the choices of a member, two for the opinions, if there are
    any to show.
    """
    poll: Poll | None = getattr(post, "poll", None)
    if poll is None:
        return None
    poll.post = post
    chosen = _chosen_by(can.visitor, poll)
    refusal = can.refusal_to_vote_in_poll(post, poll)
    if not refusal and chosen and not poll.is_changeable:
        refusal = _("이미 투표하셨습니다.")
    hidden = _why_hidden(poll, has_voted=bool(chosen))
    opinions = poll.opinions.order_by("-pk") if poll.takes_opinions else poll.opinions.none()
    own = ""
    if chosen and poll.takes_opinions:
        said = opinions.filter(member=can.visitor.pk).values_list("text", flat=True)
        own = said.first() or ""
    shown = [] if hidden else list(opinions[: OPINIONS_SHOWN + 1])
    count = len(shown) if len(shown) <= OPINIONS_SHOWN else opinions.count()
    return PollRow(
        post=post.pk,
        url=post.get_absolute_url(),
        question=poll.question,
        options=_option_rows(poll, chosen, is_hidden=bool(hidden)),
        rule=_rule(poll),
        is_single=poll.most_choices == 1,
        voters=f"{poll.voter_count:,}",
        ends=full_date(poll.closes_at),
        ends_time=machine_date(poll.closes_at) if poll.closes_at else "",
        is_closed=poll.is_closed,
        has_voted=bool(chosen),
        is_changeable=poll.is_changeable,
        refusal=refusal,
        may_log_in=bool(refusal) and not can.visitor.is_authenticated and not can.is_suspended,
        hidden=hidden,
        takes_opinions=poll.takes_opinions,
        own_opinion=own,
        opinions=[
            _opinion_row(can, post, each)
            for each in shown[:OPINIONS_SHOWN]
            if each.member_id not in blocked_by(can.visitor)
        ],
        opinion_count=f"{count:,}" if count else "",
    )


def version_query(post: int) -> Query:
    """The query for the version of a post's poll, which every vote increments."""
    return Query(f"SELECT version, 0 FROM {Poll._meta.db_table} WHERE post_id = %s", [post])


def poll_for_guests(post: int) -> PollRow | None:
    """The poll of a published post that every guest may read (who calls has checked that)."""
    posts = Post.objects.published().select_related("board__group", "poll").filter(pk=post)
    found = posts.first()
    return found and poll_row(access(AnonymousUser(), found.board), found)


def readable_poll(visitor: Visitor, post: int) -> PollRow | None:
    """As poll_row, by the id of its post; None if `visitor` may not read that, or must pay for it.

    For blocks outside of the post's page.
    """
    posts = Post.objects.visible_to(visitor).select_related("board__group", "poll").filter(pk=post)
    found = posts.first()
    if found is None:
        return None
    can = access(visitor, found.board)
    return None if can.must_pay(found) else poll_row(can, found)


def shares(counts: Sequence[int], voters: int, *, is_single: bool) -> list[str]:
    """The percentage of each option with one decimal, "0.0" to "100.0".

    Of a poll with one choice each they add up to 100: what rounding down leaves goes to the largest
    remainders. With several choices they are shares of the voters, each for itself.
    """
    if not voters:
        return ["0.0"] * len(counts)
    tenths = [count * 1000 // voters for count in counts]
    remainders = [count * 1000 % voters for count in counts]
    if is_single:
        by_remainder = sorted(range(len(counts)), key=lambda place: -remainders[place])
        for place in by_remainder[: max(0, 1000 - sum(tenths))]:
            tenths[place] += 1
    else:
        tenths = [
            tenth + (remainder * 2 >= voters)
            for tenth, remainder in zip(tenths, remainders, strict=True)
        ]
    return [f"{tenth // 10}.{tenth % 10}" for tenth in tenths]


def _chosen_by(visitor: Visitor, poll: Poll) -> frozenset[int]:
    """The options that `visitor` has voted for."""
    if not visitor.is_authenticated:
        return frozenset()
    own = PollChoice.objects.filter(vote__poll=poll, vote__member=visitor.pk)
    return frozenset(own.values_list("option", flat=True))


def _option_rows(poll: Poll, chosen: frozenset[int], *, is_hidden: bool) -> list[OptionRow]:
    options: list[PollOption] = list(poll.options.order_by("position"))
    counts = [option.vote_count for option in options]
    percents = shares(counts, poll.voter_count, is_single=poll.most_choices == 1)
    return [
        OptionRow(
            option.pk,
            option.text,
            "" if is_hidden else f"{option.vote_count:,}",
            "" if is_hidden else percent,
            option.pk in chosen,
        )
        for option, percent in zip(options, percents, strict=True)
    ]


def _why_hidden(poll: Poll, *, has_voted: bool) -> str:
    if poll.is_closed or poll.results == Poll.Results.ALWAYS:
        return ""
    if poll.results == Poll.Results.CLOSED:
        return _("결과는 설문이 끝나면 보입니다.")
    return "" if has_voted else _("결과는 투표하면 보입니다.")


def _rule(poll: Poll) -> str:
    if poll.most_choices == 1:
        return _("하나만 고르기")
    return _("%(count)d개까지 고르기") % {"count": poll.most_choices}


def _opinion_row(can: Access, post: Post, opinion: PollOpinion) -> OpinionRow:
    return OpinionRow(
        opinion.pk,
        opinion.author_name,
        opinion.text,
        full_date(opinion.created_at),
        machine_date(opinion.created_at),
        can.may_delete_opinion(post, opinion),
    )
