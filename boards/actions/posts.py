"""Writing and editing posts, and what becomes of them."""

import datetime
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from accounts.models import Member
from accounts.permissions import Visitor
from boards.actions.counting import Standing, book, book_all, standing
from boards.actions.drafts import finish_draft
from boards.actions.extras import set_extra_values, set_tags
from boards.actions.files import attach_files, detach_files
from boards.actions.guests import Guest, hashed_password, keep_guest_password
from boards.actions.managing import hand_down, manage_posts, next_number
from boards.actions.revisions import keep_revision
from boards.actions.submissions import AlreadySubmitted, take_submission
from boards.actions.telling import after_commit, tell_of_answer
from boards.actions.threads import place, stays_secret
from boards.actions.watching import tell_watchers
from boards.models import (
    Attachment,
    Board,
    Category,
    ExtraField,
    ModerationEntry,
    Post,
    PostBody,
    PostLink,
)
from boards.queries.drafts import version_of
from boards.text import richtext


class ChangedMeanwhile(Exception):
    """Somebody, perhaps the same person in another window, has edited the post since."""

    def __init__(self, post: Post):
        super().__init__()
        self.post = post


@dataclass(frozen=True, kw_only=True)
class PostWords:
    """What the form of a post holds: the keyword arguments of write_post and edit_post.

    `tags` are names as boards.text.tags leaves them; `extras` are values of the board's extra fields as
    text, "" for none.
    """

    subject: str
    source: str
    format: str = PostBody.Format.HTML
    category: Category | None = None
    is_notice: bool = False
    is_site_notice: bool = False
    is_secret: bool = False
    links: Sequence[str] = ()
    tags: Sequence[str] = ()
    extras: Mapping[ExtraField, str] = field(default_factory=dict)

    def __str__(self) -> str:
        """All of it as one text, by which the same form sent again is known."""
        chosen = [self.category and self.category.pk, self.is_notice, self.is_secret]
        chosen += [*self.links, *self.tags, *self.extras.values()]
        return "\0".join([self.subject, self.source, *map(str, chosen)])


def write_post(
    *,
    author: Member | None,
    board: Board,
    guest: Guest | None = None,
    answer_to: Post | None = None,
    files: Iterable[Attachment] = (),
    submission: uuid.UUID | None = None,
    created_at: datetime.datetime | None = None,
    pace: Callable[[], None] | None = None,
    is_quiet: bool = False,
    origin: str = "",
    **fields,
) -> Post:
    """Publishes a post and returns it; for a `submission` seen before, the post that it made.

    `fields` are those of PostWords. `guest` writes it where `author` is None. An `answer_to` a
    post stands below it in the list (답변글), secret as it is. `files` are attachments that nobody's
    post has yet; pictures that the body shows are found by themselves. `pace` (limits.keep_pace) is
    called for what is new, and what it raises undoes all. Of an `is_quiet` post no watcher of its
    board or words is told. `origin` is the address where the text stood first. Raises richtext.TooComplex for a body
    that no person wrote.
    """
    words = PostWords(**fields)
    html = _rendered(words)
    password = hashed_password(guest)
    files = list(files)
    said = [
        board.pk,
        guest and guest.name,
        answer_to and answer_to.pk,
        *((file.name, file.size) for file in files),
    ]
    try:
        with transaction.atomic():
            press = take_submission(author, "write_post", submission, f"{words}\0{said}")
            if answer_to is not None:
                answer_to = _lock_answered(answer_to)
                board = answer_to.board
            if pace is not None:
                pace()  # before the board's row is taken: comments take theirs in this order too
            post = Post(
                board=board,
                number=next_number(board),
                author=author,
                author_name=author.nickname if author else guest.name,
                created_at=created_at or timezone.now(),
            )
            place(post, answer_to)
            _take_words(post, words, answer_to)
            post.save()
            body = PostBody(post=post, origin=origin)
            _take_body(body, words, html)
            _keep_words(post, words, {})
            if guest is not None:
                keep_guest_password(password, post=post)
            attach_files(post, html, files, by=author)
            book(post, None, standing(post, html))
            if answer_to is not None:
                after_commit(tell_of_answer, post)
            if not is_quiet:
                after_commit(tell_watchers, post, html)
            if press is not None:
                press.post = post
                press.save(update_fields=["post"])
            finish_draft(author, submission)
    except AlreadySubmitted as again:
        return again.submission.post
    return post


def edit_post(
    *,
    post: Post,
    by: Member | None,
    files: Iterable[Attachment] = (),
    removed_files: Iterable[Attachment] = (),
    submission: uuid.UUID | None = None,
    seen: str = "",
    **fields,
) -> Post:
    """Replaces what the form of a post holds (PostWords); number, views, votes and comments stay.

    Its answers take its category, and become secret as it does.
    `by` None: the guest who wrote it. `seen`: the version that the form was filled from
    (drafts.version_of); raises ChangedMeanwhile where others have changed the words since.
    """
    words = PostWords(**fields)
    html = _rendered(words)
    with transaction.atomic():
        post, before = _locked(post)
        _check_version(post, seen, words)
        keep_revision(post, by=by, subject=words.subject, source=words.source, format=words.format)
        was = post.category_id, post.is_secret
        _take_words(post, words)
        post.edited_at = timezone.now()
        post.save()
        _take_body(post.body, words, html)
        named = dict(post.links.exclude(name="").values_list("url", "name"))
        post.links.all().delete()
        _keep_words(post, words, named)
        detach_files(post, removed_files)
        attach_files(post, html, files, by=by)
        handed = hand_down(post) if was != (post.category_id, post.is_secret) else []
        book_all([(post, before, standing(post, html)), *handed])
        finish_draft(by, submission)
    return post


def _check_version(post: Post, seen: str, words: PostWords) -> None:
    """Raises ChangedMeanwhile, unless `post` is as `seen`, or says these very words already."""
    is_same = (post.subject, post.body.source) == (words.subject, words.source)
    if seen and seen != version_of(post) and not is_same:
        raise ChangedMeanwhile(post)


def _lock_answered(post: Post) -> Post:
    """`post` as it is now, kept from being moved away until its answer stands.

    Raises Post.DoesNotExist when it was purged meanwhile.
    """
    lock_post(post.pk)
    return Post.objects.select_related("board").get(pk=post.pk)


def _take_words(post: Post, words: PostWords, answer_to: Post | None = None) -> None:
    """An answer has the category of what it answers, and is no notice; secret where that is."""
    post.subject = words.subject
    if post.path:
        stays = answer_to.is_secret if answer_to else stays_secret(post)
        post.is_secret = words.is_secret or stays
    else:
        post.category = words.category
        post.is_notice = words.is_notice or words.is_site_notice
        post.is_site_notice = words.is_site_notice
        post.is_secret = words.is_secret
    post.link_count = len(words.links)


def _take_body(body: PostBody, words: PostWords, html: str) -> None:
    body.format, body.source, body.html = words.format, words.source, html
    body.cleaner_version = richtext.CLEANER_VERSION
    body.save()


def _keep_words(post: Post, words: PostWords, named: Mapping[str, str]) -> None:
    """What a post says beside its row and its body; `named` are names that its links have had."""
    PostLink.objects.bulk_create(
        PostLink(post=post, url=url, name=named.get(url, "")) for url in words.links
    )
    set_tags(post, words.tags)
    set_extra_values(post, words.extras)


def add_link(*, post: Post, url: str, name: str) -> bool:
    """Adds a 관련링크 that is shown as `name`; whether it was not there already."""
    with transaction.atomic():
        lock_post(post.pk)
        if post.links.filter(url=url).exists():
            return False
        post.links.create(url=url, name=name)
        Post.objects.filter(pk=post.pk).update(link_count=post.links.count())
    return True


def remove_link(*, post: Post, url: str) -> None:
    """Undoes add_link."""
    with transaction.atomic():
        lock_post(post.pk)
        post.links.filter(url=url).delete()
        Post.objects.filter(pk=post.pk).update(link_count=post.links.count())


def clean_again(*, post: Post) -> None:
    """Renders the body anew from its source, as the present cleaner does; the search follows."""
    with transaction.atomic():
        post, before = _locked(post)
        body = post.body
        body.html = _rendered(body)
        body.cleaner_version = richtext.CLEANER_VERSION
        body.save(update_fields=["html", "cleaner_version"])
        book(post, before, standing(post))


def delete_post(*, post: Post, by: Visitor, reason: str = "") -> Post:
    """Puts a post into the bin. Its comments, files and votes stay with it for restore_post.

    `by` a guest: the one who wrote it.
    """
    return _managed(post, ModerationEntry.Deed.DELETE, by, reason)


def hide_post(*, post: Post, by: Member | None, reason: str = "") -> Post:
    """Takes a post from everybody's sight until restore_post. `by` None: the site itself."""
    return _managed(post, ModerationEntry.Deed.HIDE, by, reason)


def restore_post(*, post: Post, by: Member, reason: str = "") -> Post:
    """Undoes hide_post and delete_post."""
    return _managed(post, ModerationEntry.Deed.RESTORE, by, reason)


def move_post(
    *, post: Post, board: Board, by: Member, category: Category | None = None, reason: str = ""
) -> Post:
    """Gives a post a new number in `board`; comments, files and votes follow.

    The old address leads to the new one. A notice of the old board is an ordinary post in the new.
    """
    deed = ModerationEntry.Deed.MOVE
    return _managed(post, deed, by, reason, board=board, category=category)


def _managed(post: Post, deed: str, by: Visitor | None, reason: str, **more) -> Post:
    """`post` after the deed; as it was given when there was nothing to change (pressed twice)."""
    changed = manage_posts(posts=[post], deed=deed, by=by, reason=reason, **more)
    return changed[0] if changed else post


def _rendered(body: PostBody | PostWords) -> str:
    """A body as it is shown, its pictures with their sizes."""
    html = richtext.render(body.source, body.format)
    pictures = Attachment.objects.filter(pk__in=richtext.picture_ids(html), width__isnull=False)
    return richtext.with_sizes(
        html, {pk: (wide, high) for pk, wide, high in pictures.values_list("pk", "width", "height")}
    )


def lock_post(pk: int) -> None:
    """Keeps others from changing the post until the transaction ends.

    Raises Post.DoesNotExist when it is gone. Why alone, see managing._lock_posts.
    """
    Post.objects.select_for_update(no_key=True).only("pk").get(pk=pk)


def _locked(post: Post) -> tuple[Post, Standing]:
    """`post` read anew under a lock until the transaction ends, and what it counts for now."""
    lock_post(post.pk)
    post = Post.objects.select_related("board", "author", "body").get(pk=post.pk)
    return post, standing(post)
