"""The weekly check: database, stored counts and files."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from django.utils import timezone
from django.utils.translation import gettext as _

from boardsite.models import ChoreRun
from upkeep.checking.files import Findings, check_files
from upkeep.checking.integrity import SHOWN, find_damage, find_wrong_counts

CHORE = "weekly_check"
EVERY = timedelta(days=6)  # a little less than the week after which the timetable starts it


def is_due() -> bool:
    """Whether the latest check, passed or failed, is long enough ago: the timetable starts each
    chore at every start of the site."""
    run = ChoreRun.objects.filter(pk=CHORE).first()
    latest = max(filter(None, [run.ended_at, run.failed_at]), default=None) if run else None
    return latest is None or timezone.now() - latest > EVERY


def problems() -> Iterator[str]:
    """What is wrong, in one Korean sentence each."""
    damage = list(islice(find_damage(), SHOWN))
    if damage:
        yield _("데이터베이스가 손상되었습니다: %s") % "; ".join(damage[:3])
        return  # counting what is damaged says nothing
    wrong = list(find_wrong_counts())
    if wrong:
        yield _("어긋난 숫자가 %s개 있습니다(manage.py recount).") % f"{len(wrong):,}"
    findings = check_files()
    if findings.is_damaged:
        yield words_about_files(findings)


def words_about_files(findings: Findings) -> str:
    counts = {name: f"{count:,}" for name, count in findings.counts.items()}
    return (
        _(
            "없는 파일 %(missing)s개, 크기가 다른 파일 %(size)s개, 글이 없는 파일 %(surplus)s개"
            "(manage.py check_files)."
        )
        % counts
    )
