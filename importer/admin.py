"""The state of the move, for owners: the report quotes messages and names."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from boardsite.admin_menu import Page, register
from importer.progress import counts_by_kind, find_move
from importer.proving.report import read_report, shown

register(
    Page(
        "show_move",
        gettext_lazy("그누보드에서 이사"),
        lambda user: user.is_superuser,
        "가져오기 이전 비교 보고서 gnuboard 옮기기",
    )
)


@require_safe
@never_cache
def show_move(request: HttpRequest) -> HttpResponse:
    """The last import, what came from the old site, and the last comparison."""
    if not request.user.is_superuser:
        raise PermissionDenied(_("사이트의 운영자만 볼 수 있습니다."))
    report = read_report()
    context = {
        **admin.site.each_context(request),
        "title": _("그누보드에서 이사"),
        "move": find_move(),
        "counts": counts_by_kind(),
        "report": shown(report) if report else None,
    }
    return TemplateResponse(request, "admin/importer/move.html", context)
