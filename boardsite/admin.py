"""The site's settings in the admin: one form, no list."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from boardsite.admin_actions import OneRowAdmin
from boardsite.models import SiteSettings

admin.site.site_header = admin.site.site_title = _("사이트 관리")
admin.site.index_title = _("관리 메뉴")
admin.site.login = secure_admin_login(admin.site.login)  # staff log in where members do


@admin.register(SiteSettings)
class SiteSettingsAdmin(OneRowAdmin, admin.ModelAdmin):
    fieldsets = [
        (None, {"fields": ["name", "description", "copyright", "page_size"]}),
        (
            _("사이트 정보"),
            {
                "description": _("채운 줄만 모든 쪽의 아래에 표시됩니다."),
                "fields": [
                    "company",
                    "representative",
                    "address",
                    "business_number",
                    "phone",
                    "fax",
                    "sales_number",
                    "privacy_officer",
                ],
            },
        ),
    ]
