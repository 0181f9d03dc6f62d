"""저작권 신고 in the admin: shows complaints, and answers one with a single button."""

from urllib.parse import quote

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from boardsite.admin_actions import OnlyAllowedActions, ReadOnly
from boardsite.dates import full_date
from collector.actions.complaints import dismiss_complaint, uphold_complaint
from collector.models import Complaint

HANDLED_MEANWHILE = _("이미 처리한 신고입니다.")


class Answer(forms.Form):
    """The answer to a complaint: one of three buttons, and a note."""

    POST, ALL, NOTHING = "post", "all", "nothing"

    answer = forms.ChoiceField(choices=[(each, each) for each in (POST, ALL, NOTHING)])
    note = forms.CharField(required=False, max_length=Complaint._meta.get_field("note").max_length)


@admin.register(Complaint)
class ComplaintAdmin(ReadOnly, OnlyAllowedActions, admin.ModelAdmin):
    """Read-only rows. Staff with permission to change complaints answer them; taking a whole source
    down also needs permission to change sources."""

    keywords = "게시 중단 삭제 요청"
    list_display = ["made_on", "outcome", "source", "post_link", "name"]
    list_filter = ["outcome", "source"]
    list_per_page = 50
    list_select_related = ["source", "post__board"]
    show_full_result_count = False
    change_form_template = "admin/collector/complaint/change_form.html"
    fields = (
        *("outcome", "made_on", "source", "contact", "post_link", "name", "mail_link", "text"),
        *("handled_on", "handled_by", "note"),
    )
    readonly_fields = fields

    def get_fields(self, request, obj=None):
        """Leaves the fields of the answer out until there is one."""
        answered = {"handled_on", "handled_by", "note"}
        is_open = obj is not None and obj.outcome == Complaint.Outcome.OPEN
        return [each for each in self.fields if not (is_open and each in answered)]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("source", "post__board", "handled_by")

    def get_urls(self):
        view = self.admin_site.admin_view(self.answer_view)
        own = path("<int:pk>/answer/", view, name="collector_complaint_answer")
        return [own, *super().get_urls()]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        complaint = self.get_object(request, object_id) if object_id else None
        is_open = complaint is not None and complaint.outcome == Complaint.Outcome.OPEN
        more = {
            "title": _t("저작권 신고"),
            "may_answer": is_open and self._may_answer(request),
            "may_take_all": request.user.has_perm("collector.change_source"),
        }
        return super().changeform_view(request, object_id, form_url, (extra_context or {}) | more)

    def answer_view(self, request, pk: int):
        """POST: hides the post, hides all posts of its source, or dismisses the complaint."""
        if not self._may_answer(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        complaint = self.get_queryset(request).filter(pk=pk).first()
        form = Answer(request.POST)
        if complaint is None:
            raise Http404
        if not form.is_valid():
            self.message_user(request, _t("처리하지 못했습니다. 다시 눌러 주세요."), messages.ERROR)
        elif self._answer(request, complaint, **form.cleaned_data):
            words = complaint.get_outcome_display()
            self.log_change(request, complaint, words)
            self.message_user(request, _t("신고를 처리했습니다: %s") % words, messages.SUCCESS)
        else:
            self.message_user(request, HANDLED_MEANWHILE, messages.WARNING)
        return redirect("admin:collector_complaint_change", pk)

    def _answer(self, request, complaint: Complaint, *, answer: str, note: str) -> bool:
        if answer == Answer.NOTHING:
            return dismiss_complaint(complaint=complaint, by=request.user, note=note)
        is_all = answer == Answer.ALL or complaint.post is None
        if is_all and not request.user.has_perm("collector.change_source"):
            raise PermissionDenied
        return uphold_complaint(complaint=complaint, by=request.user, is_all=is_all, note=note)

    def _may_answer(self, request) -> bool:
        return request.user.has_perm("collector.change_complaint")

    # -- what is shown -----------------------------------------------------------------------------
    @admin.display(description=_("받은 시각"), ordering="made_at")
    def made_on(self, complaint: Complaint) -> str:
        return full_date(complaint.made_at)

    @admin.display(description=_("처리한 시각"))
    def handled_on(self, complaint: Complaint) -> str:
        return full_date(complaint.handled_at) or "-"

    @admin.display(description=_("저작권자 연락처"))
    def contact(self, complaint: Complaint) -> str:
        return complaint.source.contact or "-"

    @admin.display(description=_("답장을 받을 E-mail 주소"))
    def mail_link(self, complaint: Complaint) -> str:
        if not complaint.email:
            return "-"
        return format_html(
            '<a href="mailto:{}">{}</a>', quote(complaint.email, safe="@"), complaint.email
        )

    @admin.display(description=_("글"))
    def post_link(self, complaint: Complaint) -> str:
        if complaint.post is None:
            return "-"
        link = '<a href="{}">{}</a> ({})'
        post = complaint.post
        return format_html(link, post.get_absolute_url(), post.subject, post.get_state_display())
