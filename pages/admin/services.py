"""검색 엔진·통계·광고 in the admin, for owners."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin.owners import OwnersOnly
from boardsite.admin_actions import OneRowAdmin
from pages.forms.ads import AdForm
from pages.forms.services import ServiceSettingsForm
from pages.models import Ad, ServiceSettings


@admin.register(ServiceSettings)
class ServiceSettingsAdmin(OneRowAdmin, OwnersOnly, admin.ModelAdmin):
    keywords = "구글 애널리틱스 네이버 서치어드바이저 메타 태그 애드센스 ads.txt"
    form = ServiceSettingsForm
    fieldsets = [
        (
            _("사이트 소유 확인"),
            {
                "description": _(
                    "검색 엔진에 사이트를 등록할 때 쓰는 인증입니다. 첫 페이지에 태그로, 또는 파일로 나갑니다."
                ),
                "fields": [
                    "naver_verification",
                    "google_verification",
                    "bing_verification",
                    "verification_file",
                ],
            },
        ),
        (_("검색 로봇"), {"fields": ["robots_lines"]}),
        (
            _("접속 통계 서비스"),
            {
                "description": _(
                    "ID만 적으면 됩니다. 손님이 읽을 수 있는 페이지에만 들어가고, 로그인·가입·쪽지·관리 화면 같은 "
                    "페이지에는 들어가지 않습니다. 쓰는 서비스를 개인정보 처리방침에도 적어 주세요."
                ),
                "fields": [
                    "ga_id",
                    "naver_analytics_id",
                    "plausible_domain",
                    "plausible_host",
                    "umami_id",
                    "umami_host",
                    "respects_do_not_track",
                    "counts_members",
                ],
            },
        ),
        (
            _("광고"),
            {
                "description": _("광고를 넣을 자리는 '광고'에서 정합니다."),
                "fields": ["adsense_publisher", "no_ads_from_level", "ads_txt"],
            },
        ),
    ]


@admin.register(Ad)
class AdAdmin(OwnersOnly, admin.ModelAdmin):
    keywords = "애드센스 애드핏 배너 광고 단위"
    form = AdForm
    list_display = ["name", "place", "kind", "size", "devices", "is_on", "position"]
    list_filter = ["place", "kind"]
    fields = [
        "name",
        "is_on",
        ("place", "position"),
        "kind",
        "unit",
        "html",
        ("width", "height"),
        "devices",
    ]

    @admin.display(description=_("크기"))
    def size(self, ad: Ad) -> str:
        return f"{ad.width} × {ad.height}"
