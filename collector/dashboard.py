"""The collector's alarms on the first page of the admin."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from boardsite.reporting.dashboard import Alarm, alarms, how_many
from collector.models import Complaint, Source

OFTEN = 3
"""Failures in a row from which on a source needs attention."""


@alarms
def failing_sources(user) -> Iterator[Alarm]:
    if user.has_perm("collector.view_source"):
        for source in Source.objects.filter(failures__gte=OFTEN)[:5]:
            address = reverse("admin:collector_source_change", args=[source.pk])
            words = _("수집하지 못하는 곳: %(name)s. %(error)s")
            yield Alarm(words % {"name": source.name, "error": source.error}, address)


@alarms
def open_complaints(user) -> Iterator[Alarm]:
    if user.has_perm("collector.view_complaint"):
        waiting = Complaint.objects.filter(outcome=Complaint.Outcome.OPEN)
        if count := how_many(waiting):
            address = reverse("admin:collector_complaint_changelist") + "?outcome__exact=open"
            yield Alarm(_("저작권 신고 %s건이 처리를 기다립니다.") % count, address)
