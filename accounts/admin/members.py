"""The owner's desk: members are found, judged and helped here."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import BaseUserCreationForm
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.actions import FOREVER, lift_suspension, suspend_member
from accounts.forms import NicknameField, check_nickname
from accounts.models import Member
from accounts.permissions import Refused, is_owner
from boardsite.admin_actions import OnlyAllowedActions


class OwnNames:
    """Names are checked as in the site's own forms, but the staff may give reserved ones."""

    def clean_nickname(self) -> str:
        return check_nickname(self.cleaned_data["nickname"], self.instance, given=True)

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class NewMemberForm(OwnNames, BaseUserCreationForm):
    nickname = NicknameField()

    class Meta:
        model = Member
        fields = ["username", "nickname", "email"]


class MemberForm(OwnNames, forms.ModelForm):
    nickname = NicknameField()

    class Meta:
        model = Member
        fields = ["username", "nickname", "email"]  # and those of the admin's fieldsets


class SuspendForm(ActionForm):
    """The row of actions, with a line for the reason that the member will read."""

    reason = forms.CharField(label=_("정지 사유"), required=False, max_length=200)


class SuspensionFilter(admin.SimpleListFilter):
    title = _("이용 정지")
    parameter_name = "suspended"

    def lookups(self, request, model_admin):
        return [("1", _("정지 중")), ("0", _("정지되지 않음"))]

    def queryset(self, request, queryset):
        suspended = {"suspended_until__gt": timezone.now()}
        if self.value() == "1":
            return queryset.filter(**suspended)
        return queryset.exclude(**suspended) if self.value() == "0" else queryset


@admin.register(Member)
class MemberAdmin(OnlyAllowedActions, UserAdmin):
    form = MemberForm
    add_form = NewMemberForm
    action_form = SuspendForm
    actions = ["suspend_for_a_week", "suspend_for_ever", "lift"]
    list_display = [
        "username",
        "nickname",
        "email",
        "level",
        "post_count",
        "comment_count",
        "suspension",
        "joined",
    ]
    list_filter = [SuspensionFilter, "is_superuser", "is_staff", "is_robot", "level", "is_active"]
    list_per_page = 50
    search_fields = ["username", "nickname", "email"]
    ordering = ["-pk"]
    show_full_result_count = False
    # The password is not shown, nor its hash; a new one is set on a page of its own.
    fieldsets = [
        (
            None,
            {"fields": ["username", "nickname", "email", "new_password", "introduction", "level"]},
        ),
        (_("이용 정지"), {"fields": ["suspended_until", "suspension_reason"]}),
        (
            _("권한"),
            {
                "classes": ["collapse"],
                "fields": [
                    "is_active",
                    "is_staff",
                    "is_superuser",
                    "is_robot",
                    "groups",
                    "user_permissions",
                ],
            },
        ),
        (
            _("기록"),
            {"fields": ["post_count", "comment_count", "date_joined", "agreed_at", "last_login"]},
        ),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "nickname", "email", "password1", "password2"]}),
    ]
    readonly_fields = [
        "new_password",
        "suspended_until",  # moved by the actions of the list, which also say why
        "suspension_reason",
        "post_count",
        "comment_count",
        "date_joined",
        "agreed_at",
        "last_login",
    ]
    only_owners_change = [
        "level",
        "is_active",
        "is_staff",
        "is_superuser",
        "is_robot",
        "groups",
        "user_permissions",
    ]

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        return fields if is_owner(request.user) else [*fields, *self.only_owners_change]

    def has_change_permission(self, request, obj=None):
        """Staff and owners are touched by owners alone: else staff could set their passwords."""
        allowed = super().has_change_permission(request, obj)
        return allowed and self._may_touch(request, obj)

    def has_delete_permission(self, request, obj=None):
        """Nobody: posts, votes and counts hang on a member. Suspend him instead."""
        return False

    def _may_touch(self, request, obj) -> bool:
        if obj is None or is_owner(request.user) or obj.pk == request.user.pk:
            return True
        return not (obj.is_staff or obj.is_superuser)

    def save_model(self, request, obj, form, change):
        if not change:
            super().save_model(request, obj, form, change)
            return
        changed = {*form.changed_data} & {field.name for field in obj._meta.concrete_fields}
        if "nickname" in changed:
            changed.add("nickname_key")
        obj.save(update_fields=changed)  # the counts that others move meanwhile are left alone
        if "email" in changed:
            # allauth keeps a copy; a password reset would still go to the old address.
            EmailAddress.objects.filter(user=obj).delete()

    @admin.display(description=_("비밀번호"))
    def new_password(self, member: Member) -> str:
        return format_html('<a href="../password/">{}</a>', _t("새 비밀번호 정하기"))

    @admin.display(description=_("가입일"), ordering="date_joined")
    def joined(self, member: Member) -> str:
        return f"{timezone.localtime(member.date_joined):%Y-%m-%d}"

    @admin.display(description=_("정지"), ordering="suspended_until")
    def suspension(self, member: Member) -> str:
        if not member.is_suspended:
            return "-"
        if member.suspended_until >= FOREVER:
            return _t("영구")
        until = timezone.localtime(member.suspended_until)
        return _t("%s까지") % f"{until:%Y-%m-%d %H:%M}"

    @admin.action(description=_("고른 회원 7일 정지"), permissions=["change"])
    def suspend_for_a_week(self, request, queryset):
        self._suspend(request, queryset, timezone.now() + timedelta(days=7))

    @admin.action(description=_("고른 회원 영구 정지"), permissions=["change"])
    def suspend_for_ever(self, request, queryset):
        self._suspend(request, queryset, None)

    @admin.action(description=_("고른 회원 정지 해제"), permissions=["change"])
    def lift(self, request, queryset):
        count = 0
        for member in queryset:
            lift_suspension(member=member, by=request.user)
            count += 1
        self.message_user(request, _t("회원 %d명의 정지를 풀었습니다.") % count, messages.SUCCESS)

    def _suspend(self, request, queryset, until) -> None:
        reason, count = request.POST.get("reason", "").strip(), 0
        for member in queryset:
            try:
                suspend_member(member=member, until=until, reason=reason, by=request.user)
            except Refused as refusal:
                self.message_user(request, f"{refusal} ({member.username})", messages.ERROR)
            else:
                count += 1
        if count:
            self.message_user(request, _t("회원 %d명을 정지했습니다.") % count, messages.SUCCESS)
