"""The admin page of second factors: shows who has which, and removes lost ones."""

import allauth.mfa.admin  # noqa: F401 (its desk shows secrets; ours takes its place)
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _

from accounts.actions.second_factors import forget_second_factors
from accounts.admin.owners import OwnersOnly
from accounts.models import Member
from accounts.queries.second_factors import NAMES, factor_name
from boardsite.admin_actions import ReadOnly

admin.site.unregister(Authenticator)
# allauth has English names only.
apps.get_app_config("mfa").verbose_name = _("2단계 인증")
Authenticator._meta.verbose_name = Authenticator._meta.verbose_name_plural = _("등록한 방법")


class KindFilter(admin.SimpleListFilter):
    title = _("로그인 방법")
    parameter_name = "type"

    def lookups(self, request, model_admin):
        return NAMES.items()

    def queryset(self, request, queryset):
        return queryset.filter(type=self.value()) if self.value() else queryset


@admin.register(Authenticator)
class AuthenticatorAdmin(ReadOnly, OwnersOnly, admin.ModelAdmin):
    """Read-only; no secret is shown and nothing can be added."""

    menu_title = _("2단계 인증과 패스키")
    keywords = "2단계 인증 OTP 패스키 보안 키"
    list_display = ["member", "kind", "created", "last_used"]
    list_display_links = None
    fields = ["user", "type", "created_at", "last_used_at"]  # never `data`, which holds the secret
    list_filter = [KindFilter]
    list_select_related = ["user"]
    search_fields = ["user__username", "user__nickname"]
    search_help_text = _("아이디 또는 별명")
    actions = ["forget_factors"]

    @admin.display(description=_("회원"))
    def member(self, factor):
        return f"{factor.user.nickname} ({factor.user.username})"

    @admin.display(description=_("로그인 방법"))
    def kind(self, factor):
        return factor_name(factor)

    @admin.display(description=_("등록한 시각"), ordering="created_at")
    def created(self, factor):
        return factor.created_at

    @admin.display(description=_("마지막으로 쓴 시각"), ordering="last_used_at")
    def last_used(self, factor):
        return factor.last_used_at

    @admin.action(description=_("고른 회원의 2단계 인증 끄기 (모두 잃어버렸을 때)"))
    def forget_factors(self, request, queryset):
        members = Member.objects.filter(pk__in=queryset.values("user"))
        for member in members:
            forget_second_factors(member=member, by=request.user)
        messages.success(request, _("회원 %d명의 2단계 인증을 껐습니다.") % len(members))
