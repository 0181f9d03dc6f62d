"""Polls (설문): written with their post, voted in, counted."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.actions.erasing import NOBODY
from accounts.models import Member
from boards.models import Poll, PollChoice, PollOpinion, PollOption, PollVote, Post
from boards.queries.post_fields import PollFields


class PollStarted(Exception):
    """Somebody has voted, so the poll can only be closed earlier."""


class PollClosed(Exception):
    """The poll is over."""


class PollChanged(Exception):
    """The poll does not have these options (any more), or allows fewer choices."""


class AlreadyVoted(Exception):
    """The member has voted otherwise, and the poll does not let them change it."""


def set_poll(post: Post, written: PollFields) -> None:
    """Gives `post` this poll. Must run in the action's transaction, with the post locked.

    Once somebody has voted, only an earlier end is accepted: everybody shall have answered the same
    question. Raises PollStarted.
    """
    poll = Poll.objects.filter(post=post).first()
    if poll is None:
        poll = Poll(post=post)
    elif (present := PollFields.of(poll)) == written:
        return
    elif poll.votes.exists():
        if not _only_ends_earlier(present, written):
            raise PollStarted
        Poll.objects.filter(pk=poll.pk).update(
            closes_at=written.closes_at, version=F("version") + 1
        )
        return
    written.set_on(poll)
    poll.version += 1
    poll.save()
    poll.options.all().delete()
    PollOption.objects.bulk_create(
        PollOption(poll=poll, position=place, text=text)
        for place, text in enumerate(written.options)
    )


def remove_poll(post: Post) -> None:
    """Undoes set_poll, like that one. Raises PollStarted once somebody has voted."""
    poll = Poll.objects.get(post=post)
    if poll.votes.exists():
        raise PollStarted
    poll.delete()


def _only_ends_earlier(present: PollFields, written: PollFields) -> bool:
    if replace(present, closes_at=written.closes_at) != written:
        return False
    if written.closes_at is None:
        return False
    return present.closes_at is None or written.closes_at < present.closes_at


def vote_in_poll(
    *, post: Post, member: Member, options: Collection[int], opinion: str = ""
) -> None:
    """Casts the member's one vote, for one or several options (ids), with an opinion or "".

    A later vote replaces it if the poll allows that; the same vote again changes nothing. Raises
    PollClosed, PollChanged, AlreadyVoted, and Poll.DoesNotExist if there is no poll any more.
    """
    with transaction.atomic():
        poll = _locked_poll(post)
        if poll.is_closed:
            raise PollClosed
        chosen = set(options)
        known = poll.options.filter(pk__in=chosen).count()
        if known != len(chosen) or not 1 <= known <= poll.most_choices:
            raise PollChanged
        vote, is_new = PollVote.objects.get_or_create(poll=poll, member=member)
        before = set() if is_new else set(vote.choices.values_list("option", flat=True))
        if not is_new and not poll.is_changeable:
            if chosen != before:
                raise AlreadyVoted
            return  # a repeated submission
        _choose(vote, before, chosen)
        if poll.takes_opinions:
            _say(poll, member, opinion)
        _changed(poll, voters=int(is_new))


def withdraw_vote(*, post: Post, member: Member) -> None:
    """Undoes vote_in_poll, at any time; does nothing if there is no vote."""
    with transaction.atomic():
        poll = _locked_poll(post)
        vote = PollVote.objects.filter(poll=poll, member=member).first()
        if vote is None:
            return
        _choose(vote, set(vote.choices.values_list("option", flat=True)), set())
        vote.delete()
        PollOpinion.objects.filter(poll=poll, member=member).delete()
        _changed(poll, voters=-1)


def delete_opinion(*, opinion: PollOpinion) -> None:
    """Deletes a 기타의견; the vote stays."""
    with transaction.atomic():
        PollOpinion.objects.filter(pk=opinion.pk).delete()
        _changed(opinion.poll)


def add_anonymous_votes(*, post: Post, counts: Sequence[int]) -> None:
    """Adds votes of nobody in particular, `counts` for each option in order, as from another site.

    Each is for one option, so that the counters stay the numbers of rows (repair.py).
    """
    with transaction.atomic():
        poll = _locked_poll(post)
        for option, count in zip(poll.options.all(), counts, strict=True):
            votes = PollVote.objects.bulk_create(PollVote(poll=poll) for _each in range(count))
            PollChoice.objects.bulk_create(PollChoice(vote=vote, option=option) for vote in votes)
            PollOption.objects.filter(pk=option.pk).update(vote_count=F("vote_count") + count)
        _changed(poll, voters=sum(counts))


def forget_votes(*, member: Member) -> None:
    """Makes the votes of a member who is erased anonymous: they count, and belong to no member.

    Their opinions stay without a name, or are deleted if they wanted that for their posts.
    """
    with transaction.atomic():
        own = PollOpinion.objects.filter(member=member)
        said_in = list(own.values_list("poll", flat=True))
        if member.removes_posts:
            own.delete()
        else:
            own.update(member=None, author_name=NOBODY)
        Poll.objects.filter(pk__in=said_in).update(version=F("version") + 1)
        PollVote.objects.filter(member=member).update(member=None)


def purge_votes(post: Post) -> None:
    """Deletes the votes of a post that is purged by one statement each, however many there are."""
    PollChoice.objects.filter(vote__poll=post.pk).delete()
    PollVote.objects.filter(poll=post.pk).delete()


def _locked_poll(post: Post) -> Poll:
    """The poll; its post is locked until the transaction ends, as by every action on the post.

    Raises Poll.DoesNotExist.
    """
    list(Post.objects.select_for_update(no_key=True).only("pk").filter(pk=post.pk))
    return Poll.objects.get(post=post.pk)


def _choose(vote: PollVote, before: set[int], chosen: set[int]) -> None:
    """Changes the choices of a vote, and the counters of the options."""
    PollChoice.objects.filter(vote=vote, option__in=before - chosen).delete()
    PollChoice.objects.bulk_create(
        PollChoice(vote=vote, option_id=option) for option in sorted(chosen - before)
    )
    for options, more in ((before - chosen, -1), (chosen - before, +1)):
        if options:
            own = PollOption.objects.filter(pk__in=options)
            own.update(vote_count=F("vote_count") + more)


def _say(poll: Poll, member: Member, text: str) -> None:
    own = PollOpinion.objects.filter(poll=poll, member=member)
    if not text:
        own.delete()
    elif not own.filter(text=text).exists():
        PollOpinion.objects.update_or_create(
            poll=poll,
            member=member,
            defaults={
                "text": text,
                "author_name": member.nickname,
                "created_at": timezone.now(),
            },
        )


def _changed(poll: Poll, *, voters: int = 0) -> None:
    Poll.objects.filter(pk=poll.pk).update(
        voter_count=F("voter_count") + voters, version=F("version") + 1
    )
