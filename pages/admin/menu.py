"""메뉴설정: one page with the whole menu, and the forms of its items. For owners."""

import re

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _t

from accounts.admin.owners import OwnersOnly
from accounts.permissions import Refused, is_owner
from boardsite.admin_actions import OneRowAdmin
from pages.actions.menu import (
    add_menu_item,
    arrange_menu,
    change_menu_item,
    delete_menu_item,
    fill_menu,
)
from pages.arranging import Line, moved
from pages.forms.menu import MenuItemForm
from pages.models import MenuItem, SiteMenu
from pages.models.menu import MAX_ITEMS
from pages.queries.menu import menu_tree

LIST = "admin:pages_sitemenu_changelist"
LINE = re.compile(r"([0-9]{1,18}):([01])", re.ASCII)
MOVE = re.compile(r"([0-9]{1,18}):(up|down|in|out)", re.ASCII)


@admin.register(SiteMenu)
class SiteMenuAdmin(OneRowAdmin, OwnersOnly, admin.ModelAdmin):
    """The items are rows of MenuItem, which has no admin of its own: staff members who delete a
    board delete its items too, whether they may edit the menu or not."""

    keywords = "메뉴관리 상단 메뉴 링크"

    def get_urls(self):
        operations = [
            ("items/add/<slug:kind>/", self.add_item_view, "add"),
            ("items/<int:pk>/", self.change_item_view, "change"),
            ("items/<int:pk>/delete/", self.delete_item_view, "delete"),
            ("fill/", self.fill_view, "fill"),
        ]
        own = [
            path(route, self.admin_site.admin_view(view), name=f"pages_menuitem_{name}")
            for route, view, name in operations
        ]
        return [*own, *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        self._require(request)
        return redirect(LIST)

    def settings_pages(self):
        return []  # the page has no form

    # -- the tree ----------------------------------------------------------------------------------
    def changelist_view(self, request, extra_context=None):
        """GET shows the menu; POST saves the order that the form holds, after one more step if a
        button says so."""
        self._require(request)
        menu = SiteMenu.load()
        if request.method != "POST":
            more = {"menu": menu, "branches": menu_tree(), "kinds": MenuItem.Kind.choices}
            return self._page(request, "edit_menu", self.opts.verbose_name, **more)
        lines, here = _sent_lines(request), ""
        if step := MOVE.fullmatch(request.POST.get("move", "")):
            lines, here = moved(lines, int(step[1]), step[2]), f"#item-{step[1]}"
        try:
            arrange_menu(version=_number(request.POST.get("version", "")), lines=lines)
        except Refused as refusal:
            self.message_user(request, str(refusal), messages.WARNING)
            return redirect(LIST)
        self.log_change(request, menu, _t("순서를 바꿈"))
        if not here:
            self.message_user(request, _t("순서를 저장했습니다."), messages.SUCCESS)
        return redirect(reverse(LIST) + here)

    def fill_view(self, request):
        """POST puts in the groups that are missing."""
        self._require(request)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        count = fill_menu()
        words = _t("그룹 %d개를 넣었습니다.") % count if count else _t("모두 들어 있습니다.")
        self.message_user(request, words, messages.SUCCESS)
        return self._done(request, _t("게시판을 모두 넣음")) if count else redirect(LIST)

    # -- items -------------------------------------------------------------------------------------
    def add_item_view(self, request, kind: str):
        self._require(request)
        if kind not in MenuItem.Kind.values:
            raise Http404
        item = MenuItem(kind=kind)
        form = MenuItemForm(
            request.POST if request.method == "POST" else None,
            instance=item,
            initial={"page": _number(request.GET.get("page", ""))},  # from 내용관리
        )
        if form.is_valid():
            item.token = form.cleaned_data["token"] or item.token
            try:
                added = add_menu_item(item=item)
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                words = _t("메뉴를 추가했습니다: %s") % added.name
                self.message_user(request, words, messages.SUCCESS)
                return self._done(request, words, added)
        title = _t("메뉴 추가: %s") % MenuItem.Kind(kind).label
        return self._form_page(request, form, title)

    def change_item_view(self, request, pk: int):
        item = self._found(request, pk)
        form = MenuItemForm(request.POST if request.method == "POST" else None, instance=item)
        if form.is_valid():
            left_out = form.cleaned_data.get("left_out", ())
            fields = [name for name in form.fields if name != "left_out"]
            try:
                change_menu_item(item=item, fields=fields, left_out=left_out)
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                words = _t("메뉴를 저장했습니다: %s") % item.name
                self.message_user(request, words, messages.SUCCESS)
                return self._done(request, words, item)
        title = f"{item.get_kind_display()}: {item.name}" if not form.errors else _t("메뉴 수정")
        return self._form_page(request, form, title, item=item)

    def delete_item_view(self, request, pk: int):
        """GET asks; POST deletes the item and what is below it."""
        item = self._found(request, pk)
        if request.method == "POST":
            words = _t("메뉴를 지웠습니다: %s") % item.name
            delete_menu_item(item=item)
            self.message_user(request, words, messages.SUCCESS)
            return self._done(request, words)
        below = item.children.select_related("board", "group", "page")
        title = _t("메뉴 삭제: %s") % item.name
        return self._page(request, "delete_item", title, item=item, below=below)

    def _require(self, request) -> None:
        if not is_owner(request.user):
            raise PermissionDenied

    def _found(self, request, pk: int) -> MenuItem:
        self._require(request)
        item = MenuItem.objects.select_related("board", "group", "page").filter(pk=pk).first()
        if item is None:
            raise Http404
        return item

    def _done(self, request, words: str, item: MenuItem | None = None):
        self.log_change(request, SiteMenu.load(), words)
        return redirect(reverse(LIST) + (f"#item-{item.pk}" if item else ""))

    def _form_page(self, request, form, title: str, **more) -> HttpResponse:
        page = self._page(request, "edit_item", title, form=form, **more)
        page.status_code = 422 if form.errors else 200
        return page

    def _page(self, request, name: str, title, **more) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            **more,
        }
        return render(request, f"admin/pages/sitemenu/{name}.html", context)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


def _sent_lines(request) -> list[Line]:
    """The order in the form. One that is malformed is no order of the menu, and refused as such."""
    found = [LINE.fullmatch(line) for line in request.POST.getlist("line")[: MAX_ITEMS + 1]]
    return [(int(line[1]), int(line[2])) for line in found if line]
