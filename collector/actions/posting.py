"""Posts an article, joins it to another paper's post, or updates the post of a changed article.

Post and SeenEntry are written in one transaction, so that a killed process leaves both or neither.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from boards.actions.posts import ChangedMeanwhile, edit_post, lock_post, write_post
from boards.models import Post, PostBody
from boards.queries.drafts import version_of
from boardsite.text.richtext import TooComplex, clean
from collector.actions.choosing import taken_addresses
from collector.actions.grouping import (
    RecentStories,
    columns_of,
    join_story,
    marks_of,
    wait_for_turn,
)
from collector.actions.pictures import allowed_pictures, copy_pictures, lead_picture
from collector.fetching.fetcher import Fetcher
from collector.models import SeenEntry, Source, key_of
from collector.reading.entries import Entry
from collector.reading.wording import foreign_language

logger = logging.getLogger(__name__)

CLAIM = timedelta(minutes=5)
"""How long a claim on a source lasts if the collector is killed."""
OLDEST = timedelta(days=30)
"""A post gets the date of its article if that is within this time; otherwise the current date."""
MOST_CHANGES = 20
"""Limit for updates of one post: a page with changing content must not fill the disk with
revisions."""
MAX_SUBJECT = Post._meta.get_field("subject").max_length


class TakenDown(Exception):
    """The staff have taken the source down during the pass: nothing more may be posted."""


def extend_claim(source: Source) -> None:
    """Extends the claim by CLAIM. Within a transaction this also keeps take_down out until it ends.

    Raises TakenDown.
    """
    there = Source.objects.filter(pk=source.pk, taken_down_at=None)
    if not there.update(claimed_until=timezone.now() + CLAIM):
        raise TakenDown


def post_entry(
    source: Source,
    entry: Entry,
    fetcher: Fetcher,
    stories: RecentStories,
    *,
    content_key: str,
    page_key: str = "",
    shown: dict | None = None,
) -> bool:
    """Posts one article or joins it to another paper's post. Returns whether there is a new post.

    `content_key`: choosing.content_key_of what the source itself shows. `page_key`:
    finding.page_key_of the article's page. `shown`: what the source says beyond the page. Fetches
    pictures: do not call it within a transaction.
    """
    marks = marks_of(entry)
    if stories.find(marks, entry) is None:
        entry = copy_pictures(source, entry, fetcher)
    try:
        with transaction.atomic():
            wait_for_turn()
            extend_claim(source)
            seen = _mark(
                source,
                entry,
                content_key=content_key,
                page_key=page_key,
                shown=shown,
                **columns_of(marks),
            )
            story = stories.find(marks, entry)
            joined = story.post if story else None
            if joined is not None:
                join_story(post=joined, source=source, entry=entry)
            seen.post = joined or _write(source, entry)
            seen.is_also = joined is not None
            seen.save(update_fields=["post", "is_also"])
    except IntegrityError:
        if not _is_met(source, entry):
            raise
        # Another collector has posted it meanwhile, or another source has the same address.
        mark_skipped(source, [entry])
        return False
    except TooComplex:
        logger.warning("An article of %s is too complex: %s", source.pk, entry.address)
        mark_skipped(source, [entry])
        return False
    return not seen.is_also


def follows(seen: SeenEntry) -> bool:
    """Whether the post of `seen` may follow its article: it is visible, was edited by robots only,
    and has not reached MOST_CHANGES."""
    post = seen.post
    if post is None or not post.is_published:
        return False
    are_robots = list(post.revisions.values_list("editor__is_robot", flat=True))
    return all(are_robots) and len(are_robots) < MOST_CHANGES


def update_post(
    source: Source, seen: SeenEntry, entry: Entry, fetcher: Fetcher, **keys: object
) -> bool:
    """Updates the post of `seen` to the current article. Returns whether anything has changed.

    `keys` are new values for content_key, page_key and shown of `seen`. The old version is stored
    as a revision, and what people have set stays (edit_post). `seen` must be the row as it was
    before the article was fetched. Do not call it within a transaction.
    """
    if seen.post is None:  # purged
        return False
    version = version_of(seen.post)
    entry = copy_pictures(source, entry, fetcher, post=seen.post)
    subject, marks = entry.title[:MAX_SUBJECT], columns_of(marks_of(entry))
    try:
        body = body_of(source, entry)
        with transaction.atomic():
            wait_for_turn()
            extend_claim(source)
            row = SeenEntry.objects.filter(
                pk=seen.pk, content_key=seen.content_key, page_key=seen.page_key
            )
            if not row.update(title=entry.title[:255], **marks, **keys):
                return False  # another collector was quicker
            lock_post(seen.post.pk)
            post = Post.objects.select_related("body").get(pk=seen.post.pk)
            if not post.is_published or (post.subject, post.body.source) == (subject, body):
                return False
            edit_post(
                post=post,
                by=source.member,
                seen=version,
                subject=subject,
                source=body,
                format=PostBody.Format.HTML,
            )
    except (ChangedMeanwhile, TooComplex, Post.DoesNotExist) as error:
        logger.info("The post of entry %s stays as it is: %r", seen.pk, error)
        SeenEntry.objects.filter(pk=seen.pk).update(**keys)
        return False
    return True


def mark_skipped(source: Source, entries: list[Entry]) -> None:
    """Marks entries as seen, so that they are never posted."""
    _keep_unposted(source, entries, is_waiting=False)
    keys = [key_of(each.guid) for each in entries]
    source.entries.filter(guid_key__in=keys, is_waiting=True).update(is_waiting=False)


def mark_waiting(source: Source, entry: Entry) -> None:
    """Marks an entry whose page cannot be read now. `choose` tries it again for WAITS."""
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


def _mark(source: Source, entry: Entry, **facts: Any) -> SeenEntry:
    """Writes the SeenEntry of a posted article. Raises IntegrityError if another collector has
    written it, or if the address is already known."""
    facts |= {
        "address_key": key_of(entry.address) if entry.address else "",
        "address": entry.address,
        "title": entry.title[:255],
    }
    if entry.address and not taken_addresses(source, {entry.address: facts["content_key"]}):
        # The source that holds this address has no right to it.
        SeenEntry.objects.filter(address_key=facts["address_key"]).update(address_key="")
    guid_key = key_of(entry.guid)
    # Insert a new row instead of updating: RecentStories finds new entries by their id.
    source.entries.filter(guid_key=guid_key, is_waiting=True).delete()
    return SeenEntry.objects.create(source=source, guid_key=guid_key, **facts)


def _is_met(source: Source, entry: Entry) -> bool:
    by_guid = Q(source=source, guid_key=key_of(entry.guid))
    by_address = Q(address_key=key_of(entry.address)) if entry.address else Q()
    return SeenEntry.objects.filter(by_guid | by_address).exists()


def body_of(source: Source, entry: Entry) -> str:
    """The HTML of a post: as much of the article as the source allows, then the origin.

    Raises TooComplex if the HTML is too deep or too large.
    """
    article = _article_of(source, entry)
    origin = (
        format_html('<a href="{}">{}</a>', entry.address, source.name)
        if entry.address
        else source.name
    )
    lines: list[str] = [format_html(_("원문: {}"), origin)]
    if entry.author:
        lines.append(format_html(_("글쓴이: {}"), entry.author))
    if source.licence:
        lines.append(source.licence)
    lines.append(format_html('<a href="/sources/{}/complain/">{}</a>', source.pk, _("저작권 신고")))
    rest = format_html_join("", "<br>{}", ((line,) for line in lines[1:]))
    below = format_html("<p>{}{}</p>", lines[0], rest)
    return f"{article}\n<hr>\n{below}" if article else below


def _article_of(source: Source, entry: Entry) -> str:
    """The part of the article that is shown, with its language.

    It is cleaned separately, so that an unclosed comment or <style> cannot swallow the lines below
    it. Pictures are replaced once more after cleaning: markup.py recognises only tags as people
    write them, a browser recognises more.
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
