"""Posts and comments can be found and moderated here. They are written and erased by actions only."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME, ActionForm
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Refused, is_owner
from boards.actions import withholding_comments as comment_actions
from boards.actions.managing import manage_posts
from boards.models import Board, Comment, ModerationEntry, Post
from boards.refusals import REFUSED_OWNERS
from boardsite.admin_actions import OnlyAllowedActions
from boardsite.dates import full_date
from boardsite.text import richtext

Operation = ModerationEntry.Operation
MOVED_SHOWN = 20  # subjects shown on the page that asks for the target board


class ReasonForm(ActionForm):
    """The row of actions, with a reason for the log."""

    reason = forms.CharField(label=_("사유"), required=False, max_length=200)


class WrittenAdmin(OnlyAllowedActions, admin.ModelAdmin):
    """What the admins of posts and comments have in common."""

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
        """Raises Refused if the selection includes something by the owner and the user is not the
        owner."""
        if not is_owner(request.user) and queryset.filter(author__is_superuser=True).exists():
            raise Refused(REFUSED_OWNERS)

    def _told(self, request) -> dict:
        """The moderator and the reason, as arguments for an action."""
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
    keywords = "게시물 게시글 삭제 이동 복사 휴지통"
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
        *("subject", "text", "poll_counts", "board", "number", "category", "author"),
        *("author_name", "state", "is_notice", "is_site_notice", "is_secret", "is_closed"),
        *("created_at", "edited_at", "deleted_at"),
        *("view_count", "comment_count", "like_count", "dislike_count"),
    ]

    @admin.display(description=_("본문"))
    def text(self, post):
        """The text of the body, also of posts that nobody sees on the site."""
        return richtext.text_of(post.body.html)

    @admin.display(description=_("설문"))
    def poll_counts(self, post):
        """The poll with its counts. Nobody sees who voted for what."""
        if not hasattr(post, "poll"):
            return "-"
        options = ((each.text, each.vote_count) for each in post.poll.options.all())
        lines = format_html_join("", "<li>{} ({})</li>", options)
        voters = _t("%d명 투표") % post.poll.voter_count
        return format_html("{} ({})<ul>{}</ul>", post.poll.question, voters, lines)

    @admin.action(description=_("고른 글 숨기기"), permissions=["change"])
    def hide(self, request, queryset):
        self._manage(request, queryset, Operation.HIDE, _t("글 %d개를 숨겼습니다."))

    @admin.action(description=_("고른 글 되살리기"), permissions=["change"])
    def restore(self, request, queryset):
        self._manage(request, queryset, Operation.RESTORE, _t("글 %d개를 되살렸습니다."))

    @admin.action(description=_("고른 글 삭제"), permissions=["change"])
    def delete(self, request, queryset):
        self._manage(request, queryset, Operation.DELETE, _t("글 %d개를 지웠습니다."))

    @admin.action(description=_("고른 글 옮기기"), permissions=["change"])
    def move(self, request, queryset):
        """Asks for the target board on an intermediate page."""
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
        self._manage(request, queryset, Operation.MOVE, _t("글 %d개를 옮겼습니다."), board=target)
        return None

    def _manage(self, request, queryset, operation: Operation, sentence: str, **more) -> None:
        """Applies `operation` to the selected posts, and reports how many of them changed."""
        self._ask_owner(request, queryset)
        changed = manage_posts(posts=queryset, operation=operation, **self._told(request), **more)
        self.message_user(request, sentence % len(changed), messages.SUCCESS)


@admin.register(Comment)
class CommentAdmin(WrittenAdmin):
    keywords = "코멘트 덧글 삭제"
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
        self._each(request, queryset, comment_actions.hide_comment, _t("댓글 %d개를 숨겼습니다."))

    @admin.action(description=_("고른 댓글 되살리기"), permissions=["change"])
    def restore(self, request, queryset):
        self._each(
            request, queryset, comment_actions.restore_comment, _t("댓글 %d개를 되살렸습니다.")
        )

    @admin.action(description=_("고른 댓글 삭제"), permissions=["change"])
    def delete(self, request, queryset):
        self._each(request, queryset, comment_actions.delete_comment, _t("댓글 %d개를 지웠습니다."))

    def _each(self, request, queryset, operation, sentence: str) -> None:
        """Applies an action of boards.actions to each selected comment, and reports how many
        changed."""
        self._ask_owner(request, queryset)
        count = 0
        for comment in queryset:
            count += operation(comment=comment, **self._told(request)).state != comment.state
        self.message_user(request, sentence % count, messages.SUCCESS)
