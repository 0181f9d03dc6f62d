"""The owner's desk for the texts that members agree to, and for who agreed to get marketing."""

from datetime import timedelta

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.actions.consents import publish_text, remind_of_marketing
from accounts.admin.owners import OwnersOnly
from accounts.models import Consent, LegalText
from accounts.permissions import is_owner

TWO_YEARS = timedelta(days=730)


class LegalTextForm(forms.ModelForm):
    class Meta:
        model = LegalText
        fields = ["kind", "text", "needs_consent"]
        widgets = {"text": AdminTextareaWidget(attrs={"rows": 24})}
        help_texts = {
            "text": _("저장하면 새 판으로 게시됩니다. 회원이 동의한 옛 판은 그대로 남습니다.")
        }

    def clean(self) -> dict:
        data = super().clean()
        kind = data.get("kind") or self.instance.kind
        if kind == LegalText.Kind.MARKETING and data.get("needs_consent"):
            self.add_error(
                "needs_consent",
                _("광고성 정보를 받는 것은 회원이 고르는 것이라 요구할 수 없습니다."),
            )
        return data


@admin.register(LegalText)
class LegalTextAdmin(OwnersOnly, admin.ModelAdmin):
    """Saving a text publishes it as the next version; what was agreed to stays as it was."""

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
    def consent_count(self, text: LegalText) -> int:
        return text.consents

    def save_model(self, request, obj, form, change):
        published = publish_text(kind=obj.kind, text=obj.text, needs_consent=obj.needs_consent)
        obj.pk, obj.version = published.pk, published.version


class DueFilter(admin.SimpleListFilter):
    """By itself the list shows whom the owner must remind."""

    title = _("마지막으로 확인한 때")
    parameter_name = "confirmed"

    def lookups(self, request, model_admin):
        return [("all", _("모두"))]

    def choices(self, changelist):
        due, everybody = super().choices(changelist)
        yield due | {"display": _("두 해가 넘음")}
        yield everybody

    def queryset(self, request, queryset):
        if self.value() == "all":
            return queryset
        return queryset.filter(confirmed_at__lt=timezone.now() - TWO_YEARS)


@admin.register(Consent)
class MarketingConsentAdmin(OwnersOnly, admin.ModelAdmin):
    """Who gets marketing. Every two years he must be told that he agreed (정보통신망법 제50조 제8항)."""

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
        """The rows are proofs: they are looked at, and reminded of from the list."""
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

    @admin.display(description=_("동의한 때"), ordering="given_at")
    def given(self, consent: Consent) -> str:
        return f"{timezone.localtime(consent.given_at):%Y-%m-%d}"

    @admin.display(description=_("다시 확인한 때"), ordering="confirmed_at")
    def confirmed(self, consent: Consent) -> str:
        return f"{timezone.localtime(consent.confirmed_at):%Y-%m-%d}"

    @admin.action(description=_("동의한 사실을 메일로 알리기"), permissions=["change"])
    def remind(self, request, queryset):
        sent = [remind_of_marketing(consent=consent) for consent in queryset]
        if any(sent):
            words = _t("회원 %d명에게 메일을 보냈습니다.") % sum(sent)
            self.message_user(request, words, messages.SUCCESS)
        if not all(sent):
            words = _t("회원 %d명에게는 메일을 보내지 못했습니다. 잠시 뒤에 다시 해 주세요.")
            self.message_user(request, words % sent.count(False), messages.ERROR)
