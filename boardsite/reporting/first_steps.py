"""처음 할 일: what an owner does before a site opens, on the dashboard until all of it is done.

Each app registers its steps in its dashboard.py, the site its own below. A step says by itself whether
it is done, as far as the site can know; the owner skips the others, or says that they are done.
"""

from collections.abc import Callable
from typing import NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from boardsite.mail.servers import is_set_up
from boardsite.models import SkippedStep


class Step(NamedTuple):
    """`address` is where it is done. `is_told`: the site cannot see whether it is done, so the owner
    says so. Steps with a lower `place` come first."""

    slug: str
    title: str
    address: str
    is_done: bool = False
    is_told: bool = False
    place: int = 5


class ShownStep(NamedTuple):
    step: Step
    is_skipped: bool

    @property
    def is_open(self) -> bool:
        return not (self.step.is_done or self.is_skipped)


_steps: list[Callable] = []


def first_step(read: Callable) -> Callable:
    """Registers a function of the owner that returns a Step. A later one replaces an earlier one with
    the same slug: an app may know what the site cannot see."""
    _steps.append(read)
    return read


def read_first_steps(user) -> list[ShownStep]:
    """All steps in their order; none for staff who do not own the site."""
    if not user.is_superuser:
        return []
    skipped = set(SkippedStep.objects.values_list("slug", flat=True))
    steps = sorted(
        {step.slug: step for read in _steps for step in [read(user)]}.values(),
        key=lambda step: step.place,
    )
    return [ShownStep(step, step.slug in skipped) for step in steps]


def skip_step(*, slug: str) -> None:
    SkippedStep.objects.get_or_create(slug=slug)


def show_step(*, slug: str) -> None:
    """Undoes skip_step."""
    SkippedStep.objects.filter(slug=slug).delete()


@first_step
def mail_server(user) -> Step:
    address = reverse("admin:boardsite_mailsettings_changelist")
    return Step("mail", _("메일 서버 정하기"), address, is_set_up(), place=4)


@first_step
def https(user) -> Step:
    address = reverse("list_first_steps") + "#https"
    return Step("https", _("HTTPS로 열기"), address, settings.HTTPS, place=6)


@first_step
def backup(user) -> Step:
    address = reverse("list_first_steps") + "#backup"
    return Step("backup", _("백업하기"), address, is_told=True, place=7)
