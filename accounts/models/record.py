"""A member's record and the staff's notes about them."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.members import Member


class MemberEvent(models.Model):
    """One line of a member's record, for the staff. Actions write it; it is never changed."""

    class Kind(models.TextChoices):
        JOINED = "joined", _("가입")
        APPROVED = "approved", _("가입 승인")
        NICKNAME = "nickname", _("별명 변경")
        EMAIL = "email", _("E-mail 변경")
        PASSWORD = "password", _("비밀번호 변경")
        SECURITY = "security", _("로그인 방법 변경")
        DEVICE = "device", _("새 기기 로그인")
        LEVEL = "level", _("레벨 변경")
        ROLES = "roles", _("역할 변경")
        POINTS = "points", _("포인트 조정")
        SUSPENDED = "suspended", _("이용 정지")
        LIFTED = "lifted", _("정지 해제")
        FORBIDDEN = "forbidden", _("허락되지 않은 요청")
        CONSENT = "consent", _("동의")
        LEFT = "left", _("탈퇴 신청")
        RETURNED = "returned", _("탈퇴 취소")
        ERASED = "erased", _("개인정보 삭제")
        MERGED = "merged", _("계정 합침")

    member = models.ForeignKey(Member, models.CASCADE, related_name="events", db_index=False)
    kind = models.CharField(_("일"), max_length=10, choices=Kind)
    words = models.CharField(_("내용"), max_length=300, blank=True)
    by = models.ForeignKey(
        Member, models.SET_NULL, null=True, related_name="+", verbose_name=_("한 사람")
    )
    at = models.DateTimeField(_("시각"), default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("회원에게 있었던 일")
        indexes = [models.Index("member", models.F("id").desc(), name="member_event_newest")]


class MemberNote(models.Model):
    """A staff member's note about a member for the other staff; the member never sees it."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="notes")
    by = models.ForeignKey(
        Member, models.SET_NULL, null=True, related_name="+", verbose_name=_("쓴 사람")
    )
    text = models.TextField(_("메모"), max_length=2_000)
    at = models.DateTimeField(_("쓴 시각"), default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("운영진 메모")
