"""메모와 기록: the staff's notes about a member and the member's record, on a page of their own.

For staff who may view members. The member cannot see it anywhere."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.actions.notes import delete_note, write_note
from accounts.models import Member, MemberEvent, MemberNote
from accounts.permissions import is_owner

PAGE_SIZE = 50  # lines of the record per page
NEWEST = 10  # lines of the record on the member's admin page
NOTES = 100  # newest notes that are shown


class NoteForm(forms.ModelForm):
    class Meta:
        model = MemberNote
        fields = ["text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}


class MemberRecord(admin.ModelAdmin):
    """The part of MemberAdmin for notes and the record."""

    def get_urls(self):
        own = path(
            "<int:pk>/record/",
            self.admin_site.admin_view(self.record_view),
            name="accounts_member_record",
        )
        return [own, *super().get_urls()]

    def get_fieldsets(self, request, obj=None):
        """Hides the notes about oneself except from site owners, because they are written for the
        other staff."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or _may_know(request.user, obj.pk):
            return fieldsets
        hidden = {"newest_notes", "newest_events"}
        return [
            (name, {**words, "fields": [each for each in words["fields"] if each not in hidden]})
            for name, words in fieldsets
        ]

    def record_view(self, request, pk: int):
        """Shows both; accepts a new note, or the id of a note to delete."""
        if not (self.has_view_permission(request) and _may_know(request.user, pk)):
            raise PermissionDenied
        member = self.get_queryset(request).filter(pk=pk).first()
        if member is None:
            raise Http404
        form = NoteForm()
        if request.method == "POST":
            if "delete" in request.POST:
                return self._delete_note(request, member)
            form = NoteForm(request.POST)
            if form.is_valid():
                write_note(member=member, text=form.cleaned_data["text"], by=request.user)
                return redirect("admin:accounts_member_record", pk)
        notes = list(member.notes.select_related("by").order_by("-pk")[:NOTES])
        for note in notes:
            note.is_own = note.by_id == request.user.pk or request.user.is_superuser
        context = {
            **self.admin_site.each_context(request),
            "title": _t("메모와 기록"),
            "opts": self.opts,
            "member": member,
            "form": form,
            "notes": notes,
            "page": Paginator(_events(member), PAGE_SIZE).get_page(request.GET.get("page")),
        }
        status = 422 if form.is_bound else 200
        return render(request, "admin/accounts/member/record.html", context, status=status)

    def _delete_note(self, request, member: Member):
        pk = request.POST["delete"]
        note = member.notes.filter(pk=pk).first() if pk.isdecimal() else None
        if note is not None:  # None: already deleted by an earlier submission
            delete_note(note=note, by=request.user)
            messages.success(request, _t("메모를 지웠습니다."))
        return redirect("admin:accounts_member_record", member.pk)

    @admin.display(description=_("메모"))
    def newest_notes(self, member: Member) -> str:
        if member.pk is None:
            return "-"
        rows = [
            (_moment(note.at), note.by or "-", note.text)
            for note in member.notes.select_related("by").order_by("-pk")[:NEWEST]
        ]
        return self._with_link(member, rows, _t("메모 쓰기와 삭제"))

    @admin.display(description=_("있었던 일"))
    def newest_events(self, member: Member) -> str:
        if member.pk is None:
            return "-"
        rows = [
            (_moment(event.at), event.get_kind_display(), event.words, _who(event))
            for event in _events(member)[:NEWEST]
        ]
        return self._with_link(member, rows, _t("기록 전체"))

    def _with_link(self, member: Member, rows: list[tuple], words: str) -> str:
        """Escaped rows as a list, followed by the link to the page."""
        lines = format_html_join(
            "", "<li>{}</li>", ((" · ".join(str(part) for part in row if part),) for row in rows)
        )
        address = reverse("admin:accounts_member_record", args=[member.pk])
        shown = format_html('<ul class="member-lines">{}</ul>', lines) if rows else ""
        return format_html('<div>{}<a href="{}">{}</a></div>', shown, address, words)


def _may_know(staff: Member, pk: int) -> bool:
    return pk != staff.pk or is_owner(staff)


def _events(member: Member):
    return MemberEvent.objects.filter(member=member).select_related("by").order_by("-pk")


def _who(event: MemberEvent) -> str:
    return _t("처리한 사람: %s") % event.by if event.by else ""


def _moment(at) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
