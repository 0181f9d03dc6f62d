"""The site's settings in the admin: one form, no list; and how its chores fare."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from boardsite.admin_actions import OneRowAdmin, ReadOnly
from boardsite.chores import title_of
from boardsite.dates import full_date
from boardsite.models import ChoreRun, SiteSettings

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


@admin.register(ChoreRun)
class ChoreRunAdmin(ReadOnly, admin.ModelAdmin):
    """To look at; the chores write it themselves."""

    list_display = ["title", "ended", "seconds", "failed", "error"]
    list_display_links = None

    @admin.display(description=_("작업"), ordering="name")
    def title(self, run: ChoreRun) -> str:
        return title_of(run.name)

    @admin.display(description=_("마지막으로 잘 끝난 때"), ordering="ended_at")
    def ended(self, run: ChoreRun) -> str:
        return full_date(run.ended_at) or "-"

    @admin.display(description=_("걸린 시간"))
    def seconds(self, run: ChoreRun) -> str:
        return _("%s초") % f"{run.took:,.1f}" if run.ended_at else "-"

    @admin.display(description=_("마지막으로 실패한 때"), ordering="failed_at")
    def failed(self, run: ChoreRun) -> str:
        return full_date(run.failed_at) or "-"
