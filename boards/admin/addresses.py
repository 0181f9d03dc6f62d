"""Where a post or comment was written from, and what else came from the same IP address.

For staff who may view addresses, and each look is recorded: the page first asks, and only a POST
shows anything. A page of its own, because `accounts` knows no posts.
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.actions.addresses import record_look
from accounts.models import AddressBlock, AuthorAddress, Member, MemberSettings
from accounts.permissions import MemberRequest, may_view_addresses
from accounts.queries.address_blocks import read_address
from accounts.queries.addresses import NEWEST, Seen, addresses_of, with_their_rows
from boards.models import Comment, Post
from boardsite.admin_menu import Page, register

register(
    Page("find_address", _("IP 주소로 찾기"), may_view_addresses, "아이피 같은 주소 접속 기록")
)

PAGE = "admin/boards/look_at_addresses.html"
Kind = AuthorAddress.Kind
LOOKS = {"post": Kind.POST, "comment": Kind.COMMENT, "member": None}


class AddressForm(forms.Form):
    """An address to search for, normalised."""

    address = forms.CharField(label=_("IP 주소"), max_length=45)

    def clean_address(self) -> str:
        address = read_address(self.cleaned_data["address"].strip())
        if address is None:
            raise forms.ValidationError(_("IP 주소가 아닙니다. 예: 203.0.113.7, 2001:db8::7"))
        return str(address)


def look_at_addresses(request: MemberRequest, kind: str, number: int) -> HttpResponse:
    """The addresses of a post, of a comment, or the latest of a member. GET asks, POST shows."""
    about = _about(request, kind, number)
    shown: list[Seen] | None = None
    if request.method == "POST":
        rows = AuthorAddress.objects.order_by("-pk")
        chosen = LOOKS[kind]
        one = {"member": number} if chosen is None else {"kind": chosen, "number": number}
        record_look(by=request.user, about=about)
        shown = with_their_rows(addresses_of(rows.filter(**one)[:NEWEST]))
    context = {"title": _t("IP 주소: %s") % about, "about": about, "seen": _described(shown)}
    return _page(request, context)


def find_address(request: MemberRequest) -> HttpResponse:
    """What came from an address that is typed in, as the police or another site names it."""
    if not may_view_addresses(request.user):
        raise PermissionDenied
    form = AddressForm(request.POST if request.method == "POST" else None)
    shown: list[Seen] | None = None
    if form.is_valid():
        record_look(by=request.user, about=_t("주소로 찾기"))
        shown = with_their_rows([form.cleaned_data["address"]])
    context = {"title": _t("IP 주소로 찾기"), "form": form, "seen": _described(shown)}
    return _page(request, context, status=422 if form.errors else 200)


def _about(request: MemberRequest, kind: str, number: int) -> str:
    """The place of what is looked at, without names. Raises PermissionDenied and Http404."""
    if not may_view_addresses(request.user) or kind not in LOOKS:
        raise PermissionDenied
    if kind == "member":
        if not Member.objects.filter(pk=number).exists():
            raise Http404
        return _t("회원 %d번") % number
    [place] = _places({(LOOKS[kind], number)}).values() or [None]
    if place is None:
        raise Http404
    return place[0]


def _places(keys: Iterable[tuple[str | None, int | None]]) -> dict[tuple, tuple[str, str]]:
    """(kind, number) → what it is, and its address on the site. Two queries."""
    numbers: dict[str, set[int]] = {kind: set() for kind in Kind}
    for kind, number in keys:
        if kind is not None and number is not None:
            numbers[kind].add(number)
    posts = Post.objects.filter(pk__in=numbers[Kind.POST]).select_related("board")
    comments = Comment.objects.filter(pk__in=numbers[Kind.COMMENT]).select_related("post__board")
    places: dict[tuple, tuple[str, str]] = {}
    for post in posts:
        words = {"board": post.board.name, "number": post.number}
        name = _t("%(board)s %(number)d번 글") % words
        places[Kind.POST, post.pk] = name, post.get_absolute_url()
    for comment in comments:
        words = {"board": comment.post.board.name, "number": comment.post.number}
        name = _t("%(board)s %(number)d번 글의 댓글") % words
        places[Kind.COMMENT, comment.pk] = name, comment.get_absolute_url()
    return places


def _described(seen: list[Seen] | None) -> list[dict[str, Any]] | None:
    """Each address, with one line for each row that came from it."""
    if seen is None:
        return None
    places = _places((row.kind, row.number) for each in seen for row in each.rows)
    gone = _t("지워진 글이나 댓글")
    return [
        {
            "address": each.address,
            "rows": [
                {
                    "at": row.at,
                    "member": row.member,
                    "what": _t("로그인")
                    if row.kind == Kind.LOG_IN
                    else places.get((row.kind, row.number), (gone, ""))[0],
                    "url": places.get((row.kind, row.number), ("", ""))[1],
                }
                for row in each.rows
            ],
        }
        for each in seen
    ]


def _page(request: MemberRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    blocks = admin.site.get_model_admin(AddressBlock)
    more = {
        **admin.site.each_context(request),
        "opts": Member._meta,
        "days": MemberSettings.known().address_days,
        "may_block": blocks.has_add_permission(request),
        "scopes": AddressBlock.Scope.choices,
    }
    return render(request, PAGE, {"form": None, "about": "", **more, **context}, status=status)
