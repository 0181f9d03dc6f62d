"""Reports for moderators, grouped into cases: all reports about one post or comment."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db.models import Max, Q, QuerySet

from accounts.permissions import Visitor
from boards.models import Attachment, Comment, Post, Report, State
from boardsite.dates import full_date, machine_date
from boardsite.text import richtext

CASE = ("post_id", "comment_id", "state", "handled_at")
"""What reports of one case have in common: open ones by what they are about, and those that one
judgement has settled."""
EXCERPT = 200  # characters
VOICES = 10  # reports of a case that are shown individually


@dataclass(frozen=True)
class Voice:
    """A reporter and the reason."""

    name: str
    url: str
    reason: str
    text: str
    date: str


@dataclass(frozen=True)
class Case:
    """What was reported, with its reports. `pk` is the newest report, which names the case in
    addresses.

    `url` is "" for a deleted comment, which has no place on any page. `html` and `files` are set if
    the public does not see it any more.
    """

    pk: int
    is_comment: bool
    subject: str
    url: str
    board_name: str
    board_url: str
    author_name: str
    author_url: str
    text: str
    html: str
    files: list[Attachment]
    is_hidden: bool
    is_deleted: bool
    count: int
    reasons: list[tuple[str, int]]
    voices: list[Voice]
    others: int
    date: str
    time: str
    judgement: str
    is_upheld: bool
    judge: str
    judged: str


def find_cases(visitor: Visitor, *, handled: bool) -> QuerySet:
    """The cases that `visitor` may judge, or that are settled (`handled`); newest first. For
    show_cases."""
    reports = Report.objects.to_judge_by(visitor)
    reports = reports.exclude(state=Report.State.OPEN) if handled else reports.open()
    return reports.values(*CASE).annotate(newest=Max("id")).order_by("-handled_at", "-newest")


def show_cases(found: QuerySet) -> list[Case]:
    """A slice of find_cases with all data of its page; five queries."""
    keys = [tuple(row[name] for name in CASE) for row in found]
    comments = Comment.objects.select_related("author").in_bulk(
        {comment for _post, comment, *_rest in keys if comment}
    )
    posts = (
        Post.objects.select_related("board", "author", "body")
        .prefetch_related("attachments")
        .in_bulk({post for post, *_rest in keys})
    )
    cases = defaultdict(list)
    about = Q(comment=None, post__in=posts) | Q(comment__in=comments)
    states = {state for _post, _comment, state, _at in keys}
    reports = Report.objects.filter(about, state__in=states).select_related("member", "handled_by")
    for report in reports.order_by("-id"):
        cases[tuple(getattr(report, name) for name in CASE)].append(report)
    return [_case(posts[key[0]], comments.get(key[1]), cases[key]) for key in keys if cases[key]]


def _case(post: Post, comment: Comment | None, reports: list[Report]) -> Case:
    written, newest = comment or post, reports[0]
    html = comment.html if comment else post.body.html
    if comment:
        comment.post = post
    is_open = post.is_published and written.is_published
    # Not everybody who judges may open a secret post or comment.
    is_public = is_open and not (post.is_secret or written.is_secret)
    reasons = Counter(report.get_reason_display() for report in reports)
    return Case(
        pk=newest.pk,
        is_comment=comment is not None,
        subject=post.subject,
        url="" if comment and comment.state == State.DELETED else written.get_absolute_url(),
        board_name=post.board.name,
        board_url=post.board.get_absolute_url(),
        author_name=written.author_name,
        author_url=written.author.get_absolute_url()
        if written.author and written.author.is_here
        else "",
        text=richtext.excerpt(html, EXCERPT),
        html="" if is_public else html,
        files=[] if is_public or comment else list(post.attachments.all()),
        is_hidden=written.state == State.HIDDEN,
        is_deleted=State.DELETED in (written.state, post.state),
        count=len(reports),
        reasons=reasons.most_common(),
        voices=[_voice(report) for report in reports[:VOICES]],
        others=max(0, len(reports) - VOICES),
        date=full_date(newest.created_at),
        time=machine_date(newest.created_at),
        judgement=newest.get_state_display(),
        is_upheld=newest.state == Report.State.UPHELD,
        judge=newest.handled_by.nickname if newest.handled_by else "",
        judged=full_date(newest.handled_at),
    )


def _voice(report: Report) -> Voice:
    return Voice(
        name=report.member.nickname,
        url=report.member.get_absolute_url(),
        reason=report.get_reason_display(),
        text=report.text,
        date=full_date(report.created_at),
    )
