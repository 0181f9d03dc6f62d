"""개인정보 바로 삭제: the owner need not wait until the grace time of one who has left is over.

A page of its own at the members' list, as merging: accounts knows no boards.
"""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from accounts.permissions import is_owner
from boards.actions.leaving import erase_member

PAGE = "admin/boards/erase_member.html"
SHOWN = 50  # of those who have left, who left first


class EraseForm(forms.Form):
    """Who, by 아이디; and once more the same, which nobody types by accident."""

    username = forms.CharField(label=_("탈퇴한 회원의 아이디"), max_length=20)
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
        if found.left_at is None:
            raise forms.ValidationError(_t("탈퇴를 신청하지 않은 회원입니다."))
        return found

    def clean(self) -> dict:
        data = super().clean()
        member = data.get("username")
        if member and data.get("confirmation", "").strip().lower() != member.username:
            self.add_error("confirmation", _t("아이디와 다릅니다."))
        return data


def erase_member_view(request):
    """Asks who (GET), and erases him (POST)."""
    if not is_owner(request.user):
        raise PermissionDenied
    form = EraseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        member = form.cleaned_data["username"]
        erase_member(member=member)
        words = _t("탈퇴한 회원의 개인정보를 지웠습니다: %d번 회원") % member.pk
        messages.success(request, words)
        return redirect("admin:accounts_member_changelist")
    leaving = Member.objects.filter(left_at__isnull=False, erased_at=None).order_by("left_at", "pk")
    context = {
        **admin.site.each_context(request),
        "title": _t("탈퇴한 회원의 개인정보 바로 삭제"),
        "form": form,
        "opts": Member._meta,
        "leavers": [
            f"{member.username} · {member.nickname} · {timezone.localtime(member.left_at):%Y-%m-%d}"
            for member in leaving[:SHOWN]
        ],
    }
    return render(request, PAGE, context, status=422 if form.errors else 200)
