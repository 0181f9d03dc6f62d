"""회원 삭제: the owner deletes a member, or erases one who has left before the grace period ends.

A page of its own, because `accounts` may not import `boards`.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from accounts.permissions import is_owner
from boards.actions.leaving import delete_member
from boardsite.admin_menu import Page, register

PAGE = "admin/boards/erase_member.html"
register(Page("erase_member", _("회원 삭제"), is_owner, "개인정보 파기 탈퇴한 회원 바로 삭제"))
SHOWN = 50  # former members; those who left first come first


class EraseForm(forms.Form):
    """The member's 아이디, entered twice so that nobody erases a member by accident."""

    username = forms.CharField(label=_("삭제할 회원의 아이디"), max_length=20)
    posts = forms.ChoiceField(
        label=_("글과 댓글"),
        required=False,
        choices=[
            ("", _("'탈퇴한 회원'의 이름으로 남김 (스스로 탈퇴했다면 회원이 고른 대로)")),
            ("remove", _("모두 지움")),
        ],
        widget=forms.RadioSelect,
    )
    confirmation = forms.CharField(
        label=_("확인"),
        max_length=20,
        help_text=_("되돌릴 수 없습니다. 아이디를 한 번 더 쓰세요."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_username(self) -> Member:
        username = self.cleaned_data["username"].strip().lower()
        found = Member.objects.filter(username=username, erased_at=None).first()
        if found is None:
            raise forms.ValidationError(_t("그런 아이디의 회원이 없습니다."))
        if found.is_superuser:
            raise forms.ValidationError(_t("운영자는 삭제할 수 없습니다."))
        return found

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        member = data.get("username")
        if member and data.get("confirmation", "").strip().lower() != member.username:
            self.add_error("confirmation", _t("아이디와 다릅니다."))
        return data


def erase_member_view(request):
    """GET asks for the member, or says what will happen to the one in ?username=; POST deletes
    them."""
    if not is_owner(request.user):
        raise PermissionDenied
    named = request.GET.get("username", "")[:20]
    if request.method == "POST":
        form = EraseForm(request.POST)
    else:
        form = EraseForm(initial={"username": named})
    if form.is_valid():
        return _delete(request, form.cleaned_data["username"], form.cleaned_data["posts"])
    leaving = Member.objects.filter(left_at__isnull=False, erased_at=None).order_by("left_at", "pk")
    context = {
        **admin.site.each_context(request),
        "title": _t("회원 삭제"),
        "form": form,
        "opts": Member._meta,
        "named": Member.objects.filter(username=named, erased_at=None).first() if named else None,
        "leavers": [
            f"{member.username} · {member.nickname} · {timezone.localtime(member.left_at):%Y-%m-%d}"
            for member in leaving[:SHOWN]
        ],
    }
    return render(request, PAGE, context, status=422 if form.errors else 200)


def _delete(request, member: Member, posts: str):
    removes = posts == "remove" or member.removes_posts
    if delete_member(member=member, removes_posts=removes, by=request.user):
        words = _t("회원을 삭제했습니다: %d번 회원") % member.pk
    else:
        words = _t(
            "회원을 내보냈습니다. 쓴 것이 많아 글과 개인정보는 하루 한 번 정기 작업이 지웁니다: %d번 회원"
        )
        words %= member.pk
    messages.success(request, words)
    return redirect("admin:accounts_member_changelist")
