from django.contrib import admin
from django.shortcuts import redirect

from boardsite.admin_actions import ReadOnly
from visits.admin.importing import ImportsOldCounts
from visits.admin.judging import JudgesAgain
from visits.models import DayCount


@admin.register(DayCount)
class DayCountAdmin(ImportsOldCounts, JudgesAgain, ReadOnly, admin.ModelAdmin):
    """Read-only, because the site counts by itself. The statistics replace the list."""

    keywords = "방문자 통계 오늘 어제 최대 전체"

    def changelist_view(self, request, extra_context=None):
        return redirect("show_report", "visits-days")
