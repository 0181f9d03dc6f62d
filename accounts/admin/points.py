"""The admin pages of 포인트 and levels: settings, ledger, manual changes, rules."""

import uuid
from typing import Any

from django import forms
from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.actions.levels import raise_levels
from accounts.actions.points import NotEnoughPoints, adjust_points
from accounts.admin.owners import OwnersOnly
from accounts.models import LevelRule, PointEntry, PointSettings
from accounts.queries.levels import DAYS_AGO, MOST, preview, raised_by
from accounts.queries.points import are_on
from boardsite.admin_actions import Autocompletes, OneRowAdmin

NAMED = 20  # members whom the preview of a rule names
AMOUNT = 1_000_000_000  # points given or taken at once


@admin.register(PointSettings)
class PointSettingsAdmin(OneRowAdmin, OwnersOnly, admin.ModelAdmin):
    keywords = "적립 가입 포인트 로그인 포인트"
    fields = ["is_on", "signup", "login", "recommend", "message_cost", "keep_days"]


class AdjustForm(forms.ModelForm):
    """Gives (above 0) or takes (below 0) points with a reason that the member reads in their
    ledger."""

    about = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    amount = forms.IntegerField(
        label=_("포인트"),
        min_value=-AMOUNT,
        max_value=AMOUNT,
        help_text=_("마이너스는 뺍니다. 가진 것보다 많이 뺄 수는 없습니다."),
    )
    text = forms.CharField(
        label=_("사유"), max_length=200, help_text=_("회원의 포인트 내역에 보입니다.")
    )

    class Meta:
        model = PointEntry
        fields = ["member", "amount", "text", "about"]
        labels = {"member": _("회원")}

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        member, amount = data.get("member"), data.get("amount")
        if not are_on():
            raise forms.ValidationError(
                _("포인트를 쓰지 않고 있습니다. 포인트 설정에서 켜 주세요.")
            )
        if amount == 0:
            self.add_error("amount", _("0은 줄 수도 뺄 수도 없습니다."))
        if member and member.is_robot:
            self.add_error("member", _("수집기에게는 포인트가 없습니다."))
        elif member and amount and member.points + amount < 0 > amount:
            self.add_error("amount", str(NotEnoughPoints(-amount, member.points)))
        return data


@admin.register(PointEntry)
class PointEntryAdmin(Autocompletes, OwnersOnly, admin.ModelAdmin):
    """Lines are added by hand and never changed: another line corrects a mistake."""

    keywords = "포인트관리 지급 차감 적립"
    form = AdjustForm
    fields = ["member", "amount", "text", "about"]
    autocomplete_fields = ["member"]
    list_display = ["at", "member", "kind", "text", "amount", "expires_on"]
    list_filter = ["kind"]
    list_select_related = ["member"]
    list_per_page = 50
    search_fields = ["=member__username", "=member__nickname"]
    ordering = ["-pk"]
    show_full_result_count = False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_fields(self, request, obj=None):
        shown = ["member", "kind", "text", "amount", "spent", "expires_on", "at"]
        return shown if obj else self.fields

    def save_model(self, request, obj, form, change):
        about = str(obj.about)
        adjust_points(
            member=obj.member, amount=obj.amount, reason=obj.text, about=about, by=request.user
        )
        obj.pk = PointEntry.objects.get(
            member=obj.member, kind=PointEntry.Kind.MANUAL, about=about
        ).pk


@admin.register(LevelRule)
class LevelRuleAdmin(OwnersOnly, admin.ModelAdmin):
    """A rule is saved inactive, previewed and then switched on."""

    keywords = "등급 자동 등업 승급"
    list_display = ["level", "points", "posts", "comments", "days", "is_on", "effect"]
    fields = ["level", "points", "posts", "comments", "days", "is_on", "effect", "last_month"]

    def get_readonly_fields(self, request, obj=None):
        shown = ["effect", "last_month"]
        return shown if obj else [*shown, "is_on"]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if obj.is_on:
            risen = raise_levels()
            self.message_user(request, _t("회원 %d명의 레벨이 올랐습니다.") % risen)

    @admin.display(description=_("켜면"))
    def effect(self, rule: LevelRule) -> str:
        """What the rule would do now, with up to NAMED names."""
        if rule.pk is None:
            return _t("저장하면 누구의 레벨이 오를지 보이고, 그 뒤에 켤 수 있습니다.")
        if rule.is_on:
            return _t("쓰고 있습니다. 하루에 한 번 살펴 레벨을 올립니다.")
        raised = raised_by(rule)
        count = raised.count()
        if not count:
            return _t("지금 레벨이 오를 회원이 없습니다.")
        names = ", ".join(raised.order_by("pk").values_list("nickname", flat=True)[:NAMED])
        more = " …" if count > NAMED else ""
        words = _t("켜면 바로 %(count)d명이 레벨 %(level)d 회원이 됩니다: %(names)s")
        return words % {"count": count, "level": rule.level, "names": names} + more

    @admin.display(description=_("지난 30일"))
    def last_month(self, rule: LevelRule) -> str:
        """For the members whom the rule would raise now: in which week they came to meet it."""
        if rule.pk is None or rule.is_on:
            return "-"
        seen = preview(rule)
        ends = [_t("%d일 전까지") % days for days in DAYS_AGO[1:]] + [_t("지금까지")]
        rows = [(_t("%d일 전보다 앞서") % DAYS_AGO[0], seen.before)]
        for days, end, count in zip(DAYS_AGO, ends, seen.weeks, strict=True):
            rows.append((_t("%(days)d일 전부터 %(end)s") % {"days": days, "end": end}, count))
        lines = format_html_join(
            "",
            '<tr><th scope="row">{}</th><td>{}</td></tr>',
            ((when, f"{n:,}") for when, n in rows),
        )
        words = _t("그 사이에 켜져 있었다면 레벨이 올랐을 회원 수입니다.")
        if seen.is_capped:
            words += " " + _t("새 회원 %s명까지만 살폈습니다.") % f"{MOST:,}"
        table = format_html('<table class="last-month">{}</table>', lines)
        return format_html('<div>{}<p class="help">{}</p></div>', table, words)
