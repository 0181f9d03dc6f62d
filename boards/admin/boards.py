"""Boards: every setting where an operator looks for it, who may do what, and copying to others."""

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
from boards.actions.narrowing import READERS, forget_unreadable
from boards.actions.telling import after_commit
from boards.admin.board_settings import MAX_EXTRA_FIELDS, SECTIONS
from boards.admin.forms import BoardForm, CopyForm, ExtraFieldForm, TextsForm
from boards.admin.who_may import DEEDS, who_may
from boards.models import Board, BoardTexts, Category, ExtraField
from boardsite.admin_actions import OnlyAllowedActions


class CategoryInline(admin.TabularInline):
    model = Category
    extra = 1


class ExtraFieldInline(admin.TabularInline):
    model = ExtraField
    form = ExtraFieldForm
    extra = 0
    max_num = MAX_EXTRA_FIELDS

    def get_formset(self, request, obj=None, **kwargs):
        return super().get_formset(request, obj, validate_max=True, **kwargs)


class TextsInline(admin.StackedInline):
    model = BoardTexts
    form = TextsForm
    can_delete = False
    verbose_name_plural = _("위·아래 글, 글쓰기 양식, 금지어")


def _fieldsets() -> list[tuple]:
    basics = ["group", "name", "slug", "description", "position", "moderators"]
    shown = [(_("기본"), {"fields": basics})]
    for section in SECTIONS:
        shown.append((section.label, {"description": section.help, "fields": section.fields}))
    return shown


@admin.register(Board)
class BoardAdmin(OnlyAllowedActions, admin.ModelAdmin):
    form = BoardForm
    list_display = [
        "name",
        "slug",
        "group",
        "position",
        "skin",
        "posts",
        "comments",
        "who_may_link",
    ]
    list_editable = ["position"]
    list_filter = ["group", "skin"]
    list_select_related = ["group"]
    search_fields = ["name", "slug"]
    autocomplete_fields = ["moderators"]
    inlines = [CategoryInline, ExtraFieldInline, TextsInline]
    actions = ["copy_settings"]
    fieldsets = _fieldsets()
    change_form_template = "admin/boards/board/change_form.html"

    def get_fieldsets(self, request, obj=None):
        """A board that there is begins with the table of who may do what."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None:
            return fieldsets
        return [(_("이 게시판에서 누가 무엇을 할 수 있나"), {"fields": ["who_may"]}), *fieldsets]

    def get_readonly_fields(self, request, obj=None):
        return ["who_may"] if obj else []

    def has_delete_permission(self, request, obj=None):
        """A board that ever had a post stays: its posts' addresses do too."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or not obj.posts.exists())

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

    # -- columns ------------------------------------------------------------------------------
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
        context = {"deeds": DEEDS.values(), "kinds": who_may(board)}
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
        """Asks which settings go to which boards, then copies them."""
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
