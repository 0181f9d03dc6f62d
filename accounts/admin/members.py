"""The admin pages of members.

`member_forms` has the forms, `member_filters` the list's filters, `member_actions` its actions,
`member_export` its export and `member_record` a member's notes and record."""

from allauth.account.models import EmailAddress
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.actions.members import remember_nickname, rights_changed
from accounts.actions.passwords import end_old_claims
from accounts.actions.record import record
from accounts.actions.roles import (
    drop_single_permissions,
    save_staff,
    set_roles,
)
from accounts.admin.member_action_forms import SuspendForm
from accounts.admin.member_actions import MemberActions
from accounts.admin.member_export import MemberExport
from accounts.admin.member_filters import (
    EmailFilter,
    JoinedFilter,
    LeftFilter,
    LevelFilter,
    MarketingFilter,
    PendingFilter,
    RoleFilter,
    SuspensionFilter,
)
from accounts.admin.member_forms import (
    ROLE_FIELDS,
    MemberForm,
    NewMemberForm,
    NewPasswordForm,
    role_fields,
)
from accounts.admin.member_record import MemberRecord
from accounts.models import Member, MemberEvent, NicknameChange
from accounts.permissions import (
    Refused,
    is_owner,
    may_change_member,
    may_suspend,
)
from accounts.roles import names_of
from accounts.text.names import nickname_key
from boardsite.admin_actions import OnlyAllowedActions

Kind = MemberEvent.Kind
FOUND = 1_000  # members that a search shows, the newest first
FORMER = 20  # most former 별명 to show, or members to find by one


RECORD = (  # fields that the site changes and nobody edits
    "points",
    "post_count",
    "comment_count",
    "date_joined",
    "last_login",
    "former_names",
    "newest_notes",
    "newest_events",
)


admin.site.unregister(Group)  # roles take the place of Django's groups


@admin.register(Member)
class MemberAdmin(OnlyAllowedActions, MemberActions, MemberRecord, MemberExport, UserAdmin):
    keywords = "회원관리 아이디 별명 닉네임 레벨 등급 권한 정지 차단 탈퇴 비밀번호 운영진"
    form = MemberForm
    add_form = NewMemberForm
    change_password_form = NewPasswordForm
    action_form = SuspendForm
    list_display = [
        "username",
        "nickname",
        "email",
        "level",
        "points",
        "post_count",
        "comment_count",
        "standing",
        "suspension",
        "joined",
        "seen",
    ]
    list_filter = [
        SuspensionFilter,
        PendingFilter,
        LeftFilter,
        LevelFilter,
        JoinedFilter,
        EmailFilter,
        MarketingFilter,
        RoleFilter,
        "is_robot",
        "is_superuser",
        "is_active",
    ]
    list_per_page = 50
    search_fields = ["username", "nickname", "email"]
    search_help_text = _(
        "아이디, 별명, E-mail의 일부나 전에 쓰던 별명 전체. 새 회원부터 1,000명까지 찾습니다."
    )
    ordering = ["-pk"]
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # each facet would count a million members
    change_list_template = "admin/accounts/member/change_list.html"
    change_form_template = "admin/accounts/member/change_form.html"
    # Neither the password nor its hash is shown; a page of its own sets a new one.
    fieldsets = [
        (
            None,
            {"fields": ["username", "nickname", "email", "new_password", "introduction", "level"]},
        ),
        (_("이용 정지"), {"fields": ["suspended_until", "suspension_reason"]}),
        (_("역할"), {"fields": ["given_roles", "drops_permissions"]}),
        (
            _("운영자와 수집기"),
            {"classes": ["collapse"], "fields": ["is_superuser", "is_robot", "is_active"]},
        ),
        (_("기록"), {"fields": RECORD}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "nickname", "email", "password1", "password2"]}),
    ]
    readonly_fields = [
        "new_password",
        "suspended_until",  # changed by the list's actions, which also store the reason
        "suspension_reason",
        *RECORD,
    ]
    only_owners_change = [
        "level",
        "is_active",
        "is_superuser",
        "is_robot",
    ]

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        return fields if is_owner(request.user) else [*fields, *self.only_owners_change]

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None:
            return fieldsets
        hidden = {*ROLE_FIELDS} - {*role_fields(request.user, obj)}
        left = [
            (name, {**words, "fields": [each for each in words["fields"] if each not in hidden]})
            for name, words in fieldsets
        ]
        return [(name, words) for name, words in left if words["fields"]]

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        form.staff = request.user
        return form

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or may_change_member(request.user, obj))

    def has_delete_permission(self, request, obj=None):
        """Nobody: posts, votes and counters refer to a member. Suspend them instead."""
        return False

    def get_search_results(self, request, queryset, search_term):
        """Searches parts of the current names and address, and whole former 별명.

        Evaluated once, for both the count and the page, because no index supports substrings."""
        if not search_term.strip():
            return queryset, False
        found, _duplicates = super().get_search_results(request, queryset, search_term)
        former = NicknameChange.objects.filter(nickname_key=nickname_key(search_term))
        once = [*former.values_list("member", flat=True)[:FORMER]]
        if getattr(request, "takes_all", False):  # for an export
            return found | queryset.filter(pk__in=once), False
        pks = [*once, *found.order_by("-pk").values_list("pk", flat=True)[:FOUND]]
        return queryset.filter(pk__in=pks), False

    def save_model(self, request, obj, form, change):
        if not change:
            super().save_model(request, obj, form, change)
            record(member=obj, kind=Kind.JOINED, words=_t("운영진이 만듦"), by=request.user)
            return
        changed = {*form.changed_data} & {field.name for field in obj._meta.concrete_fields}
        if "nickname" in changed:
            changed |= {"nickname_key", "nickname_shape", "nickname_claim", "nickname_changed_at"}
            # an assigned name can be changed again only after the interval
            obj.nickname_changed_at = timezone.now()
        if "is_superuser" in changed:
            save_staff(obj)
        obj.save(update_fields=changed)  # leaves counters alone that change meanwhile
        if "email" in changed:
            # allauth has a copy; a password reset would still go to the old address.
            EmailAddress.objects.filter(user=obj).delete()
        if {"level", "is_superuser"} & changed:
            rights_changed(obj)
        self._record(request, obj, form)
        self._set_roles(request, obj, form)

    def _set_roles(self, request, member: Member, form) -> None:
        try:
            if form.cleaned_data.get("drops_permissions"):
                drop_single_permissions(member=member, by=request.user)
            if "given_roles" in form.changed_data:
                set_roles(member=member, roles=form.roles, by=request.user)
        except Refused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)

    def _record(self, request, member: Member, form) -> None:
        """Records the form's changes that matter later, but no addresses."""
        before = form.initial
        if "nickname" in form.changed_data:
            remember_nickname(member=member, before=before["nickname"], by=request.user)
        if "email" in form.changed_data:
            record(member=member, kind=Kind.EMAIL, by=request.user)
        if "level" in form.changed_data:
            levels = {"before": before["level"], "after": member.level}
            words = _t("레벨 %(before)d → %(after)d") % levels
            record(member=member, kind=Kind.LEVEL, words=words, by=request.user)

    def user_change_password(self, request, id, form_url=""):
        response = super().user_change_password(request, id, form_url)
        # Django redirects after a successful change
        if request.method == "POST" and response.status_code == 302:
            member = self.get_object(request, id)
            words = _t("운영진이 정함")
            record(member=member, kind=Kind.PASSWORD, words=words, by=request.user)
            end_old_claims(member=member)
        return response

    @admin.display(description=_("전 별명"))
    def former_names(self, member: Member) -> str:
        if member.pk is None:
            return "-"
        changes = member.nickname_changes.order_by("-pk")[:FORMER]
        names = [f"{each.nickname} ({timezone.localtime(each.at):%Y-%m-%d})" for each in changes]
        return ", ".join(names) or "-"

    @admin.display(description=_("비밀번호"))
    def new_password(self, member: Member) -> str:
        return format_html('<a href="../password/">{}</a>', _t("새 비밀번호 정하기"))

    @admin.display(description=_("가입일"), ordering="date_joined")
    def joined(self, member: Member) -> str:
        return f"{timezone.localtime(member.date_joined):%Y-%m-%d}"

    @admin.display(description=_("마지막 로그인"), ordering="last_login")
    def seen(self, member: Member) -> str:
        return f"{timezone.localtime(member.last_login):%Y-%m-%d}" if member.last_login else "-"

    @admin.display(description=_("상태"))
    def standing(self, member: Member) -> str:
        if member.erased_at:
            return _t("삭제됨")
        if member.left_at:
            return _t("탈퇴 신청")
        if member.is_pending:
            return _t("승인 대기")
        if not member.is_active:
            return _t("사용 중지")
        if member.is_robot:
            return _t("수집기")
        if member.is_superuser:
            return _t("운영자")
        return names_of(member.role_keys) or (_t("운영진") if member.is_staff else "-")

    @admin.display(description=_("정지"), ordering="suspended_until")
    def suspension(self, member: Member) -> str:
        if not member.is_suspended:
            return "-"
        if member.suspension_end is None:
            return _t("영구")
        until = timezone.localtime(member.suspension_end)
        return _t("%s까지") % f"{until:%Y-%m-%d %H:%M}"

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        """Links to what is done with a member on pages of their own."""
        if obj is not None:
            context["may_suspend"] = may_suspend(request.user, obj) and obj.erased_at is None
            context["may_erase"] = (
                is_owner(request.user) and not obj.is_superuser and obj.erased_at is None
            )
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def changelist_view(self, request, extra_context=None):
        mays = {
            "may_export": self.has_export_permission(request),
            "may_merge": is_owner(request.user),
        }
        return super().changelist_view(request, {**(extra_context or {}), **mays})
