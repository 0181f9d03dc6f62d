"""The admin of boards: fieldsets by topic, the table of who may do what, copying of settings."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from boards.actions.boards import copy_settings, delete_category
from boards.actions.commits import after_commit
from boards.actions.narrowing import READERS, forget_unreadable
from boards.admin.deleting import DeletesBoards
from boards.admin.forms import BoardForm, CopyForm, ExtraFieldForm, TextsForm
from boards.admin.who_may import ACTIONS, who_may
from boards.board_settings import MAX_EXTRA_FIELDS, SECTIONS
from boards.models import Board, BoardTexts, CannedAnswer, Category, ExtraField
from boards.skins import skin_choices
from boardsite.admin_actions import Autocompletes, LabelledCells, LabelledRows, OnlyAllowedActions
from boardsite.typing import StrOrPromise


class CategoryInline(admin.TabularInline):
    model = Category
    form = LabelledCells
    formset = LabelledRows
    extra = 1


class ExtraFieldInline(admin.TabularInline):
    model = ExtraField
    form = ExtraFieldForm
    formset = LabelledRows
    extra = 0
    max_num = MAX_EXTRA_FIELDS

    def get_formset(self, request, obj=None, **kwargs):
        return super().get_formset(request, obj, validate_max=True, **kwargs)


class CannedAnswerInline(admin.StackedInline):
    model = CannedAnswer
    classes = ("collapse",)
    extra = 0


class SkinFilter(admin.SimpleListFilter):
    title = _("모양")
    parameter_name = "skin"

    def lookups(self, request, model_admin):
        return skin_choices()

    def queryset(self, request, queryset):
        return queryset.filter(skin=self.value()) if self.value() else queryset


class TextsInline(admin.StackedInline):
    model = BoardTexts
    form = TextsForm
    classes = ("collapse",)
    can_delete = False
    verbose_name_plural = _("위·아래 글, 글쓰기 양식, 금지어")


def _fieldsets() -> list[tuple]:
    """What kind of board it is comes first; the rest has good defaults and is folded."""
    basics = ["group", "name", "slug", "description", "skin", "is_inquiry", "position"]
    shown: list[tuple[StrOrPromise, dict[str, Any]]] = [
        (_("기본"), {"fields": [*basics, "moderators"]})
    ]
    for section in SECTIONS:
        fields = [name for name in section.fields if name not in basics]
        options = {"description": section.help, "fields": fields, "classes": ["collapse"]}
        shown.append((section.label, options))
    return shown


@admin.register(Board)
class BoardAdmin(Autocompletes, OnlyAllowedActions, DeletesBoards):
    keywords = "게시판관리 게시판 추가 말머리 분류 금지어 여분필드 권한 설정 FAQ관리 1:1문의설정"
    form = BoardForm
    list_display = [
        "name",
        "standing",
        "slug",
        "group",
        "position",
        "skin_name",
        "posts",
        "comments",
        "who_may_link",
    ]
    list_editable = ["position"]
    list_filter = ["group", SkinFilter]
    list_select_related = ["group"]
    search_fields = ["name", "slug"]
    autocomplete_fields = ["moderators"]
    inlines = [CategoryInline, ExtraFieldInline, TextsInline, CannedAnswerInline]
    actions = ["copy_settings"]
    fieldsets = _fieldsets()
    change_form_template = "admin/boards/board/change_form.html"

    def get_fieldsets(self, request, obj=None):
        """An existing board begins with the table of who may do what. `?field=` opens the section
        of that field."""
        fieldsets = super().get_fieldsets(request, obj)
        named = request.GET.get("field")
        fieldsets = [
            (label, options | {"classes": []} if named in options["fields"] else options)
            for label, options in fieldsets
        ]
        if obj is None:
            return fieldsets
        return [(_("이 게시판에서 누가 무엇을 할 수 있나"), {"fields": ["who_may"]}), *fieldsets]

    def settings_pages(self):
        """For the admin's search: the form of each board."""
        return [
            (board.name, board, reverse("admin:boards_board_change", args=[board.pk]))
            for board in Board.objects.select_related("group")
        ]

    def get_readonly_fields(self, request, obj=None):
        """Naming moderators takes the right to find members."""
        hidden = [] if request.user.has_perm("accounts.view_member") else ["moderators"]
        return ["who_may", *hidden] if obj else hidden

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and READERS & {*form.changed_data}:
            after_commit(forget_unreadable, obj.pk)

    def save_formset(self, request, form, formset, change):
        if formset.model is not Category:
            formset.save()
            return
        for category in formset.save(commit=False):
            category.save()
        for category in formset.deleted_objects:
            delete_category(category=category)

    def get_changelist_form(self, request, **kwargs):
        return super().get_changelist_form(request, form=LabelledCells, **kwargs)

    # -- columns ------------------------------------------------------------------------------
    @admin.display(description=_("모양"), ordering="skin")
    def skin_name(self, board: Board) -> StrOrPromise:
        return dict(skin_choices()).get(board.skin, board.skin)

    @admin.display(description=_("글"), ordering="post_count")
    def posts(self, board: Board) -> str:
        return f"{board.post_count:,}"

    @admin.display(description=_("댓글"), ordering="comment_count")
    def comments(self, board: Board) -> str:
        return f"{board.comment_count:,}"

    @admin.display(description=_("누가 무엇을"))
    def who_may_link(self, board: Board) -> str:
        address = reverse("admin:boards_board_change", args=[board.pk])
        return format_html('<a href="{}#who-may">{}</a>', address, _t("표 보기"))

    @admin.display(description=_("저장된 설정으로 본 표"))
    def who_may(self, board: Board) -> str:
        context = {"actions": ACTIONS.values(), "kinds": who_may(board)}
        return render_to_string("admin/boards/board/who_may.html", context)

    # -- copying ------------------------------------------------------------------------------
    @admin.action(
        description=_("고른 게시판의 설정을 다른 게시판으로 복사"), permissions=["change"]
    )
    def copy_settings(self, request, queryset):
        boards = list(queryset[:2])
        if len(boards) == 1:
            return redirect("admin:boards_board_copy", boards[0].pk)
        self.message_user(request, _t("설정을 가져올 게시판 하나만 골라 주세요."), messages.WARNING)
        return None

    def get_urls(self):
        view = self.admin_site.admin_view(self.copy_view)
        own = path("<int:pk>/copy/", view, name="boards_board_copy")
        return [own, *super().get_urls()]

    def copy_view(self, request, pk: int):
        """GET asks for the settings and the boards to copy them to; POST copies them."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        source = Board.objects.select_related("group").filter(pk=pk).first()
        if source is None:
            raise Http404
        form = CopyForm(request.POST if request.method == "POST" else None, source=source)
        if form.is_valid():
            targets = list(form.cleaned_data["boards"])
            copy_settings(source=source, targets=targets, chosen=form.cleaned_data["chosen"])
            for target in targets:
                self.log_change(request, target, _t("%s의 설정을 복사함") % source.name)
            done = _t("설정을 게시판 %d개로 복사했습니다.") % len(targets)
            self.message_user(request, done, messages.SUCCESS)
            return redirect("admin:boards_board_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": _t("%s의 설정을 다른 게시판으로 복사") % source.name,
            "form": form,
            "source": source,
            "opts": self.model._meta,
        }
        status = 422 if form.errors else 200
        return render(request, "admin/boards/board/copy_settings.html", context, status=status)
