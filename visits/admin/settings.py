from django.contrib import admin

from boardsite.admin_actions import OneRowAdmin
from visits.models import VisitSettings


@admin.register(VisitSettings)
class VisitSettingsAdmin(OneRowAdmin, admin.ModelAdmin):
    """Beside the form the page says what is stored, and links to the statistics."""

    keywords = "방문자 로그 보관 삭제"
    change_form_template = "admin/visits/visitsettings/change_form.html"
