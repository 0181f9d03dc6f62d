"""로고와 색 in the admin: a draft, its preview and its publication."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.admin.owners import OwnersOnly
from boardsite.admin_actions import OneRowAdmin
from pages import preview
from pages.actions.appearance import discard_appearance, publish_appearance
from pages.forms.appearance import AppearanceForm
from pages.models import Appearance, AppearanceDraft


@admin.register(AppearanceDraft)
class AppearanceAdmin(OneRowAdmin, OwnersOnly, admin.ModelAdmin):
    keywords = "테마설정 디자인 스킨 CSS 파비콘 아이콘 강조색 레이아웃"
    form = AppearanceForm
    change_form_template = "admin/pages/appearancedraft/change_form.html"
    fieldsets = [
        (_("로고와 사진"), {"fields": ["logo", "logo_dark", "icon", "share_image"]}),
        (_("색과 간격"), {"fields": ["preset", "accent", "density"]}),
        (_("글"), {"fields": ["header_html", "footer_html"]}),
        (
            _("직접 쓴 CSS"),
            {"fields": ["uses_css", "css"]},
        ),
    ]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method == "POST" and "_discard" in request.POST:
            return self._discard(request)
        draft, published = AppearanceDraft.load(), Appearance.load()
        more = {"has_changes": draft.values != published.values}
        return super().changeform_view(request, object_id, form_url, (extra_context or {}) | more)

    def response_change(self, request: HttpRequest, obj: AppearanceDraft) -> HttpResponse:
        if "_publish" in request.POST:
            publish_appearance()
            preview.switch_preview(request, is_on=False)
            self.log_change(request, obj, _t("게시"))
            self.message_user(
                request, _t("게시했습니다. 이제 모두에게 이렇게 보입니다."), messages.SUCCESS
            )
            return redirect("admin:pages_appearancedraft_change", obj.pk)
        if "_preview" in request.POST:
            preview.switch_preview(request, is_on=True)
            return redirect("/")
        self.message_user(
            request, _t("저장했습니다. 게시해야 모두에게 보입니다."), messages.SUCCESS
        )
        return redirect("admin:pages_appearancedraft_change", obj.pk)

    def _discard(self, request: HttpRequest) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        discard_appearance()
        self.message_user(request, _t("게시한 모습으로 되돌렸습니다."), messages.SUCCESS)
        return redirect("admin:pages_appearancedraft_changelist")
