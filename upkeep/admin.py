"""The list of backups, for owners."""

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from boardsite.admin_actions import ReadOnly
from boardsite.dates import full_date
from upkeep.backups.making import backup_folder
from upkeep.models import Backup


@admin.register(Backup)
class BackupAdmin(ReadOnly, admin.ModelAdmin):
    """Read-only: the commands write these rows themselves."""

    keywords = "복원 복구 되돌리기 backup restore"
    list_display = ["name", "rows", "files", "megabytes", "checked", "result", "sent_to"]
    list_display_links = None

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None):
        told = {"backup_folder": backup_folder(), "is_nightly": settings.BACKUP_NIGHTLY}
        return super().changelist_view(request, {**told, **(extra_context or {})})

    @admin.display(description=_("행"), ordering="row_count")
    def rows(self, backup: Backup) -> str:
        return f"{backup.row_count:,}"

    @admin.display(description=_("파일"), ordering="file_count")
    def files(self, backup: Backup) -> str:
        return f"{backup.file_count:,}"

    @admin.display(description=_("크기"), ordering="size")
    def megabytes(self, backup: Backup) -> str:
        return f"{backup.size / 2**20:,.1f} MB"

    @admin.display(description=_("확인한 시각"), ordering="checked_at")
    def checked(self, backup: Backup) -> str:
        return full_date(backup.checked_at) or "-"

    @admin.display(description=_("결과"))
    def result(self, backup: Backup) -> str:
        if backup.checked_at is None:
            return "-"
        if backup.is_verified:
            return str(_("차이 0"))
        return backup.problem
