"""계정 합치기: the owner compares two accounts and enters the 아이디 of the one to dissolve.

A page of its own instead of an action of MemberAdmin, because `accounts` may not import `boards`.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.actions.merging import ask_mergeable
from accounts.models import Member
from accounts.permissions import Refused, is_owner
from boards.actions.merging import merge_members
from boards.models import Board, BoardGroup, CommentVote, PostVote, Scrap
from boardsite.admin_menu import Page, register

PAGE = "admin/boards/merge_members.html"
register(Page("merge_members", _("계정 합치기"), is_owner, "중복 아이디 다중 계정"))


class PickForm(forms.Form):
    """The two accounts, each by its 아이디."""

    kept = forms.CharField(label=_("남길 계정의 아이디"), max_length=20)
    gone = forms.CharField(label=_("없앨 계정의 아이디"), max_length=20)

    def clean_kept(self) -> Member:
        return _member(self.cleaned_data["kept"])

    def clean_gone(self) -> Member:
        return _member(self.cleaned_data["gone"])


class MergeForm(PickForm):
    """The second step: the 아이디 of the account to dissolve must be entered again."""

    confirmation = forms.CharField(
        label=_("확인"),
        max_length=20,
        required=False,
        help_text=_("되돌릴 수 없습니다. 없앨 계정의 아이디를 한 번 더 쓰세요."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        gone = data.get("gone")
        if gone and data.get("confirmation", "").strip().lower() != gone.username:
            self.add_error("confirmation", _t("없앨 계정의 아이디와 다릅니다."))
        return data


def merge_members_view(request):
    """GET asks for the accounts and compares them; POST merges them."""
    if not is_owner(request.user):
        raise PermissionDenied
    asked = request.POST if request.method == "POST" else request.GET
    picked = PickForm(asked if {"kept", "gone"} & asked.keys() else None)
    if not picked.is_valid():
        return _page(request, picked, status=422 if picked.is_bound else 200)
    kept, gone = picked.cleaned_data["kept"], picked.cleaned_data["gone"]
    try:
        ask_mergeable(kept=kept, gone=gone, by=request.user)
        form = MergeForm(request.POST if request.method == "POST" else None, initial=asked.dict())
        if not form.is_valid():
            status = 422 if form.is_bound else 200
            sides = [_side(kept, _t("남길 계정")), _side(gone, _t("없앨 계정"))]
            return _page(request, picked, status=status, form=form, sides=sides)
        words = {"gone": gone.username, "kept": kept.username}
        merge_members(kept=kept, gone=gone, by=request.user)
    except Refused as refusal:
        picked.add_error(None, str(refusal))
        return _page(request, picked, status=422)
    messages.success(request, _t("두 계정을 합쳤습니다: %(gone)s → %(kept)s") % words)
    return redirect("admin:accounts_member_change", kept.pk)


def _member(username: str) -> Member:
    found = Member.objects.filter(username=username.strip().lower()).first()
    if found is None:
        raise forms.ValidationError(_t("그런 아이디의 회원이 없습니다."))
    return found


def _side(member: Member, title: str) -> dict:
    """The details of one account that help to tell the two apart."""
    boards = Board.objects.filter(moderators=member).count()
    groups = BoardGroup.objects.filter(Q(moderators=member) | Q(members=member)).distinct().count()
    votes = PostVote.objects.filter(member=member).count()
    votes += CommentVote.objects.filter(member=member).count()
    seen = member.last_login
    rows = [
        (_t("아이디"), member.username),
        (_t("별명"), member.nickname),
        ("E-mail", member.email),
        (_t("가입일"), f"{timezone.localtime(member.date_joined):%Y-%m-%d}"),
        (_t("마지막 로그인"), f"{timezone.localtime(seen):%Y-%m-%d}" if seen else "-"),
        (_t("레벨"), member.level),
        (_t("글"), f"{member.post_count:,}"),
        (_t("댓글"), f"{member.comment_count:,}"),
        (_t("포인트"), f"{member.points:,}"),
        (_t("추천·비추천"), f"{votes:,}"),
        (_t("스크랩"), f"{Scrap.objects.filter(member=member).count():,}"),
        (_t("맡은 게시판과 그룹"), f"{boards + groups:,}"),
    ]
    return {"title": title, "rows": rows}


def _page(request, picked: PickForm, *, status: int, **more):
    context = {
        **admin.site.each_context(request),
        "title": _t("계정 합치기"),
        "picked": picked,
        "opts": Member._meta,
        **more,
    }
    return render(request, PAGE, context, status=status)
