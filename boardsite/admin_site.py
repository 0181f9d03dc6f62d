"""The admin with its pages grouped by task (boardsite/admin_menu.py), and a search over them."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from boardsite import admin_menu
from boardsite.admin_search import search_admin


class OrderedAdminSite(AdminSite):
    def get_urls(self) -> list[Any]:
        search = path("search/", self.admin_view(self.search_view), name="search")
        return [search, *super().get_urls()]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The groups of the menu in place of Django's apps, with what this user may open."""
        entries = [
            model
            | {
                "label": model["model"]._meta.label,
                "name": getattr(self.get_model_admin(model["model"]), "menu_title", model["name"]),
            }
            for app in super().get_app_list(request)
            for model in app["models"]
            if model["admin_url"]
        ]
        entries += [
            {"label": page.name, "name": page.title, "admin_url": reverse(page.name)}
            for page in admin_menu.pages_for(request.user)
        ]
        _mark_current(entries, request.path)
        places = admin_menu.places()
        last = ("tools", admin_menu.LAST)
        entries.sort(key=lambda entry: places.get(entry["label"], last)[1])
        groups = []
        for key, title in admin_menu.GROUPS.items():
            own = [each for each in entries if places.get(each["label"], last)[0] == key]
            if own:
                groups.append({"app_label": key, "name": title, "models": own})
        return groups

    def app_index(  # type: ignore[override] # Django returns the page itself
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The pages of one app stand in several groups, so its address leads to all of them."""
        if not super().get_app_list(request, app_label):
            raise Http404
        return redirect("admin:index")

    def search_view(self, request: HttpRequest) -> HttpResponse:
        query = request.GET.get("q", "")
        context = {
            **self.each_context(request),
            "title": _("설정과 메뉴 찾기"),
            "found": search_admin(self, request, query),
        }
        return TemplateResponse(request, "admin/search.html", context)


def _mark_current(entries: list[dict[str, Any]], path: str) -> None:
    """The entry whose address is the longest beginning of `path` is the current one."""
    open_ones = [each for each in entries if path.startswith(each["admin_url"])]
    if open_ones:
        max(open_ones, key=lambda each: len(each["admin_url"]))["is_current"] = True


class OrderedAdminConfig(AdminConfig):
    default_site = "boardsite.admin_site.OrderedAdminSite"
