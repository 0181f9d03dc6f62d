"""설문조사: each poll becomes a post of one board.

gnuboard5 stores who has voted, but not for what. So the votes become anonymous, and the polls are closed,
because nobody could be kept from voting twice (docs/decisions/0067).
"""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import MEMBER_LEVEL, OWNER_LEVEL
from boards.actions.counting import apply_deltas, contribution
from boards.actions.polls import add_anonymous_votes, delete_opinion
from boards.actions.posts import write_post
from boards.models import Poll, PollOpinion, PollOption, Post, PostBody
from boards.models.polls import OPINION_LENGTH, OPTION_LENGTH, QUESTION_LENGTH
from boards.queries.post_fields import PollFields
from boardsite.text import richtext
from importer.actions.kept import Kept, Pair
from importer.actions.ledger import Ledger, remember
from importer.actions.own_boards import ONLY_OWNERS, own_board, owner_of
from importer.actions.posts import remove_posts
from importer.models import Imported, Kind, known, pks
from importer.reading.cleaning import rendered
from importer.reading.site import OldSite
from importer.reading.staging import Found
from importer.reading.values import count, moment, number, plain

PLACES = range(1, 10)  # po_poll1 … po_poll9
LONGEST_NAME = 40
MOST_VOTES = 100_000  # for one option, because each becomes a row; a dump could claim any number


# -- How they are kept -----------------------------------------------------------------------------
def _texts(poll: Poll) -> list[str]:
    """The options of a poll that is stored, or that would be made now."""
    if hasattr(poll, "own_texts"):
        return poll.own_texts
    return [option.text for option in sorted(poll.options.all(), key=lambda each: each.position)]


def _save(pairs: list[Pair]) -> None:
    changes = []
    for here, fresh in pairs:
        before = contribution(here.post)
        POLL.copy(fresh, here)
        changes.append((here.post, before, contribution(here.post)))
        if _texts(here) != fresh.own_texts:
            _set_options(here, fresh.own_texts)
    POLL.update([here for here, _fresh in pairs])
    apply_deltas(changes, earns=False)
    polls = Poll.objects.filter(pk__in=[here.pk for here, _fresh in pairs])
    polls.update(version=F("version") + 1)


def _set_options(poll: Poll, texts: list[str]) -> None:
    """Gives a poll other options. Its votes are imported again, because they belong to nobody."""
    _forget_votes(poll)
    poll.options.all().delete()
    PollOption.objects.bulk_create(
        PollOption(poll=poll, position=place, text=text) for place, text in enumerate(texts)
    )


def _forget_votes(poll: Poll) -> None:
    entries = Imported.objects.filter(kind=Kind.POLL, new=poll.pk).values_list("old", flat=True)
    keys = [f"{key}/{place}" for key in entries for place in PLACES]
    Imported.objects.filter(kind=Kind.OPTION, old__in=keys).delete()
    poll.votes.all().delete()
    poll.options.update(vote_count=0)
    poll.voter_count = 0
    Poll.objects.filter(pk=poll.pk).update(voter_count=0)


def _has_own_votes(poll: Poll) -> bool:
    """Whether members have voted here, after an owner has opened the poll again."""
    return poll.votes.filter(member__isnull=False).exists()


def _remove_opinions(opinions: list[PollOpinion]) -> None:
    for opinion in opinions:
        delete_opinion(opinion=opinion)


POLL = Kept(
    Kind.POLL,
    Poll,
    key=lambda row: row["po_id"],
    columns=("question", "min_level", "post.state", "post.subject", "post.body.source"),
    derived=("post.body.html", "post.body.cleaner_version"),
    save=_save,
    remove=lambda polls: remove_posts([poll.post for poll in polls]),
    loads=("post__author", "post__board"),
    parts=_texts,
    prefetches=("options",),
)
OPINION = Kept(
    Kind.OPINION,
    PollOpinion,
    key=lambda row: row["pc_id"],
    columns=("author_name", "text"),
    remove=_remove_opinions,
    loads=("poll",),
)


# -- Importing them --------------------------------------------------------------------------------
def import_polls(old: OldSite) -> Iterator[int]:
    """Creates the polls that are new with their votes, changes those that have changed, and adds votes that
    others got since the last run; yields how many rows were looked at."""
    ledger = Ledger(old, POLL)
    for row in list(old.rows("poll", order="CAST(po_id AS INTEGER)")):
        with transaction.atomic():
            batch = ledger.sort_out([row])
            for new in batch.new:
                if (poll := _write(old, new)) is not None:
                    ledger.remember([(new, poll)])
            ledger.update(batch, _again)
            _count(row)
        yield 1


def import_opinions(old: OldSite) -> Iterator[int]:
    """기타의견 of polls that are here; yields how many rows were looked at."""
    members, ledger = pks(Kind.MEMBER), Ledger(old, OPINION)
    for row in list(old.rows("poll_etc", order="CAST(pc_id AS INTEGER)")):
        with transaction.atomic():
            polls = known(Kind.POLL, [row["po_id"]])
            poll = Poll.objects.filter(pk__in=[each.new for each in polls.values()]).first()
            batch = ledger.sort_out([row])
            if poll is not None and batch.new:
                opinion = _say(old, poll, row, members.get(row.get("mb_id", "").lower()))
                ledger.remember([(row, opinion)])
            ledger.update(batch, lambda row, here: _opinion(row))
        yield 1


def _write(old: OldSite, row: Found) -> Poll | None:
    options = _options(row)
    if any(votes == MOST_VOTES for _place, _text, votes in options):
        old.note("표가 너무 많아 줄인 설문조사", row["po_id"])
    if not options:
        old.note("항목이 없는 설문조사", row["po_id"])
        return None
    board = own_board(
        "poll",
        slug="poll",
        name=_("설문조사"),
        texts={},
        use_polls=True,
        **ONLY_OWNERS,
    )
    now = timezone.now()
    poll = PollFields(
        question=_subject(row),
        options=[text for _place, text, _count in options],
        closes_at=now,
        min_level=_level(row),
        takes_opinions=bool(row.get("po_etc")),
    )
    post = write_post(
        author=owner_of(old),
        board=board,
        subject=poll.question,
        source=plain(row.get("po_etc", "")),
        format=PostBody.Format.TEXT,
        created_at=moment(f"{row.get('po_date', '')} 00:00:00") or now,
        poll=poll,
        is_quiet=True,
    )
    return Poll.objects.select_related("post__body").get(post=post)


def _again(row: Found, here: Poll) -> Poll | None:
    """A poll whose row has changed; None if members have voted for other options here."""
    texts = [text for _place, text, _votes in _options(row)]
    if not texts or (texts != _texts(here) and _has_own_votes(here)):
        return None
    source = plain(row.get("po_etc", ""))
    post = Post(pk=here.pk, subject=_subject(row))
    post.body = PostBody(
        source=source,
        html=rendered(source, PostBody.Format.TEXT),
        cleaner_version=richtext.CLEANER_VERSION,
    )
    poll: Any = Poll(post=post, question=_subject(row), min_level=_level(row))
    poll.own_texts = texts
    return poll


def _level(row: Found) -> int:
    return min(max(number(row, "po_level"), MEMBER_LEVEL), OWNER_LEVEL)


def _subject(row: Found) -> str:
    return plain(row.get("po_subject", "")).strip()[:QUESTION_LENGTH] or "-"


def _options(row: Found) -> list[tuple[int, str, int]]:
    """Place, text and votes of each option."""
    found = []
    for place in PLACES:
        text, votes = (
            plain(row.get(f"po_poll{place}", "")).strip(),
            count(row, f"po_cnt{place}", MOST_VOTES),
        )
        if text or votes:
            found.append((place, text[:OPTION_LENGTH] or "-", votes))
    return found


def _count(row: Found) -> None:
    """Adds the votes that the ledger does not know yet; where the owner has lowered them there, all of them
    again. Nothing if the options are others here."""
    polls = known(Kind.POLL, [row["po_id"]])
    poll = Poll.objects.filter(pk__in=[each.new for each in polls.values()]).first()
    if poll is None:
        return
    options = _options(row)
    keys = [f"{row['po_id']}/{place}" for place, _text, _votes in options]
    before = known(Kind.OPTION, keys)
    are_fewer = any(
        key in before and votes < before[key].new
        for key, (_place, _text, votes) in zip(keys, options, strict=True)
    )
    if are_fewer and not _has_own_votes(poll):
        _forget_votes(poll)
        before = {}
    more = [
        max(votes - (before[key].new if key in before else 0), 0)
        for key, (_place, _text, votes) in zip(keys, options, strict=True)
    ]
    if any(more) and poll.options.count() == len(more):
        add_anonymous_votes(post=poll.post, counts=more)
        Imported.objects.filter(kind=Kind.OPTION, old__in=keys).delete()
        remember(
            Kind.OPTION,
            [(key, votes, {}) for key, (_p, _t, votes) in zip(keys, options, strict=True)],
        )


def _say(old: OldSite, poll: Poll, row: Found, member: int | None) -> PollOpinion:
    """An opinion. A member has one here: further ones keep the name and belong to no member."""
    opinion = _opinion(row)
    if len(plain(row.get("pc_idea", "")).strip()) > OPINION_LENGTH:
        old.note("짧게 줄인 기타의견", row["pc_id"])
    if member is not None and not poll.opinions.filter(member=member).exists():
        opinion.member_id = member
    opinion.poll = poll
    opinion.save()
    Poll.objects.filter(pk=poll.pk).update(version=F("version") + 1, takes_opinions=True)
    return opinion


def _opinion(row: Found) -> PollOpinion:
    return PollOpinion(
        author_name=plain(row.get("pc_name", ""))[:LONGEST_NAME] or "-",
        text=plain(row.get("pc_idea", "")).strip()[:OPINION_LENGTH],
        created_at=moment(row.get("pc_datetime", "")) or timezone.now(),
    )
