"""Groups of boards: order, moderators, members of private groups."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from boards.actions.commits import after_commit
from boards.actions.narrowing import GROUP_READERS, forget_unreadable
from boards.admin.forms import GroupForm
from boards.models import BoardGroup
from boardsite.admin_actions import Autocompletes, LabelledCells, OnlyAllowedActions


@admin.register(BoardGroup)
class BoardGroupAdmin(Autocompletes, OnlyAllowedActions, admin.ModelAdmin):
    keywords = "게시판그룹관리 비공개 접근 회원"
    form = GroupForm
    list_display = ["name", "slug", "position", "is_private"]
    list_editable = ["position"]
    search_fields = ["name", "slug"]
    autocomplete_fields = ["moderators", "members"]
    fieldsets = [
        (None, {"fields": ["name", "slug", "position", "moderators"]}),
        (
            _("누가 볼 수 있나"),
            {
                "description": _(
                    "비공개 그룹의 게시판은 그룹 회원이 아닌 사람에게 메뉴, 검색, 새글 어디에도 "
                    "나오지 않습니다. 그룹 회원에게는 각 게시판의 레벨이 그대로 적용됩니다."
                ),
                "fields": ["is_private", "members"],
            },
        ),
    ]

    def get_readonly_fields(self, request, obj=None):
        """Naming members takes the right to find them."""
        return [] if request.user.has_perm("accounts.view_member") else ["moderators", "members"]

    def get_changelist_form(self, request, **kwargs):
        return super().get_changelist_form(request, form=LabelledCells, **kwargs)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and GROUP_READERS & {*form.changed_data}:
            for board in obj.boards.values_list("pk", flat=True):
                after_commit(forget_unreadable, board)
