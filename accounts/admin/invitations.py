"""The owner's desk for invitations: codes are made here, and who came by each is seen."""

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from accounts.actions.invitations import new_code
from accounts.admin.owners import OwnersOnly
from accounts.models import Invitation


@admin.register(Invitation)
class InvitationAdmin(OwnersOnly, admin.ModelAdmin):
    """The code itself is never typed: it would be guessed."""

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
            obj.save(update_fields=form.changed_data)  # used_count moves meanwhile

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
