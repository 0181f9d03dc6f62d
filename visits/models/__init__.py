"""Visitors as numbers. Nothing in these tables leads to an address or a user agent."""

from visits.models.days import DayCount, DaySum, HourCount, RobotCount, Topic
from visits.models.presence import Presence
from visits.models.settings import VisitSettings
from visits.models.visitors import Channel, DayVisitor, Reason, Verdict, VisitorHour
