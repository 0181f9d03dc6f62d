"""The owner's desk: members are found, judged and helped here.

The list narrows by `member_filters`, does what `member_actions` says and is handed out by
`member_export`; `member_record` shows what happened to one of them.
"""

from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import BaseUserCreationForm
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.actions import FOREVER
from accounts.actions.members import remember_nickname
from accounts.actions.passwords import end_old_claims
from accounts.actions.record import record
from accounts.admin.member_actions import MemberDeeds
from accounts.admin.member_deeds import SuspendForm
from accounts.admin.member_export import MemberExport
from accounts.admin.member_filters import (
    EmailFilter,
    JoinedFilter,
    LeftFilter,
    LevelFilter,
    MarketingFilter,
    SuspensionFilter,
)
from accounts.admin.member_record import MemberRecord
from accounts.forms.fields import NicknameField, check_nickname
from accounts.models import Member, MemberEvent, NicknameChange
from accounts.permissions import SUSPEND, is_owner
from accounts.queries.retired_names import is_retired
from accounts.text.names import nickname_key
from boardsite.admin_actions import OnlyAllowedActions

Kind = MemberEvent.Kind
FOUND = 1_000  # members that a search shows, the newest first
FORMER = 20  # former 별명 that are shown, or members that one of them finds


class OwnNames:
    """Names are checked as in the site's own forms, but the staff may give reserved ones."""

    def clean_username(self) -> str:
        username = self.cleaned_data["username"]
        if username != self.instance.username and is_retired(username):
            raise forms.ValidationError(_("탈퇴한 회원이 쓰던 아이디입니다."), code="retired")
        return username

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


RECORD = [  # what others move and nobody types
    "points",
    "post_count",
    "comment_count",
    "date_joined",
    "last_login",
    "former_names",
    "newest_notes",
    "newest_events",
]


@admin.register(Member)
class MemberAdmin(OnlyAllowedActions, MemberDeeds, MemberRecord, MemberExport, UserAdmin):
    form = MemberForm
    add_form = NewMemberForm
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
        "is_pending",
        LeftFilter,
        LevelFilter,
        JoinedFilter,
        EmailFilter,
        MarketingFilter,
        "is_robot",
        "is_staff",
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
    show_facets = admin.ShowFacets.NEVER  # each would count a million members
    change_list_template = "admin/accounts/member/change_list.html"
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
        (_("기록"), {"fields": RECORD}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "nickname", "email", "password1", "password2"]}),
    ]
    readonly_fields = [
        "new_password",
        "suspended_until",  # moved by the actions of the list, which also say why
        "suspension_reason",
        *RECORD,
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
        """Who has power over others is touched by owners alone: else staff could set his password."""
        allowed = super().has_change_permission(request, obj)
        return allowed and self._may_touch(request, obj)

    def has_delete_permission(self, request, obj=None):
        """Nobody: posts, votes and counts hang on a member. Suspend him instead."""
        return False

    def _may_touch(self, request, obj) -> bool:
        if obj is None or is_owner(request.user) or obj.pk == request.user.pk:
            return True
        return not (obj.is_staff or obj.is_superuser or obj.has_perm(SUSPEND))

    def get_search_results(self, request, queryset, search_term):
        """By parts of the names and the address he has, and by the whole of a 별명 he once had.

        Looked up once, for the count and the page alike: no index knows parts of words.
        """
        if not search_term.strip():
            return queryset, False
        found, _duplicates = super().get_search_results(request, queryset, search_term)
        former = NicknameChange.objects.filter(nickname_key=nickname_key(search_term))
        once = [*former.values_list("member", flat=True)[:FORMER]]
        if getattr(request, "takes_all", False):  # for a file
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
            changed |= {"nickname_key", "nickname_shape", "nickname_changed_at"}
            obj.nickname_changed_at = timezone.now()  # a name that was given stays for a while
        obj.save(update_fields=changed)  # the counts that others move meanwhile are left alone
        if "email" in changed:
            # allauth keeps a copy; a password reset would still go to the old address.
            EmailAddress.objects.filter(user=obj).delete()
        self._record(request, obj, form)

    def _record(self, request, member: Member, form) -> None:
        """What the form has changed that others will ask about; addresses are not written down."""
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
        if request.method == "POST" and response.status_code == 302:  # done, not asked again
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
        return _t("주인") if member.is_superuser else _t("운영진") if member.is_staff else "-"

    @admin.display(description=_("정지"), ordering="suspended_until")
    def suspension(self, member: Member) -> str:
        if not member.is_suspended:
            return "-"
        if member.suspended_until >= FOREVER:
            return _t("영구")
        until = timezone.localtime(member.suspended_until)
        return _t("%s까지") % f"{until:%Y-%m-%d %H:%M}"

    def changelist_view(self, request, extra_context=None):
        mays = {
            "may_export": self.has_export_permission(request),
            "may_merge": is_owner(request.user),
        }
        return super().changelist_view(request, {**(extra_context or {}), **mays})
