"""Exports the list of members for spreadsheets."""

from collections.abc import Iterator

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _t

from accounts.admin.member_filters import active_marketing
from accounts.models import Member
from boardsite.reporting.spreadsheet import csv_file

AT_ONCE = 2_000  # rows that are read from the database at a time


class MemberExport:
    """The part of MemberAdmin that exports the filtered list, without passwords or hashes."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.export_view)
        return [path("export/", view, name="accounts_member_export"), *super().get_urls()]

    def has_export_permission(self, request) -> bool:
        return request.user.has_perm("accounts.export_members")

    def export_view(self, request):
        """The log of the admin records who exported how many rows, before the first line is sent."""
        if not (self.has_export_permission(request) and self.has_view_permission(request)):
            raise PermissionDenied
        request.takes_all = True  # all results of a search, which the list itself limits
        try:
            members = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return redirect("admin:accounts_member_changelist")
        words = _t("회원 목록을 내보냄 (%d명)") % members.count()
        _log(request.user, words, request.GET.urlencode())
        return csv_file(f"members-{timezone.localdate():%Y%m%d}.csv", _rows(members))


def _rows(members) -> Iterator[list]:
    yield [
        *(_t("번호"), _t("아이디"), _t("별명"), "E-mail", _t("레벨"), _t("포인트"), _t("글 수")),
        *(_t("댓글 수"), _t("가입일"), _t("마지막 로그인"), _t("정지 기한"), _t("승인 대기")),
        *(_t("탈퇴한 시각"), _t("광고 동의")),
    ]
    agreed = Exists(active_marketing().filter(member=OuterRef("pk")))
    columns = members.annotate(agreed=agreed).values_list(
        *("pk", "username", "nickname", "email", "level", "points", "post_count", "comment_count"),
        *("date_joined", "last_login", "suspended_until", "pending_since", "left_at", "agreed"),
    )
    for row in columns.iterator(chunk_size=AT_ONCE):
        *plain, joined, seen, suspended, pending, left, is_agreed = row
        moments = [_moment(at) for at in (joined, seen, suspended)]
        yield [*plain, *moments, _yes(pending is not None), _moment(left), _yes(is_agreed)]


def _yes(value: bool) -> str:
    return "Y" if value else ""


def _moment(at) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""


def _log(by: Member, words: str, query: str) -> None:
    LogEntry.objects.create(
        user=by,
        content_type=ContentType.objects.get_for_model(Member),
        object_repr=(query or "-")[:200],
        action_flag=CHANGE,
        change_message=words,
    )
