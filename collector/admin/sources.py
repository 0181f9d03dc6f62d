"""수집할 곳 in the admin: the sources, the permission of their owners, and how collecting goes."""

from django.contrib import admin, messages
from django.db import models
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from boards.models import Category
from boardsite.admin_actions import OnlyAllowedActions
from boardsite.dates import full_date
from collector.admin.source_form import CategoryField, SourceForm
from collector.admin.source_operations import SourceOperations
from collector.models import Complaint, Source
from collector.queries import with_counts

NEWEST = 10
"""Log lines on the page of a source."""
ANOTHER = {"kind", "address", "link_rule"}
"""After a change of one of these fields the source is a different page, and the stored ETag is
void."""


class StateFilter(admin.SimpleListFilter):
    title = _("상태")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [
            ("on", _t("수집함")),
            ("failing", _t("실패함")),
            ("off", _t("꺼짐")),
            ("taken_down", _t("글을 모두 내림")),
        ]

    def queryset(self, request, queryset):
        match self.value():
            case "on":
                return queryset.filter(is_on=True)
            case "failing":
                return queryset.filter(failures__gt=0)
            case "off":
                return queryset.filter(is_on=False, taken_down_at=None)
            case "taken_down":
                return queryset.exclude(taken_down_at=None)
        return queryset


@admin.register(Source)
class SourceAdmin(OnlyAllowedActions, SourceOperations):
    keywords = "RSS 피드 뉴스 신문 기사 자동 등록"
    form = SourceForm
    list_display = ["name", "state", "board", "posted", "ran_on", "next_on"]
    list_filter = [StateFilter, "shows", "board"]
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_select_related = ["board"]
    search_fields = ["name", "address", "contact"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    change_form_template = "admin/collector/source/change_form.html"
    fieldsets = [
        (None, {"fields": ["name", "kind", "address", "is_on", "board", "category", "member"]}),
        (
            _("기사 찾기"),
            {"fields": ["link_rule", "reads_pages", "body_rule", "cut_rules"]},
        ),
        (
            _("권리"),
            {
                "description": _(
                    "전문이나 사진을 올리려면 저작권자의 허락이 있어야 합니다. 누가 언제 어떻게 허락했는지 적어 두세요."
                ),
                "fields": [
                    *("shows", "pictures", "when_gone"),
                    *("permission", "contact", "licence"),
                ],
            },
        ),
        (_("고르기"), {"fields": ["words_in", "words_out"]}),
        (_("시각과 수"), {"fields": ["interval", "hourly_limit", "first_posts"]}),
    ]
    shown_state = ["state", "ran_on", "next_on", "counts", "complaint_address", "log"]

    def get_fieldsets(self, request, obj=None):
        """The page of an existing source starts with its state."""
        fieldsets = super().get_fieldsets(request, obj)
        return fieldsets if obj is None else [(_("상태"), {"fields": self.shown_state}), *fieldsets]

    def get_readonly_fields(self, request, obj=None):
        return self.shown_state if obj else []

    def get_queryset(self, request):
        return with_counts(super().get_queryset(request))

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "category":
            categories = Category.objects.select_related("board")
            kwargs["queryset"] = categories.order_by("board__name", "board_id", "position", "id")
            kwargs["form_class"] = CategoryField
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_delete_permission(self, request, obj=None):
        """A source with posts cannot be deleted: the posts could no longer be taken down in one
        step."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or not obj.entries.filter(post__isnull=False).exists())

    def save_model(self, request, obj, form, change):
        if obj.shows == Source.Shows.FULL and not obj.permission:
            words = _t(
                "전문을 올리면서 허락을 적지 않았습니다. 저작권자의 허락을 받아 적어 두세요."
            )
            self.message_user(request, words, messages.WARNING)
        if not change:
            super().save_model(request, obj, form, change)
            return
        changed = {*form.changed_data}
        if changed & ANOTHER:
            obj.etag = obj.last_modified = ""
            changed |= {"etag", "last_modified"}
        if changed & {*ANOTHER, "is_on"}:
            obj.failures, obj.error, obj.next_at = 0, "", timezone.now()
            changed |= {"failures", "error", "next_at"}
        if changed:
            obj.save(update_fields=changed)  # a running collector writes the other columns

    # -- columns -----------------------------------------------------------------------------------
    @admin.display(description=_("상태"))
    def state(self, source: Source) -> str:
        if source.taken_down_at:
            return _t("글을 모두 내림 (%s)") % full_date(source.taken_down_at)
        if source.claimed_until > timezone.now():
            return _t("수집하는 중")
        if source.failures:
            failed = _t("{}번 잇달아 실패: {}") if source.failures > 1 else _t("{}번 실패: {}")
            words: str = format_html(failed, source.failures, source.error)
        elif source.error:  # an error of some articles' pages
            words = format_html(_t("일부만 수집함: {}"), source.error)
        else:
            words = _t("괜찮음") if source.ran_at else _t("아직 수집하지 않음")
            return words if source.is_on else _t("꺼짐")
        return words if source.is_on else format_html(_t("꺼짐 · {}"), words)

    @admin.display(description=_("올린 글"))
    def posted(self, source):
        counts = {"all": f"{source.posted_count:,}", "week": f"{source.week_count:,}"}
        return _t("%(all)s개 (최근\N{NO-BREAK SPACE}7일\N{NO-BREAK SPACE}%(week)s개)") % counts

    @admin.display(description=_("마지막 수집"), ordering="ran_at")
    def ran_on(self, source: Source) -> str:
        return full_date(source.ran_at) or "-"

    @admin.display(description=_("다음 수집"), ordering="next_at")
    def next_on(self, source: Source) -> str:
        return full_date(source.next_at) if source.is_on else "-"

    @admin.display(description=_("글"))
    def counts(self, source):
        address = reverse("admin:collector_seenentry_changelist")
        met = f"{source.entry_count:,}"
        words = format_html(_t("올린 글 {}, 본 글 {}개"), self.posted(source), met)
        return format_html('<a href="{}?source__id__exact={}">{}</a>', address, source.pk, words)

    @admin.display(description=_("저작권 신고 주소"))
    def complaint_address(self, source: Source) -> str:
        """The public address for complaints, which stands under each article, and the number of
        open ones."""
        if not source.entries.filter(post__isnull=False).exists():
            return _t("글을 올리면 생깁니다.")
        try:
            address = reverse("complain", args=[source.pk])
        except NoReverseMatch:  # the site does not include the collector's URLs
            return "-"
        waiting = source.complaints.filter(outcome=Complaint.Outcome.OPEN).count()
        link = format_html('<a href="{}">{}</a>', address, address)
        if not waiting:
            return link
        answers = reverse("admin:collector_complaint_changelist")
        words = _t('{} (<a href="{}?source__id__exact={}">처리 전 {}건</a>)')
        return format_html(words, link, answers, source.pk, waiting)

    @admin.display(description=_("기록"))
    def log(self, source: Source) -> str:
        events = source.events.select_related("by")[: NEWEST + 1]
        context = {
            "events": events[:NEWEST],
            "has_more": len(events) > NEWEST,
            "source": source,
        }
        return render_to_string("admin/collector/source/_log.html", context)
