"""팝업레이어관리: the list, the form, and a preview on a page of the site."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import ManyToManyField
from django.forms import CheckboxSelectMultiple
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from boardsite.admin_actions import NamedMoments, OnlyAllowedActions
from pages.forms.popups import PopupForm
from pages.models import Popup
from pages.queries.popups import shown_popup


@admin.register(Popup)
class PopupAdmin(NamedMoments, OnlyAllowedActions, admin.ModelAdmin):
    keywords = "팝업 공지 창 레이어"
    form = PopupForm
    fieldsets = [
        (None, {"fields": ["title", "body", "is_on"]}),
        (_("언제, 어디에"), {"fields": ["starts_at", "ends_at", "place", "boards", "devices"]}),
        (None, {"fields": ["hide_hours", "position"]}),
    ]
    formfield_overrides = {ManyToManyField: {"widget": CheckboxSelectMultiple}}
    list_display = ["title", "state", "preview", "place", "devices", "starts_at", "ends_at"]
    list_filter = ["is_on", "place"]
    search_fields = ["title"]

    def get_urls(self):
        preview = self.admin_site.admin_view(self.show_preview)
        return [
            path("<pk:pk>/preview/", preview, name="pages_popup_preview"),
            *super().get_urls(),
        ]

    @admin.display(description=_("상태"))
    def state(self, popup: Popup) -> str:
        return popup.state

    @admin.display(description=_("미리 보기"))
    def preview(self, popup: Popup) -> SafeString:
        words = {"title": popup.title}
        return format_html(
            '<a href="{}" aria-label="{}">{}</a>',
            self.view_on_site(popup),
            _t("%(title)s 미리 보기") % words,
            _t("미리 보기"),
        )

    def view_on_site(self, popup: Popup) -> str:
        """The button beside 히스토리 leads to the preview."""
        return reverse("admin:pages_popup_preview", args=[popup.pk])

    def show_preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A page of the site with this popup, whatever its period."""
        popup = Popup.objects.filter(pk=pk).first()
        if popup is None:
            raise Http404(_t("팝업레이어가 없습니다."))
        if not self.has_view_permission(request, popup):
            raise PermissionDenied
        context = {"popups": [shown_popup(popup)], "is_preview": True, "popup": popup}
        return render(request, "pages/preview_popup.jinja", context)
