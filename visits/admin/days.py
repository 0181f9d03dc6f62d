from django.contrib import admin
from django.shortcuts import redirect

from boardsite.admin_actions import ReadOnly
from visits.admin.importing import ImportsOldCounts
from visits.admin.judging import JudgesAgain
from visits.models import DayCount


@admin.register(DayCount)
class DayCountAdmin(ImportsOldCounts, JudgesAgain, ReadOnly, admin.ModelAdmin):
    """To look at; the site counts by itself. Instead of a list there are the statistics."""

    def changelist_view(self, request, extra_context=None):
        return redirect("show_report", "visits-days")
