from django.contrib import admin

from visits.models import DayCount


@admin.register(DayCount)
class DayCountAdmin(admin.ModelAdmin):
    """To look at; the site counts by itself."""

    list_display = ["day", "visitors"]
    list_display_links = None
    date_hierarchy = "day"

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False
