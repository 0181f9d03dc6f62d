"""The admin page of invitations: creates codes and shows who joined with them."""

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from accounts.actions.invitations import new_code
from accounts.admin.owners import OwnersOnly
from accounts.models import Invitation
from boardsite.admin_actions import NamedMoments


@admin.register(Invitation)
class InvitationAdmin(NamedMoments, OwnersOnly, admin.ModelAdmin):
    """Codes cannot be typed, because typed ones would be guessable."""

    keywords = "초대장 가입 초대"
    fields = ["code", "note", "uses", "expires_at", "maker", "used_count", "invited"]
    readonly_fields = ["code", "maker", "used_count", "invited"]
    list_display = ["code", "note", "maker", "uses", "used_count", "expires_at", "created_at"]
    list_select_related = ["maker"]
    search_fields = ["code", "note", "maker__username", "maker__nickname"]
    ordering = ["-pk"]
    show_full_result_count = False

    def save_model(self, request, obj, form, change):
        if not change:
            obj.code, obj.maker = new_code(), request.user
            obj.save()
        elif form.changed_data:
            obj.save(update_fields=form.changed_data)  # used_count may change meanwhile

    @admin.display(description=_("가입한 회원"))
    def invited(self, invitation: Invitation) -> str:
        members = invitation.invited.order_by("pk") if invitation.pk else []
        return (
            format_html_join(
                ", ",
                '<a href="/admin/accounts/member/{}/change/">{} ({})</a>',
                ((member.pk, member.nickname, member.username) for member in members),
            )
            or "-"
        )
