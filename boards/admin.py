"""The owner's desk: groups, boards and categories; posts and comments through the actions."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME, ActionForm
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from boards import richtext
from boards.actions import comments as comment_deeds
from boards.actions import posts as post_deeds
from boards.actions.boards import delete_category
from boards.models import (
    Board,
    BoardGroup,
    Category,
    Comment,
    ModerationEntry,
    Post,
)
from boards.rows import full_date

MOVED_SHOWN = 20  # subjects on the page that asks where to move them


@admin.register(BoardGroup)
class BoardGroupAdmin(admin.ModelAdmin):
    list_display = ["name", "slug", "position"]
    list_editable = ["position"]


class CategoryInline(admin.TabularInline):
    model = Category
    extra = 1


@admin.register(Board)
class BoardAdmin(admin.ModelAdmin):
    list_display = ["name", "slug", "group", "position", "skin", "post_count", "comment_count"]
    list_editable = ["position"]
    list_filter = ["group", "skin"]
    search_fields = ["name", "slug"]
    autocomplete_fields = ["moderators"]
    inlines = [CategoryInline]
    fieldsets = [
        (None, {"fields": ["group", "name", "slug", "description", "position", "skin"]}),
        (
            _("권한"),
            {
                "description": _(
                    "레벨 1은 손님까지, 2는 회원부터, 10은 사이트 주인입니다. "
                    "글이 있는 게시판은 지울 수 없습니다. 닫으려면 목록 보기와 글 쓰기를 10으로 하세요."
                ),
                "fields": [
                    "list_level",
                    "read_level",
                    "write_level",
                    "comment_level",
                    "upload_level",
                    "moderators",
                ],
            },
        ),
        (
            _("글"),
            {
                "fields": [
                    "category_required",
                    "secret_posts",
                    "use_likes",
                    "new_hours",
                    "reports_to_hide",
                    "upload_count",
                    "upload_megabytes",
                ]
            },
        ),
    ]

    def has_delete_permission(self, request, obj=None):
        """A board that ever had a post stays: its posts' addresses do too."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or not obj.posts.exists())

    def save_formset(self, request, form, formset, change):
        for category in formset.save(commit=False):
            category.save()
        for category in formset.deleted_objects:
            delete_category(category=category)


class ReasonForm(ActionForm):
    """The row of actions, with a line for the log."""

    reason = forms.CharField(label=_("사유"), required=False, max_length=200)


class WrittenAdmin(admin.ModelAdmin):
    """Posts and comments: found and judged here, never written or erased behind the deeds' back."""

    list_per_page = 50
    show_full_result_count = False
    actions = ["hide", "restore", "delete"]
    action_form = ReasonForm

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_readonly_fields(self, request, obj=None):
        return [field.name for field in self.model._meta.fields]

    def _each(self, request, queryset, deed, sentence: str, **more) -> None:
        """Does `deed` of boards.actions to each chosen row, and says how many there were."""
        count = 0
        more |= {"by": request.user, "reason": request.POST.get("reason", "").strip()}
        for written in queryset:
            deed(**{self.model._meta.model_name: written}, **more)
            count += 1
        self.message_user(request, sentence % count, messages.SUCCESS)

    @admin.display(description=_("작성일"), ordering="created_at")
    def created_on(self, written):
        return full_date(written.created_at)

    @admin.display(description=_("보기"))
    def link(self, written):
        if not written.is_published:
            return "-"
        return format_html('<a href="{}">{}</a>', written.get_absolute_url(), _t("보기"))


@admin.register(Post)
class PostAdmin(WrittenAdmin):
    list_display = [
        "subject",
        "board",
        "author_name",
        "state",
        "created_on",
        "link",
        "view_count",
        "comment_count",
    ]
    list_filter = ["state", "board", "is_notice", "is_secret"]
    search_fields = ["subject", "author_name", "=author__username"]
    list_select_related = ["board", "author"]
    date_hierarchy = "created_at"
    actions = ["hide", "restore", "delete", "move"]

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), "text"]

    @admin.display(description=_("본문"))
    def text(self, post):
        """The words of the body, also of a post that nobody sees on the site."""
        return richtext.text_of(post.body.html)

    @admin.action(description=_("고른 글 숨기기"), permissions=["change"])
    def hide(self, request, queryset):
        self._each(request, queryset, post_deeds.hide_post, _t("글 %d개를 숨겼습니다."))

    @admin.action(description=_("고른 글 되살리기"), permissions=["change"])
    def restore(self, request, queryset):
        self._each(request, queryset, post_deeds.restore_post, _t("글 %d개를 되살렸습니다."))

    @admin.action(description=_("고른 글 지우기"), permissions=["change"])
    def delete(self, request, queryset):
        self._each(request, queryset, post_deeds.delete_post, _t("글 %d개를 지웠습니다."))

    @admin.action(description=_("고른 글 옮기기"), permissions=["change"])
    def move(self, request, queryset):
        """Asks for the board first, on a page between."""
        boards = Board.objects.select_related("group").order_by(
            "group__position", "group_id", "position", "id"
        )
        asked = request.POST.get("board")
        target = next((board for board in boards if str(board.pk) == asked), None)
        if target is None:
            context = {
                **self.admin_site.each_context(request),
                "title": _t("글 옮기기"),
                "posts": queryset[:MOVED_SHOWN],
                "more": max(0, queryset.count() - MOVED_SHOWN),
                "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
                "reason": request.POST.get("reason", ""),
                "select_across": request.POST.get("select_across", "0"),
                "boards": boards,
                "opts": self.model._meta,
            }
            return render(request, "admin/boards/post/move_posts.html", context)

        sentence = _t("글 %d개를 옮겼습니다.")
        self._each(request, queryset, post_deeds.move_post, sentence, board=target)
        return None


@admin.register(Comment)
class CommentAdmin(WrittenAdmin):
    list_display = ["__str__", "post", "author_name", "state", "created_on", "link"]
    list_filter = ["state", "post__board"]
    search_fields = ["text", "author_name", "=author__username"]
    list_select_related = ["post__board", "author"]

    @admin.action(description=_("고른 댓글 숨기기"), permissions=["change"])
    def hide(self, request, queryset):
        self._each(request, queryset, comment_deeds.hide_comment, _t("댓글 %d개를 숨겼습니다."))

    @admin.action(description=_("고른 댓글 되살리기"), permissions=["change"])
    def restore(self, request, queryset):
        self._each(
            request, queryset, comment_deeds.restore_comment, _t("댓글 %d개를 되살렸습니다.")
        )

    @admin.action(description=_("고른 댓글 지우기"), permissions=["change"])
    def delete(self, request, queryset):
        self._each(request, queryset, comment_deeds.delete_comment, _t("댓글 %d개를 지웠습니다."))


@admin.register(ModerationEntry)
class ModerationEntryAdmin(admin.ModelAdmin):
    """The log: to read."""

    list_display = ["at", "moderator", "deed", "about", "reason"]
    list_filter = ["deed"]
    search_fields = ["about", "reason", "=moderator__username"]
    list_select_related = ["moderator"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
