"""Who was here, as numbers. Nothing in these tables leads to an address or an agent."""

from visits.models.days import DayCount, DaySum, HourCount, RobotCount, Topic
from visits.models.presence import Presence
from visits.models.settings import VisitSettings
from visits.models.visitors import DayVisitor, Reason, Source, Verdict, VisitorHour

__all__ = [
    "DayCount",
    "DaySum",
    "DayVisitor",
    "HourCount",
    "Presence",
    "Reason",
    "RobotCount",
    "Source",
    "Topic",
    "Verdict",
    "VisitSettings",
    "VisitorHour",
]
