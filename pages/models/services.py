"""What the owner enters for search engines, statistics and advertising."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import MEMBER_LEVEL, OWNER_LEVEL
from boardsite.models import OneRow

EVERYBODY = 0
"""As `no_ads_from_level`: all members see ads too."""


class ServiceSettings(OneRow):
    """Codes and identifiers only: the site writes the tags itself (pages.text)."""

    naver_verification = models.CharField(_("네이버 서치어드바이저"), max_length=80, blank=True)
    google_verification = models.CharField(_("구글 서치 콘솔"), max_length=80, blank=True)
    bing_verification = models.CharField(_("Bing 웹마스터 도구"), max_length=80, blank=True)
    robots_lines = models.TextField(
        _("추가할 줄(robots.txt)"),
        max_length=5_000,
        blank=True,
        help_text=_(
            "User-agent, Allow, Disallow, Crawl-delay, Sitemap, Clean-param만 쓸 수 있습니다. "
            "User-agent 앞에 쓴 줄은 모든 로봇에 적용됩니다."
        ),
    )

    ga_id = models.CharField(_("구글 애널리틱스(GA4) 측정 ID"), max_length=30, blank=True)
    naver_analytics_id = models.CharField(_("네이버 애널리틱스 발급 ID"), max_length=40, blank=True)
    plausible_domain = models.CharField(_("Plausible 도메인"), max_length=200, blank=True)
    plausible_host = models.CharField(_("Plausible 서버"), max_length=250, blank=True)
    umami_id = models.CharField(_("Umami 웹사이트 ID"), max_length=40, blank=True)
    umami_host = models.CharField(_("Umami 서버"), max_length=250, blank=True)
    respects_do_not_track = models.BooleanField(
        _("추적 안 함(DNT·GPC) 존중"),
        default=True,
        help_text=_("브라우저에서 추적을 거부한 방문자는 세지 않습니다."),
    )
    counts_members = models.BooleanField(
        _("로그인한 회원도 세기"),
        default=False,
        help_text=_(
            "켜면 통계 서비스의 스크립트가 회원이 보는 페이지에서도 실행되고, 그 페이지의 내용을 읽을 수 있습니다. "
            "손님도 읽을 수 있는 게시판에서만 실행되고, 운영진에게는 언제나 실행되지 않습니다."
        ),
    )

    adsense_publisher = models.CharField(_("애드센스 게시자 ID"), max_length=30, blank=True)
    no_ads_from_level = models.PositiveSmallIntegerField(
        _("이 레벨부터 광고 없음"),
        default=MEMBER_LEVEL,
        choices=[
            (EVERYBODY, _("모든 회원에게 광고")),
            *((level, level) for level in range(MEMBER_LEVEL, OWNER_LEVEL + 1)),
        ],
        help_text=_(
            "손님은 언제나 광고를 보고, 운영진은 보지 않습니다. 회원에게는 손님도 읽을 수 있는 게시판에서만 보입니다. "
            "애드센스와 애드핏의 스크립트는 그 페이지의 내용을 읽을 수 있습니다."
        ),
    )
    ads_txt = models.TextField(
        _("광고 판매자 목록(ads.txt)"),
        max_length=50_000,
        blank=True,
        help_text=_("광고 회사가 알려 준 줄을 그대로 붙여 넣으세요. 비우면 /ads.txt가 없습니다."),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("검색 엔진·통계·광고")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)
