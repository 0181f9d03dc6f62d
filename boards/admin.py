"""The owner's desk: groups, boards and categories; posts and comments through the actions."""

from django.contrib import admin, messages
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from boards.actions import comments as comment_deeds
from boards.actions import posts as post_deeds
from boards.models import (
    Board,
    BoardGroup,
    Category,
    Comment,
    ModerationEntry,
    Post,
)


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
                "description": _("레벨 1은 손님까지, 2는 회원부터, 10은 사이트 주인입니다."),
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
                    "upload_count",
                    "upload_megabytes",
                ]
            },
        ),
    ]


class WrittenAdmin(admin.ModelAdmin):
    """Posts and comments: found and judged here, never written or erased behind the deeds' back."""

    list_per_page = 50
    show_full_result_count = False
    actions = ["hide", "restore", "delete"]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_readonly_fields(self, request, obj=None):
        return [field.name for field in self.model._meta.fields]

    def _each(self, request, queryset, deed, sentence: str) -> None:
        count = 0
        for written in queryset:
            deed(written)
            count += 1
        self.message_user(request, sentence % count, messages.SUCCESS)

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
        "view_count",
        "comment_count",
        "created_at",
        "link",
    ]
    list_filter = ["state", "board", "is_notice", "is_secret"]
    search_fields = ["subject", "author_name", "=author__username"]
    list_select_related = ["board", "author"]
    date_hierarchy = "created_at"
    actions = ["hide", "restore", "delete", "move"]

    @admin.action(description=_("고른 글 숨기기"))
    def hide(self, request, queryset):
        def deed(post):
            post_deeds.hide_post(post=post, by=request.user)

        self._each(request, queryset, deed, _t("글 %d개를 숨겼습니다."))

    @admin.action(description=_("고른 글 되살리기"))
    def restore(self, request, queryset):
        def deed(post):
            post_deeds.restore_post(post=post, by=request.user)

        self._each(request, queryset, deed, _t("글 %d개를 되살렸습니다."))

    @admin.action(description=_("고른 글 지우기"))
    def delete(self, request, queryset):
        def deed(post):
            post_deeds.delete_post(post=post, by=request.user)

        self._each(request, queryset, deed, _t("글 %d개를 지웠습니다."))

    @admin.action(description=_("고른 글 옮기기"))
    def move(self, request, queryset):
        """Asks for the board first, on a page between."""
        target = Board.objects.filter(pk=request.POST.get("board") or 0).first()
        if target is None:
            context = {
                **self.admin_site.each_context(request),
                "title": _t("글 옮기기"),
                "posts": queryset,
                "boards": Board.objects.select_related("group"),
                "opts": self.model._meta,
            }
            return render(request, "admin/boards/post/move_posts.html", context)

        def deed(post):
            post_deeds.move_post(post=post, board=target, by=request.user)

        self._each(request, queryset, deed, _t("글 %d개를 옮겼습니다."))
        return None


@admin.register(Comment)
class CommentAdmin(WrittenAdmin):
    list_display = ["__str__", "post", "author_name", "state", "created_at", "link"]
    list_filter = ["state", "post__board"]
    search_fields = ["text", "author_name", "=author__username"]
    list_select_related = ["post__board", "author"]

    @admin.action(description=_("고른 댓글 숨기기"))
    def hide(self, request, queryset):
        def deed(comment):
            comment_deeds.hide_comment(comment=comment, by=request.user)

        self._each(request, queryset, deed, _t("댓글 %d개를 숨겼습니다."))

    @admin.action(description=_("고른 댓글 되살리기"))
    def restore(self, request, queryset):
        def deed(comment):
            comment_deeds.restore_comment(comment=comment, by=request.user)

        self._each(request, queryset, deed, _t("댓글 %d개를 되살렸습니다."))

    @admin.action(description=_("고른 댓글 지우기"))
    def delete(self, request, queryset):
        def deed(comment):
            comment_deeds.delete_comment(comment=comment, by=request.user)

        self._each(request, queryset, deed, _t("댓글 %d개를 지웠습니다."))


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
