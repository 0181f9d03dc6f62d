"""Visitors who are present now."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

from boardsite.visitors.identity import today
from visits.models.settings import VisitSettings
from visits.models.visitors import DayVisitor, Verdict


class PresenceQuerySet(models.QuerySet):
    def here(self) -> "PresenceQuerySet":
        """Seen within the owner's minutes, and not gone since.

        Excludes anonymous visitors who were judged to be programs. Around midnight an anonymous
        visitor can be present under two numbers, which nobody can tell."""
        minutes = VisitSettings.known().present_minutes
        programs = DayVisitor.objects.filter(
            day=today(), key=models.OuterRef("key"), verdict=Verdict.SUSPICIOUS, is_member=False
        )
        since = timezone.now() - timedelta(minutes=minutes)
        return self.filter(~models.Exists(programs), seen_at__gte=since).exclude(path="")

    def people(self) -> "PresenceQuerySet":
        return self.filter(robot="")

    def guests(self) -> "PresenceQuerySet":
        return self.people().filter(member=None)

    def robots(self) -> "PresenceQuerySet":
        return self.exclude(robot="")


class Presence(models.Model):
    """The last page of a visitor or a robot, for some minutes. Each worker writes its rows at once.

    `member` is a member's number, `robot` a robot's name; an anonymous visitor has neither.
    Visitors who logged in or out have no `path`: what workers have yet to write about them is
    older."""

    key = models.BigIntegerField(primary_key=True)
    seen_at = models.DateTimeField(db_index=True)
    member = models.BigIntegerField(null=True)
    robot = models.CharField(max_length=60, blank=True)
    path = models.CharField(max_length=200)

    objects = PresenceQuerySet.as_manager()
