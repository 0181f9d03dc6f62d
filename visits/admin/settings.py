from django.contrib import admin

from boardsite.admin_actions import OneRowAdmin
from visits.models import VisitSettings


@admin.register(VisitSettings)
class VisitSettingsAdmin(OneRowAdmin, admin.ModelAdmin):
    """Its page says beside the form what is kept, and leads to what has been counted."""

    change_form_template = "admin/visits/visitsettings/change_form.html"
