"""Posts and comments: found and judged here, never written or erased behind the deeds' back."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME, ActionForm
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Refused, is_owner
from boards.actions import comments as comment_deeds
from boards.actions.managing import manage_posts
from boards.models import Board, Comment, ModerationEntry, Post
from boards.refusals import REFUSED_OWNERS
from boards.text import richtext
from boardsite.admin_actions import OnlyAllowedActions
from boardsite.dates import full_date

Deed = ModerationEntry.Deed
MOVED_SHOWN = 20  # subjects on the page that asks where to move them


class ReasonForm(ActionForm):
    """The row of actions, with a line for the log."""

    reason = forms.CharField(label=_("사유"), required=False, max_length=200)


class WrittenAdmin(OnlyAllowedActions, admin.ModelAdmin):
    """What posts and comments have in common."""

    list_per_page = 50
    show_full_result_count = False
    actions = ["hide", "restore", "delete"]
    action_form = ReasonForm

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_readonly_fields(self, request, obj=None):
        return self.fields

    def _ask_owner(self, request, queryset) -> None:
        """Raises Refused when another than the owner touches what the owner wrote."""
        if not is_owner(request.user) and queryset.filter(author__is_superuser=True).exists():
            raise Refused(REFUSED_OWNERS)

    def _told(self, request) -> dict:
        """Who does it, and why, for the log."""
        return {"by": request.user, "reason": request.POST.get("reason", "").strip()[:200]}

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
    fields = [
        *("subject", "text", "board", "number", "category", "author", "author_name", "state"),
        *("is_notice", "is_site_notice", "is_secret", "is_closed"),
        *("created_at", "edited_at", "deleted_at"),
        *("view_count", "comment_count", "like_count", "dislike_count"),
    ]

    @admin.display(description=_("본문"))
    def text(self, post):
        """The words of the body, also of a post that nobody sees on the site."""
        return richtext.text_of(post.body.html)

    @admin.action(description=_("고른 글 숨기기"), permissions=["change"])
    def hide(self, request, queryset):
        self._manage(request, queryset, Deed.HIDE, _t("글 %d개를 숨겼습니다."))

    @admin.action(description=_("고른 글 되살리기"), permissions=["change"])
    def restore(self, request, queryset):
        self._manage(request, queryset, Deed.RESTORE, _t("글 %d개를 되살렸습니다."))

    @admin.action(description=_("고른 글 지우기"), permissions=["change"])
    def delete(self, request, queryset):
        self._manage(request, queryset, Deed.DELETE, _t("글 %d개를 지웠습니다."))

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
        self._manage(request, queryset, Deed.MOVE, _t("글 %d개를 옮겼습니다."), board=target)
        return None

    def _manage(self, request, queryset, deed: Deed, sentence: str, **more) -> None:
        """Does `deed` to the chosen posts, and says how many of them it changed."""
        self._ask_owner(request, queryset)
        changed = manage_posts(posts=queryset, deed=deed, **self._told(request), **more)
        self.message_user(request, sentence % len(changed), messages.SUCCESS)


@admin.register(Comment)
class CommentAdmin(WrittenAdmin):
    list_display = ["__str__", "post", "author_name", "state", "created_on", "link"]
    list_filter = ["state", "post__board"]
    search_fields = ["text", "author_name", "=author__username"]
    list_select_related = ["post__board", "author"]
    fields = [
        *("text", "post", "author", "author_name", "state", "is_secret"),
        *("created_at", "edited_at", "like_count", "dislike_count"),
    ]

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

    def _each(self, request, queryset, deed, sentence: str) -> None:
        """Does `deed` of boards.actions to each chosen comment, and says how many it changed."""
        self._ask_owner(request, queryset)
        count = 0
        for comment in queryset:
            count += deed(comment=comment, **self._told(request)).state != comment.state
        self.message_user(request, sentence % count, messages.SUCCESS)
