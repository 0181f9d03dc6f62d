"""The admin pages of legal texts and of consents to marketing."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.actions.consents import publish_text, remind_of_marketing
from accounts.admin.owners import OwnersOnly
from accounts.models import Consent, LegalText
from accounts.permissions import is_owner
from accounts.queries.legal_texts import TWO_YEARS
from boardsite.rich_text import RichTextField
from boardsite.text import richtext


class LegalTextForm(forms.ModelForm):
    """A version in plain text becomes HTML when it is edited."""

    text = RichTextField(
        label=_("내용"),
        help_text=_("저장하면 새 버전으로 게시됩니다. 회원이 동의한 이전 버전은 그대로 남습니다."),
    )

    class Meta:
        model = LegalText
        fields = ["kind", "text", "needs_consent"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and not self.instance.is_html:
            self.initial["text"] = richtext.from_plain(self.instance.text)

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        kind = data.get("kind") or self.instance.kind
        if kind == LegalText.Kind.MARKETING and data.get("needs_consent"):
            self.add_error(
                "needs_consent",
                _("광고성 정보를 받는 것은 회원이 고르는 것이라 요구할 수 없습니다."),
            )
        if kind == LegalText.Kind.POLICY and data.get("needs_consent"):
            words = _("처리방침은 알리는 글입니다. 동의는 '개인정보 수집 및 이용'에 받습니다.")
            self.add_error("needs_consent", words)
        return data


@admin.register(LegalText)
class LegalTextAdmin(OwnersOnly, admin.ModelAdmin):
    """Saving a text publishes it as the next version; earlier versions stay unchanged."""

    keywords = "이용약관 개인정보 처리방침 동의서 회원가입약관"
    form = LegalTextForm
    fields = ["kind", "text", "needs_consent"]
    list_display = ["__str__", "published_at", "needs_consent", "consent_count"]
    list_filter = ["kind"]
    ordering = ["kind", "-version"]

    def has_delete_permission(self, request, obj=None):
        return False

    def get_readonly_fields(self, request, obj=None):
        return ["kind"] if obj else []

    def get_queryset(self, request):
        given = Consent.objects.filter(text=OuterRef("pk"), withdrawn_at=None).order_by()
        members = given.values("text").annotate(count=Count("member", distinct=True))
        count = Coalesce(Subquery(members.values("count")), 0)
        return super().get_queryset(request).annotate(consents=count)

    @admin.display(description=_("동의한 회원"))
    def consent_count(self, text):
        return text.consents

    def save_model(self, request, obj, form, change):
        published = publish_text(
            kind=obj.kind, text=obj.text, needs_consent=obj.needs_consent, is_html=True
        )
        obj.pk, obj.version = published.pk, published.version


class DueFilter(admin.SimpleListFilter):
    """By default the list shows the members whom the owner must remind."""

    title = _("마지막으로 확인한 시각")
    parameter_name = "confirmed"

    def lookups(self, request, model_admin):
        return [("all", _("모두"))]

    def choices(self, changelist):
        due, everybody = super().choices(changelist)
        yield due | {"display": _("2년이 넘음")}
        yield everybody

    def queryset(self, request, queryset):
        if self.value() == "all":
            return queryset
        return queryset.filter(confirmed_at__lt=timezone.now() - TWO_YEARS)


@admin.register(Consent)
class MarketingConsentAdmin(OwnersOnly, admin.ModelAdmin):
    """Members who get marketing. Every two years they must be reminded of their consent (정보통신망법
    제50조 제8항)."""

    keywords = "마케팅 광고 수신 동의 기록"
    list_display = ["member", "given", "confirmed"]
    list_display_links = None
    fields = ["member", "kind", "text", "given_at", "confirmed_at"]
    list_filter = [DueFilter]
    list_select_related = ["member"]
    list_per_page = 100
    ordering = ["confirmed_at", "pk"]
    search_fields = ["=member__username", "=member__nickname"]
    show_full_result_count = False
    actions = ["remind"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        """The rows are proofs: read-only, with an action that sends reminders."""
        return obj is None and is_owner(request.user)

    def has_delete_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        kind = Consent.Kind.MARKETING
        given = super().get_queryset(request).filter(kind=kind, withdrawn_at=None)
        return given.filter(member__is_active=True, member__left_at=None)

    def changelist_view(self, request, extra_context=None):
        title = _("광고성 정보 수신 동의")
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    @admin.display(description=_("동의한 시각"), ordering="given_at")
    def given(self, consent: Consent) -> str:
        return f"{timezone.localtime(consent.given_at):%Y-%m-%d}"

    @admin.display(description=_("다시 확인한 시각"), ordering="confirmed_at")
    def confirmed(self, consent: Consent) -> str:
        return f"{timezone.localtime(consent.confirmed_at):%Y-%m-%d}"

    @admin.action(description=_("동의한 사실을 메일로 알리기"), permissions=["change"])
    def remind(self, request, queryset):
        sent = [remind_of_marketing(consent=consent) for consent in queryset]
        if any(sent):
            words = _t("회원 %d명에게 메일을 보냈습니다.") % sum(sent)
            self.message_user(request, words, messages.SUCCESS)
        if not all(sent):
            words = _t("회원 %d명에게는 메일을 보내지 못했습니다. 잠시 후 다시 해 주세요.")
            self.message_user(request, words % sent.count(False), messages.ERROR)
