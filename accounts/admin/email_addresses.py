"""The admin page of addresses: the owner may confirm one where mails do not arrive."""

import allauth.account.admin  # noqa: F401 (its desk adds addresses to anybody; ours takes its place)
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.apps import apps
from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _

from accounts.admin.owners import OwnersOnly
from boardsite.admin_actions import ReadOnly

admin.site.unregister(EmailAddress)
apps.get_app_config("account").verbose_name = _("E-mail 확인")
EmailAddress._meta.verbose_name = EmailAddress._meta.verbose_name_plural = _("E-mail 주소")


@admin.register(EmailAddress)
class EmailAddressAdmin(ReadOnly, OwnersOnly, admin.ModelAdmin):
    """Read-only. Addresses are changed on the member's page, which keeps both rows in step."""

    menu_title = _("확인할 E-mail 주소")
    keywords = "이메일 메일 인증 메일인증"
    list_display = ["address", "member", "is_confirmed"]
    list_display_links = None
    list_select_related = ["user"]
    search_fields = ["email", "=user__username", "=user__nickname"]
    search_help_text = _("E-mail의 일부, 아이디 또는 별명")
    ordering = ["-pk"]
    show_full_result_count = False
    actions = ["confirm"]

    @admin.display(description=_("E-mail"), ordering="email")
    def address(self, address):
        return address.email

    @admin.display(description=_("회원"))
    def member(self, address):
        return f"{address.user.nickname} ({address.user.username})"

    @admin.display(description=_("확인함"), boolean=True, ordering="verified")
    def is_confirmed(self, address):
        return address.verified

    @admin.action(description=_("고른 주소를 확인한 것으로 하기"))
    def confirm(self, request, queryset):
        confirmed = [each for each in queryset.filter(verified=False) if each.set_verified()]
        for address in confirmed:
            email_confirmed.send(sender=EmailAddress, request=request, email_address=address)
        messages.success(request, _("주소 %d개를 확인한 것으로 했습니다.") % len(confirmed))
