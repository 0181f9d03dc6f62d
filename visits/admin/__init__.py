"""The admin pages of 접속자집계: days, visitors, settings. The charts are in visits/reports.py."""

from visits.admin.days import DayCountAdmin
from visits.admin.settings import VisitSettingsAdmin
from visits.admin.visitors import DayVisitorAdmin
