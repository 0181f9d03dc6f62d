"""The staff's desk for 접속자집계: days, visitors, settings. The pictures are in visits/reports.py."""

from visits.admin.days import DayCountAdmin
from visits.admin.settings import VisitSettingsAdmin
from visits.admin.visitors import DayVisitorAdmin

__all__ = ["DayCountAdmin", "DayVisitorAdmin", "VisitSettingsAdmin"]
