"""Actions of the list of members."""

from datetime import timedelta

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.actions import lift_suspension, suspend_member
from accounts.actions.joining import approve_member, refuse_member
from accounts.actions.members import change_level
from accounts.actions.points import adjust_points
from accounts.admin.member_action_forms import LevelForm, PointsForm
from accounts.permissions import SUSPEND, Refused, is_owner
from accounts.queries.points import are_on

SHOWN = 20  # members whom a confirmation page names


class MemberActions(admin.ModelAdmin):
    """The actions of MemberAdmin. Without permission they answer 403 (OnlyAllowedActions)."""

    actions = [
        "approve",
        "refuse",
        "suspend_for_a_week",
        "suspend_for_ever",
        "lift",
        "give_points",
        "set_level",
    ]

    def has_own_permission(self, request) -> bool:
        """For actions of site owners only."""
        return is_owner(request.user)

    def has_suspend_permission(self, request) -> bool:
        """For staff who may change members or whom an owner lets suspend them."""
        return self.has_change_permission(request) or request.user.has_perm(SUSPEND)

    @admin.action(description=_("가입 승인"), permissions=["change"])
    def approve(self, request, queryset):
        waiting = queryset.filter(pending_since__isnull=False)
        self._each(
            request,
            waiting,
            lambda member: approve_member(member=member, by=request.user),
            _t("회원 %d명의 가입을 승인했습니다."),
        )

    @admin.action(description=_("가입 거절 (신청을 지움)"), permissions=["change"])
    def refuse(self, request, queryset):
        """Asks for confirmation: the applicants' data are deleted for good, and each of them gets a
        mail."""
        waiting = queryset.filter(pending_since__isnull=False)
        if waiting and not self._asked(request, forms.Form).is_valid():
            warning = _t("신청할 때 적은 내용을 모두 지우고 메일로 알립니다. 되돌릴 수 없습니다.")
            form = forms.Form()
            return self._ask(request, waiting, "refuse", _t("가입 거절"), form, warning)
        self._each(
            request,
            waiting,
            lambda member: refuse_member(member=member, by=request.user),
            _t("%d명의 가입을 거절했습니다."),
        )
        return None

    @admin.action(description=_("고른 회원 7일 정지"), permissions=["suspend"])
    def suspend_for_a_week(self, request, queryset):
        self._suspend(request, queryset, timezone.now() + timedelta(days=7))

    @admin.action(description=_("고른 회원 영구 정지"), permissions=["suspend"])
    def suspend_for_ever(self, request, queryset):
        self._suspend(request, queryset, None)

    @admin.action(description=_("고른 회원 정지 해제"), permissions=["suspend"])
    def lift(self, request, queryset):
        count = 0
        for member in queryset.exclude(suspended_until=None):
            try:
                lift_suspension(member=member, by=request.user)
            except Refused as refusal:
                self.message_user(request, f"{refusal} ({member.username})", messages.ERROR)
            else:
                count += 1
        self.message_user(request, _t("회원 %d명의 정지를 풀었습니다.") % count, messages.SUCCESS)

    @admin.action(description=_("고른 회원 포인트 주기·빼기"), permissions=["own"])
    def give_points(self, request, queryset):
        form = self._asked(request, PointsForm)
        if form.is_bound and not are_on():
            form.add_error(None, _t("포인트를 쓰지 않고 있습니다. 포인트 설정에서 켜 주세요."))
        if not form.is_valid():
            return self._ask(request, queryset, "give_points", _t("포인트 주기·빼기"), form)
        given = form.cleaned_data
        self._each(
            request,
            queryset,
            lambda member: adjust_points(
                member=member,
                amount=given["amount"],
                reason=given["text"],
                about=str(given["about"]),
                by=request.user,
            ),
            _t("회원 %d명의 포인트를 고쳤습니다."),
        )
        return None

    @admin.action(description=_("고른 회원 레벨 바꾸기"), permissions=["own"])
    def set_level(self, request, queryset):
        form = self._asked(request, LevelForm)
        if not form.is_valid():
            return self._ask(request, queryset, "set_level", _t("레벨 바꾸기"), form)
        level, reason = form.cleaned_data["level"], form.cleaned_data["text"]
        self._each(
            request,
            queryset,
            lambda member: change_level(member=member, level=level, reason=reason, by=request.user),
            _t("회원 %d명의 레벨을 바꿨습니다."),
        )
        return None

    def _suspend(self, request, queryset, until) -> None:
        reason, count = request.POST.get("reason", "").strip(), 0
        if not reason:
            words = _t("정지 사유를 적어 주세요. 회원이 읽습니다. 아무도 정지하지 않았습니다.")
            self.message_user(request, words, messages.ERROR)
            return
        for member in queryset:
            try:
                suspend_member(member=member, until=until, reason=reason, by=request.user)
            except Refused as refusal:
                self.message_user(request, f"{refusal} ({member.username})", messages.ERROR)
            else:
                count += 1
        if count:
            self.message_user(request, _t("회원 %d명을 정지했습니다.") % count, messages.SUCCESS)

    def _each(self, request, queryset, change, sentence: str) -> None:
        """Calls `change` for each member, and reports how many changed and who was refused for what
        reason."""
        count = 0
        for member in queryset:
            try:
                count += bool(change(member))
            except Refused as refusal:
                self.message_user(request, f"{refusal} ({member.username})", messages.ERROR)
        self.message_user(request, sentence % count, messages.SUCCESS if count else messages.INFO)

    def _asked(self, request, form_class):
        """The form of the confirmation page, or an unbound one when the list itself was submitted."""
        return form_class(request.POST if "is_asked" in request.POST else None)

    def _ask(self, request, queryset, action: str, title: str, form, warning: str = ""):
        """A confirmation page: names the selected members and asks for the rest of the input."""
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "form": form,
            "warning": warning,
            "action": action,
            "members": queryset[:SHOWN],
            "more": max(0, queryset.count() - SHOWN),
            "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
            "select_across": request.POST.get("select_across", "0"),
            "opts": self.opts,
        }
        status = 422 if form.is_bound else 200
        return render(request, "admin/accounts/member/confirm_action.html", context, status=status)
