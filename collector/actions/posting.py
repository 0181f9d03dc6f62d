"""One article becomes a post, or another place of a post; a changed one changes its post.

Each with its row, in one transaction: who is killed leaves both or neither.
"""

import logging
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from boards.actions.posts import ChangedMeanwhile, edit_post, lock_post, write_post
from boards.models import Post, PostBody
from boards.queries.drafts import version_of
from boards.text.richtext import TooComplex, clean
from collector.actions.choosing import taken_addresses
from collector.actions.grouping import RecentStories, join_story, number_of, wait_for_turn
from collector.actions.pictures import allowed_pictures, copy_pictures, lead_picture
from collector.fetching.asking import Asker
from collector.models import SeenEntry, Source, key_of
from collector.reading.entries import Entry
from collector.reading.wording import foreign_language

logger = logging.getLogger(__name__)

CLAIM = timedelta(minutes=5)
"""So long a source is one collector's; one that was killed keeps it no longer."""
OLDEST = timedelta(days=30)
"""A post is dated by its article within these days; older ones as of now."""
MOST_CHANGES = 20
"""So often a post changes with its article: a page that is another each time would fill the disk."""
MAX_SUBJECT = Post._meta.get_field("subject").max_length


class TakenDown(Exception):
    """Somebody has taken the source down meanwhile: nothing more of it is to be posted."""


def hold(source: Source) -> None:
    """Keeps the claim for CLAIM more. Within a transaction, no take_down comes between until it ends.

    Raises TakenDown.
    """
    there = Source.objects.filter(pk=source.pk, taken_down_at=None)
    if not there.update(claimed_until=timezone.now() + CLAIM):
        raise TakenDown


def post_entry(
    source: Source, entry: Entry, asker: Asker, stories: RecentStories, *, content_key: str
) -> bool:
    """Posts one article, or joins it to another paper's post; whether there is a new post.

    `content_key` is that of what the source itself shows (choosing.content_key_of). Not within a
    transaction: pictures are fetched.
    """
    number = number_of(entry)
    if stories.find(number, entry) is None:
        entry = copy_pictures(source, entry, asker)
    try:
        with transaction.atomic():
            wait_for_turn()
            hold(source)
            seen = _mark(source, entry, content_key=content_key, fingerprint=number)
            story = stories.find(number, entry)
            if story:
                join_story(post=story.post, source=source, entry=entry)
            seen.post = story.post if story else _write(source, entry)
            seen.is_also = story is not None
            seen.save(update_fields=["post", "is_also"])
    except IntegrityError:
        if not _is_met(source, entry):
            raise
        # By another collector meanwhile, or by its address, from another source.
        pass_over(source, [entry])
        return False
    except TooComplex:
        logger.warning("An article of %s is too complex: %s", source.pk, entry.address)
        pass_over(source, [entry])
        return False
    return not seen.is_also


def follows(seen: SeenEntry) -> bool:
    """Whether the post of `seen` may change with its article: it is to be seen, only robots have
    edited it, and not too often."""
    if not seen.post.is_published:
        return False
    are_robots = list(seen.post.revisions.values_list("editor__is_robot", flat=True))
    return all(are_robots) and len(are_robots) < MOST_CHANGES


def update_post(
    source: Source, seen: SeenEntry, entry: Entry, asker: Asker, *, content_key: str
) -> bool:
    """Lets the post of `seen` say what its article says by now; whether it said something else.

    What it said is kept as for any edit, and what people have set stays: category, notice, secret,
    links, tags. `seen` is as it was read before the article was fetched. Not within a transaction.
    """
    version = version_of(seen.post)
    entry = copy_pictures(source, entry, asker, post=seen.post)
    subject, number = entry.title[:MAX_SUBJECT], number_of(entry)
    try:
        body = body_of(source, entry)
        with transaction.atomic():
            wait_for_turn()
            hold(source)
            row = SeenEntry.objects.filter(pk=seen.pk, content_key=seen.content_key)
            if not row.update(content_key=content_key, fingerprint=number, title=entry.title[:255]):
                return False  # another collector was quicker
            lock_post(seen.post_id)
            post = Post.objects.select_related("category", "body").get(pk=seen.post_id)
            if not post.is_published or (post.subject, post.body.source) == (subject, body):
                return False
            edit_post(
                post=post,
                by=source.member,
                seen=version,
                subject=subject,
                source=body,
                format=PostBody.Format.HTML,
                category=post.category,
                is_notice=post.is_notice,
                is_site_notice=post.is_site_notice,
                is_secret=post.is_secret,
                links=list(post.links.order_by("pk").values_list("url", flat=True)),
                tags=list(post.post_tags.order_by("pk").values_list("tag__name", flat=True)),
            )
    except (ChangedMeanwhile, TooComplex, Post.DoesNotExist) as error:
        logger.info("The post of entry %s stays as it is: %r", seen.pk, error)
        SeenEntry.objects.filter(pk=seen.pk).update(content_key=content_key)
        return False
    return True


def pass_over(source: Source, entries: list[Entry]) -> None:
    """They are not posted, now or later."""
    _keep_unposted(source, entries, is_waiting=False)
    keys = [key_of(each.guid) for each in entries]
    source.entries.filter(guid_key__in=keys, is_waiting=True).update(is_waiting=False)


def let_wait(source: Source, entry: Entry) -> None:
    """Its page cannot be read now; `choose` asks for it again for some days."""
    _keep_unposted(source, [entry], is_waiting=True)


def _keep_unposted(source: Source, entries: list[Entry], *, is_waiting: bool) -> None:
    SeenEntry.objects.bulk_create(
        [
            SeenEntry(
                source=source,
                guid_key=key_of(each.guid),
                title=each.title[:255],
                is_waiting=is_waiting,
            )
            for each in entries
        ],
        ignore_conflicts=True,
    )


def _write(source: Source, entry: Entry) -> Post:
    return write_post(
        author=source.member,
        board=source.board,
        created_at=_date_of(entry),
        is_quiet=True,
        origin=entry.address,
        subject=entry.title[:MAX_SUBJECT],
        source=body_of(source, entry),
        format=PostBody.Format.HTML,
        category=source.category,
        links=[entry.address] if entry.address else [],
    )


def _mark(source: Source, entry: Entry, **facts) -> SeenEntry:
    """The row of what is posted now. Raises IntegrityError where another collector has made it, or
    where its address is known."""
    facts |= {
        "address_key": key_of(entry.address) if entry.address else "",
        "address": entry.address,
        "title": entry.title[:255],
    }
    if entry.address and not taken_addresses(source, {entry.address: facts["content_key"]}):
        # Who has it has no right to it.
        SeenEntry.objects.filter(address_key=facts["address_key"]).update(address_key="")
    guid_key = key_of(entry.guid)
    # A new row in its place: RecentStories reads what has come since by its number.
    source.entries.filter(guid_key=guid_key, is_waiting=True).delete()
    return SeenEntry.objects.create(source=source, guid_key=guid_key, **facts)


def _is_met(source: Source, entry: Entry) -> bool:
    by_guid = Q(source=source, guid_key=key_of(entry.guid))
    by_address = Q(address_key=key_of(entry.address)) if entry.address else Q()
    return SeenEntry.objects.filter(by_guid | by_address).exists()


def body_of(source: Source, entry: Entry) -> str:
    """The post's HTML: as much as the source allows, then where it is from.

    Raises TooComplex for an article that no person wrote.
    """
    article = _article_of(source, entry)
    origin = (
        format_html('<a href="{}">{}</a>', entry.address, source.name)
        if entry.address
        else source.name
    )
    lines = [format_html(_("원문: {}"), origin)]
    if entry.author:
        lines.append(format_html(_("글쓴이: {}"), entry.author))
    if source.licence:
        lines.append(source.licence)
    lines.append(format_html('<a href="/sources/{}/complain/">{}</a>', source.pk, _("저작권 신고")))
    rest = format_html_join("", "<br>{}", ((line,) for line in lines[1:]))
    below = format_html("<p>{}{}</p>", lines[0], rest)
    return f"{article}\n<hr>\n{below}" if article else below


def _article_of(source: Source, entry: Entry) -> str:
    """What is shown of the article itself, in its language.

    Cleaned by itself: what it leaves open, a comment or a <style>, must not swallow the lines below
    it. And its pictures are looked for again in what is clean: markup.py finds those that are written
    as people write them, browsers find more.
    """
    parts = []
    if source.shows == Source.Shows.FULL:
        if "<img" not in entry.html.lower():
            parts.append(lead_picture(source, entry.picture))
        html = clean(allowed_pictures(source, entry.html))
        parts.append(allowed_pictures(source, html))
    elif source.shows == Source.Shows.EXCERPT:
        parts.append(lead_picture(source, entry.picture))
        if entry.summary:
            parts.append(format_html("<p>{}</p>", entry.summary))
    article = "\n".join(filter(None, parts))
    language = foreign_language(entry)
    return f'<div lang="{language}">{article}</div>' if article and language else article


def _date_of(entry: Entry) -> datetime:
    now = timezone.now()
    at = entry.published_at
    return at if at and now - OLDEST <= at <= now else now
