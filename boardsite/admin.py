"""The site's settings as one form, and how the periodic commands (chores) ran."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from boardsite.admin_actions import NamedMoments, OneRowAdmin, ReadOnly
from boardsite.admin_menu import Page, register
from boardsite.dates import full_date
from boardsite.mail.admin import MailSettingsAdmin
from boardsite.models import ChoreRun, Maintenance, SiteSettings
from boardsite.reporting.reports import reports_for
from boardsite.scheduling.chores import title_of

__all__ = ["ChoreRunAdmin", "MailSettingsAdmin", "MaintenanceAdmin", "SiteSettingsAdmin"]

admin.site.site_header = admin.site.site_title = _("사이트 관리")
admin.site.index_title = _("관리 메뉴")
# Staff members log in on the member log-in page.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign] # as allauth documents it

register(
    Page(
        "show_reports",
        _("통계"),
        lambda user: bool(reports_for(user)),
        "방문자 가입자 글,댓글 현황 그래프 CSV 인기검색어순위",
    )
)


@admin.register(SiteSettings)
class SiteSettingsAdmin(OneRowAdmin, admin.ModelAdmin):
    keywords = "기본환경설정 홈페이지 제목 회사 사업자 상호"
    fieldsets = [
        (None, {"fields": ["name", "description", "copyright", "page_size"]}),
        (
            _("사이트 정보"),
            {
                "description": _("채운 줄만 모든 페이지의 아래에 표시됩니다."),
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
        (_("금지어"), {"fields": ["blocked_words"]}),
        (_("보안"), {"fields": ["security_contact"]}),
    ]


@admin.register(Maintenance)
class MaintenanceAdmin(NamedMoments, OneRowAdmin, admin.ModelAdmin):
    keywords = "공사 중 점검 중 사이트 닫기 읽기 전용 쓰기 막기"
    fieldsets = [
        (_("읽기 전용"), {"fields": ["is_read_only"]}),
        (_("점검"), {"fields": ["is_closed", "closed_message", "closed_until"]}),
    ]

    def save_model(self, request, obj, form, change):
        if "is_read_only" in form.changed_data:
            obj.read_only_since = timezone.now() if obj.is_read_only else None
        super().save_model(request, obj, form, change)


@admin.register(ChoreRun)
class ChoreRunAdmin(ReadOnly, admin.ModelAdmin):
    """Read-only: the commands write these rows themselves."""

    keywords = "크론 예약 작업 스케줄 정기 실행"
    list_display = ["title", "ended", "seconds", "failed", "error"]
    list_display_links = None

    @admin.display(description=_("작업"), ordering="name")
    def title(self, run: ChoreRun) -> str:
        return title_of(run.name)

    @admin.display(description=_("마지막으로 잘 끝난 시각"), ordering="ended_at")
    def ended(self, run: ChoreRun) -> str:
        return full_date(run.ended_at) or "-"

    @admin.display(description=_("걸린 시간"))
    def seconds(self, run: ChoreRun) -> str:
        return _("%s초") % f"{run.took:,.1f}" if run.ended_at else "-"

    @admin.display(description=_("마지막으로 실패한 시각"), ordering="failed_at")
    def failed(self, run: ChoreRun) -> str:
        return full_date(run.failed_at) or "-"
