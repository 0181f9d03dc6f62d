"""Filters of the member list. Each reads the members' own rows or one small index."""

import datetime

from allauth.account.models import EmailAddress
from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from accounts.models import GUEST_LEVEL, OWNER_LEVEL, Consent
from accounts.roles import ROLES


def active_marketing():
    """Consents to advertising that are in force."""
    return Consent.objects.filter(kind=Consent.Kind.MARKETING, withdrawn_at=None)


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


class RoleFilter(admin.SimpleListFilter):
    title = _("역할")
    parameter_name = "role"

    def lookups(self, request, model_admin):
        return [("any", _("있음")), *((key, role.name) for key, role in ROLES.items())]

    def queryset(self, request, queryset):
        if self.value() == "any":
            return queryset.filter(is_staff=True)
        return queryset.filter(roles__contains=self.value()) if self.value() in ROLES else queryset


class PendingFilter(admin.SimpleListFilter):
    title = _("가입 승인 대기")
    parameter_name = "pending"

    def lookups(self, request, model_admin):
        return [("1", _("예")), ("0", _("아니요"))]

    def queryset(self, request, queryset):
        if self.value() not in {"0", "1"}:
            return queryset
        return queryset.filter(pending_since__isnull=self.value() == "0")


class LeftFilter(admin.SimpleListFilter):
    title = _("탈퇴")
    parameter_name = "left"

    def lookups(self, request, model_admin):
        return [("0", _("회원")), ("1", _("탈퇴 신청")), ("2", _("개인정보 삭제됨"))]

    def queryset(self, request, queryset):
        if self.value() == "0":
            return queryset.filter(left_at=None, erased_at=None)
        if self.value() == "1":
            return queryset.filter(left_at__isnull=False, erased_at=None)
        return queryset.filter(erased_at__isnull=False) if self.value() == "2" else queryset


class LevelFilter(admin.SimpleListFilter):
    """Offers every possible level: Django would scan all members for the existing ones."""

    title = _("레벨")
    parameter_name = "level"

    def lookups(self, request, model_admin):
        return [(str(level), str(level)) for level in range(GUEST_LEVEL, OWNER_LEVEL + 1)]

    def queryset(self, request, queryset):
        return queryset.filter(level=int(self.value())) if self.value() in self._known else queryset

    _known = frozenset(str(level) for level in range(GUEST_LEVEL, OWNER_LEVEL + 1))


class EmailFilter(admin.SimpleListFilter):
    title = _("메일 확인")
    parameter_name = "verified"

    def lookups(self, request, model_admin):
        return [("1", _("확인함")), ("0", _("확인하지 않음"))]

    def queryset(self, request, queryset):
        if self.value() not in {"0", "1"}:
            return queryset
        own = EmailAddress.objects.filter(user=OuterRef("pk"), email=OuterRef("email"))
        confirmed = Exists(own.filter(verified=True))
        return queryset.filter(confirmed if self.value() == "1" else ~confirmed)


class MarketingFilter(admin.SimpleListFilter):
    title = _("광고 동의")
    parameter_name = "marketing"

    def lookups(self, request, model_admin):
        return [("1", _("동의함")), ("0", _("동의하지 않음"))]

    def queryset(self, request, queryset):
        agreed = active_marketing().values("member")
        if self.value() == "1":
            return queryset.filter(pk__in=agreed)
        return queryset.exclude(pk__in=agreed) if self.value() == "0" else queryset


class JoinedFilter(admin.ListFilter):
    """가입일 in a range of days, both included; either of them may be empty."""

    title = _("가입일")
    template = "admin/accounts/member/joined_filter.html"
    FROM, TO = "joined_from", "joined_to"

    def __init__(self, request, params, model, model_admin):
        super().__init__(request, params, model, model_admin)
        for name in self.expected_parameters():
            if name in params:
                self.used_parameters[name] = params.pop(name)[-1]

    def expected_parameters(self):
        return [self.FROM, self.TO]

    def has_output(self):
        return True

    def choices(self, changelist):
        """The template's form needs the two days and the other filters."""
        others = changelist.get_filters_params()
        return [
            {
                "since": self._day(self.FROM),
                "until": self._day(self.TO),
                "others": [
                    (name, value)
                    for name, values in others.items()
                    if name not in self.expected_parameters()
                    for value in (values if isinstance(values, list) else [values])
                ],
                "query": changelist.query,
                "clear": changelist.get_query_string(remove=self.expected_parameters()),
            }
        ]

    def queryset(self, request, queryset):
        since, until = self._day(self.FROM), self._day(self.TO)
        if since:
            queryset = queryset.filter(date_joined__gte=_midnight(since))
        if until:
            queryset = queryset.filter(date_joined__lt=_midnight(until + datetime.timedelta(1)))
        return queryset

    def _day(self, name: str) -> datetime.date | None:
        """The typed day, or None when it is invalid or outside of the supported calendar range."""
        try:
            day = parse_date(str(self.used_parameters.get(name, "")).strip())
        except ValueError:
            return None
        return day if day and 1970 <= day.year <= 9000 else None


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
