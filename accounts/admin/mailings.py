"""회원메일발송 in the admin: write, try, send, pause; and the addresses to which no mail gets."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.actions import mailings as actions
from accounts.admin.owners import OwnersOnly
from accounts.mails.mailings import compose_mailing, subject_of
from accounts.mails.outgoing import send_now
from accounts.models import Bounce, Mailing
from accounts.permissions import Refused
from accounts.queries import recipients
from boardsite.dates import full_date
from boardsite.jinja import draw
from boardsite.limits.rate_limit import hit
from boardsite.models import MailSettings
from boardsite.rich_text import RichTextField

State = Mailing.State
TRIES, TRIES_SECONDS = 20, 600
WRITTEN = [
    *("kind", "subject", "html"),
    *("min_level", "max_level", "circle", "visited", "visited_days"),
]


class MailingForm(forms.ModelForm):
    html = RichTextField(
        label=_("내용"),
        help_text=_("{별명}, {아이디}: 받는 회원의 것으로 바뀝니다. 제목에도 쓸 수 있습니다."),
    )

    class Meta:
        model = Mailing
        fields = WRITTEN

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if "circle" in self.fields:
            known = recipients.circles.choices() if recipients.circles else []
            self.fields["circle"] = forms.ChoiceField(
                label=_("게시판 그룹"),
                required=False,
                choices=[("", _("모든 회원")), *known],
                help_text=_("그룹 회원과 그룹 관리자에게만 보냅니다."),
            )

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if (data.get("min_level") or 0) > (data.get("max_level") or 99):
            self.add_error("max_level", _("가장 낮은 레벨보다 낮을 수 없습니다."))
        return data


@admin.register(Mailing)
class MailingAdmin(OwnersOnly, admin.ModelAdmin):
    form = MailingForm
    keywords = "회원메일발송 회원메일 단체 메일 대량 메일 메일링 뉴스레터 광고 메일 이메일 발송"
    change_form_template = "admin/accounts/mailing/change_form.html"
    fieldsets = [
        (None, {"fields": ["kind", "subject", "html"]}),
        (
            _("받는 회원"),
            {
                "description": _(
                    "탈퇴하거나 정지된 회원, 승인을 기다리는 회원, 메일이 가지 않는 주소에는 보내지 않습니다."
                ),
                "fields": ["min_level", "max_level", "circle", "visited", "visited_days"],
            },
        ),
    ]
    list_display = ["subject", "kind_name", "progress", "started"]
    actions = None
    list_per_page = 50

    # -- Permissions: what has been started is not changed any more
    def has_change_permission(self, request, obj=None):
        is_draft = obj is None or obj.state == State.DRAFT
        return is_draft and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        is_draft = obj is None or obj.state == State.DRAFT
        return is_draft and super().has_delete_permission(request, obj)

    def get_fieldsets(self, request, obj=None):
        """A mailing that has been started is shown as it is sent."""
        if obj is None or obj.state == State.DRAFT:
            return self.fieldsets
        chosen = ["min_level", "max_level", "circle_name", "visited", "visited_days"]
        return [
            (None, {"fields": ["kind", "subject", "body"]}),
            (_("받는 회원"), {"fields": chosen}),
        ]

    def get_readonly_fields(self, request, obj=None):
        return [] if obj is None or obj.state == State.DRAFT else ["body", "circle_name"]

    # -- What the list and the form show
    @admin.display(description=_("내용"))
    def body(self, mailing: Mailing) -> str:
        return draw("ui/body.jinja", html=mailing.html)

    @admin.display(description=_("게시판 그룹"))
    def circle_name(self, mailing: Mailing) -> str:
        known = dict(recipients.circles.choices()) if recipients.circles else {}
        return known.get(mailing.circle, "-")

    @admin.display(description=_("종류"), ordering="kind")
    def kind_name(self, mailing: Mailing) -> str:
        return str(mailing.get_kind_display()).partition(":")[0]

    @admin.display(description=_("상태"), ordering="state")
    def progress(self, mailing: Mailing) -> str:
        state = str(mailing.get_state_display())
        if mailing.state == State.DRAFT:
            return state
        counts = {"done": f"{mailing.settled_count:,}", "all": f"{mailing.recipient_count:,}"}
        return f"{state} · " + _t("%(done)s/%(all)s명") % counts

    @admin.display(description=_("시작한 시각"), ordering="started_at")
    def started(self, mailing: Mailing) -> str:
        return full_date(mailing.started_at) or "-"

    def save_model(self, request, obj, form, change):
        if not change:
            obj.created_by = request.user
        super().save_model(request, obj, form, change)

    def response_add(self, request, obj, post_url_continue=None):
        """Leads to the page where it is tried and started."""
        self.message_user(
            request, _t("저장했습니다. 이제 시험 메일을 보내 보세요."), messages.SUCCESS
        )
        return redirect("admin:accounts_mailing_change", obj.pk)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        mailing = self.get_object(request, object_id) if object_id else None
        context: dict[str, Any] = {"mailing": mailing}
        if mailing and self.has_view_permission(request):
            context |= {
                "address": request.user.email,
                "is_night": mailing.kind == Mailing.Kind.ADVERT and actions.is_night(),
                "per_minute": MailSettings.known().mails_per_minute,
                "percent": _percent(mailing),
            }
        return super().changeform_view(
            request, object_id, form_url, context | (extra_context or {})
        )

    # -- Operations
    def get_urls(self):
        operations = {
            "try": self.try_view,
            "start": self.start_view,
            "pause": self.pause_view,
            "resume": self.resume_view,
        }
        own = [
            path(
                f"<int:pk>/{name}/",
                self.admin_site.admin_view(view),
                name=f"accounts_mailing_{name}",
            )
            for name, view in operations.items()
        ]
        return [*own, *super().get_urls()]

    def try_view(self, request, pk: int):
        """POST: sends the mail to the owner alone, as that member would get it."""
        mailing = self._found(request, pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        back = redirect("admin:accounts_mailing_change", pk)
        if not hit(f"try_mailing:{request.user.pk}", TRIES, TRIES_SECONDS):
            words = _t("시험 메일을 너무 자주 보냈습니다. 잠시 후 다시 해 주세요.")
            self.message_user(request, words, messages.WARNING)
        elif send_now(compose_mailing(mailing, request.user), "a test of a mailing"):
            words = _t("%s 주소로 시험 메일을 보냈습니다.") % request.user.email
            self.message_user(request, words, messages.SUCCESS)
        else:
            words = format_html(
                '{} <a href="{}">{}</a>',
                _t("시험 메일을 보내지 못했습니다."),
                reverse("admin:boardsite_mailsettings_changelist"),
                _t("메일 서버 확인하기"),
            )
            self.message_user(request, words, messages.ERROR)
        return back

    def start_view(self, request, pk: int):
        """Shows who will get what; POST starts it."""
        mailing = self._found(request, pk)
        if mailing.state != State.DRAFT:
            return redirect("admin:accounts_mailing_change", pk)
        count = recipients.recipients(mailing).count()
        if request.method == "POST" and count:
            return self._do(request, pk, actions.start_mailing, mailing, _t("보내기 시작했습니다."))
        context = {
            **self.admin_site.each_context(request),
            "title": _t("보내기 전에 확인하기"),
            "opts": self.opts,
            "mailing": mailing,
            "count": count,
            "subject": subject_of(mailing, request.user),
            "minutes": -(-count // MailSettings.known().mails_per_minute),
        }
        return render(request, "admin/accounts/mailing/start.html", context)

    def pause_view(self, request, pk: int):
        return self._post(request, pk, actions.pause_mailing, _t("멈췄습니다."))

    def resume_view(self, request, pk: int):
        return self._post(request, pk, actions.resume_mailing, _t("이어서 보냅니다."))

    def _post(self, request, pk: int, action, words: str):
        mailing = self._found(request, pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        return self._do(request, pk, action, mailing, words)

    def _do(self, request, pk: int, action, mailing: Mailing, words: str):
        try:
            action(mailing=mailing)
        except Refused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
        else:
            self.log_change(request, mailing, words)
            self.message_user(request, words, messages.SUCCESS)
        return redirect("admin:accounts_mailing_change", pk)

    def _found(self, request, pk: int) -> Mailing:
        if not self.has_view_permission(request):
            raise PermissionDenied
        mailing = Mailing.objects.filter(pk=pk).first()
        if mailing is None:
            raise Http404
        return mailing


def _percent(mailing: Mailing) -> int:
    return 100 * mailing.settled_count // max(1, mailing.recipient_count)


@admin.register(Bounce)
class BounceAdmin(OwnersOnly, admin.ModelAdmin):
    """Deleting a row sends mails to that address again."""

    keywords = "반송 수신 실패 이메일"
    list_display = ["member", "email", "response", "refused"]
    list_display_links = None
    list_select_related = ["member"]
    list_per_page = 100
    search_fields = ["=email", "=member__username", "=member__nickname"]
    show_full_result_count = False
    actions = ["mail_again"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return obj is None and super().has_change_permission(request)

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_("거절된 시각"), ordering="at")
    def refused(self, bounce: Bounce) -> str:
        return full_date(bounce.at)

    @admin.action(description=_("다시 메일을 보내기"), permissions=["change"])
    def mail_again(self, request, queryset):
        count, _by_model = queryset.delete()
        words = _t("주소 %s개에 다시 메일을 보냅니다.") % f"{count:,}"
        self.message_user(request, words, messages.SUCCESS)
