"""배너관리: the list with what was counted, and the form."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from boardsite.admin_actions import NamedMoments, OnlyAllowedActions
from pages.actions.banners import delete_banner
from pages.forms.banners import BannerForm
from pages.models import Banner
from pages.queries.banners import with_counts

THUMB = 96, 40  # the largest width and height, in pixels


@admin.register(Banner)
class BannerAdmin(NamedMoments, OnlyAllowedActions, admin.ModelAdmin):
    keywords = "배너관리 광고"
    form = BannerForm
    fieldsets = [
        (None, {"fields": ["name", "image", "image_alt", "address", "is_on"]}),
        (
            _("언제, 어디에"),
            {"fields": ["slot", "weight", "starts_at", "ends_at", "devices"]},
        ),
    ]
    list_display = ["name", "picture", "slot", "state", "impressions", "clicks", "rate", "weight"]
    list_filter = ["slot", "is_on"]
    list_select_related = ["image"]
    search_fields = ["name", "address"]

    def get_queryset(self, request):
        return with_counts(super().get_queryset(request))

    @admin.display(description=_("이미지"))
    def picture(self, banner):
        if banner.image is None:
            return "-"
        width, height = banner.image.width, banner.image.height
        scale = min(1, THUMB[0] / width, THUMB[1] / height)
        return format_html(
            '<img src="{}" width="{}" height="{}" alt="{}" loading="lazy">',
            banner.image.url,
            max(1, round(width * scale)),
            max(1, round(height * scale)),
            banner.image.alt,
        )

    @admin.display(description=_("상태"))
    def state(self, banner):
        return banner.state

    @admin.display(description=_("노출"), ordering="impressions")
    def impressions(self, banner):
        return f"{banner.impressions:,}"

    @admin.display(description=_("클릭"), ordering="clicks")
    def clicks(self, banner):
        return f"{banner.clicks:,}"

    @admin.display(description=_("클릭 비율"))
    def rate(self, banner):
        """Of those who were shown it, how many have followed it."""
        if not banner.impressions:
            return "-"
        return f"{100 * banner.clicks / banner.impressions:.1f}%"

    def delete_model(self, request, obj):
        delete_banner(banner=obj)

    def delete_queryset(self, request, queryset):
        for banner in queryset:
            delete_banner(banner=banner)
