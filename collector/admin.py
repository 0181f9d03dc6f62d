"""수집할 곳 in the admin, with what became of each."""

from django.contrib import admin, messages
from django.db import models
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from boardsite.admin_actions import OnlyAllowedActions, ReadOnly
from collector.models import SeenEntry, Source


@admin.register(Source)
class SourceAdmin(OnlyAllowedActions, admin.ModelAdmin):
    list_display = ["name", "board", "shows", "is_on", "ran_at", "next_at", "state"]
    list_filter = ["is_on", "board"]
    search_fields = ["name", "address"]
    readonly_fields = ["ran_at", "next_at", "state"]
    actions = ["collect_now"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    fieldsets = [
        (None, {"fields": ["name", "address", "is_on", "board", "category", "member"]}),
        (_("권리"), {"fields": ["shows", "permission", "contact", "licence"]}),
        (_("고르기"), {"fields": ["words_in", "words_out"]}),
        (_("때와 수"), {"fields": ["interval", "hourly_limit", "first_posts"]}),
        (_("상태"), {"fields": ["ran_at", "next_at", "state"]}),
    ]

    @admin.display(description=_("상태"))
    def state(self, source: Source) -> str:
        if source.error:
            return format_html(_("{}번 거듭 실패: {}"), source.failures, source.error)
        return _("괜찮음") if source.ran_at else _("아직 수집하지 않음")

    @admin.action(description=_("곧 수집"), permissions=["change"])
    def collect_now(self, request, queryset) -> None:
        """At the next run of the chore: fetching does not wait in a request."""
        count = queryset.filter(is_on=True).update(next_at=timezone.now(), failures=0)
        messages.success(request, _("%d곳을 5분 안에 수집합니다.") % count)


@admin.register(SeenEntry)
class SeenEntryAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["title", "source", "seen_at", "address", "is_posted"]
    list_display_links = None
    list_filter = ["source"]
    list_select_related = ["source"]
    search_fields = ["title"]

    @admin.display(description=_("올림"), boolean=True)
    def is_posted(self, entry: SeenEntry) -> bool:
        return entry.post_id is not None
