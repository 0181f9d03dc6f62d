"""Joining: the owner's rules, legal texts and consents, invitations."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.members import Member
from boardsite.models import OneRow


class MemberSettings(OneRow):
    """One row: who may join and how, which names and addresses are refused, how members leave."""

    class Captcha(models.TextChoices):
        NONE = "none", _("쓰지 않음")
        WORK = "work", _("기기가 푸는 문제 (HTTPS가 필요)")
        QUESTION = "question", _("운영자가 정한 질문")

    class LeaversPosts(models.TextChoices):
        KEEP = "keep", _("남김 (이름은 삭제)")
        CHOOSE = "choose", _("떠나는 회원이 선택")

    signup_open = models.BooleanField(_("회원가입 받기"), default=True)
    confirms_email = models.BooleanField(
        _("E-mail 확인"),
        default=False,
        help_text=_(
            "켜면 그 뒤에 가입하는 회원은 메일의 링크를 눌러 확인해야 로그인할 수 있습니다."
        ),
    )
    needs_approval = models.BooleanField(_("운영자의 승인을 받아 가입"), default=False)
    needs_invitation = models.BooleanField(_("초대 코드가 있어야 가입"), default=False)
    invitations_per_member = models.PositiveSmallIntegerField(
        _("회원이 만들 수 있는 초대 코드"), default=0, help_text=_("0이면 운영자만 만듭니다.")
    )
    asks_age = models.BooleanField(
        _("만 14세 이상인지 확인"),
        default=True,
        help_text=_("만 14세 미만은 법정대리인의 동의가 있어야 하므로 가입을 받지 않습니다."),
    )
    offers_marketing = models.BooleanField(_("광고성 정보 수신 동의를 물음"), default=False)
    captcha = models.CharField(
        _("자동등록방지"), max_length=8, choices=Captcha, default=Captcha.NONE
    )
    question = models.CharField(_("자동등록방지 질문"), max_length=200, blank=True)
    answer = models.CharField(
        _("질문의 답"), max_length=200, blank=True, help_text=_("여럿이면 쉼표로 나눕니다.")
    )
    refuses_disposable = models.BooleanField(_("일회용 E-mail 주소 거절"), default=False)
    refused_mail = models.TextField(
        _("거절할 메일"),
        blank=True,
        help_text=_("한 줄에 하나. example.com(그 아래 주소 모두) 또는 한 주소 전체."),
    )
    refused_names = models.TextField(
        _("쓸 수 없는 아이디·별명"), blank=True, help_text=_("한 줄에 하나. *는 아무 글자나.")
    )
    nickname_days = models.PositiveSmallIntegerField(
        _("별명을 바꿀 수 있는 간격(일)"), default=60, help_text=_("0이면 언제나.")
    )
    welcome_message = models.TextField(
        _("환영 쪽지"), blank=True, help_text=_("가입한 회원이 받습니다. 비우면 보내지 않습니다.")
    )
    message_days = models.PositiveSmallIntegerField(
        _("쪽지 보관 기간(일)"),
        default=0,
        db_default=0,
        help_text=_(
            "받은 사람이 읽은 지 이만큼 지난 쪽지는 두 쪽지함에서 지웁니다. 0이면 지우지 않습니다."
        ),
    )
    leave_days = models.PositiveSmallIntegerField(
        _("탈퇴 유예 기간(일)"),
        default=30,
        validators=[MaxValueValidator(365)],
        help_text=_("그 사이에는 탈퇴를 취소할 수 있고, 지나면 개인정보를 지웁니다."),
    )
    leavers_posts = models.CharField(
        _("떠난 회원의 글"), max_length=6, choices=LeaversPosts, default=LeaversPosts.KEEP
    )
    address_days = models.PositiveSmallIntegerField(
        _("글쓴이의 IP 주소 보관 기간(일)"),
        default=0,
        db_default=0,
        validators=[MaxValueValidator(365)],
        help_text=_(
            "글, 댓글, 로그인의 IP 주소를 암호화하여 이만큼 둡니다. 0이면 남기지 않습니다. "
            "통신비밀보호법에 따라 접속 기록을 두어야 하는 사업자라면 90으로 해 주세요."
        ),
    )
    must_keep_addresses = models.BooleanField(
        _("법에 따라 IP 주소를 보관해야 함"),
        default=False,
        db_default=False,
        help_text=_("켜면 회원이 탈퇴해도 보관 기간이 끝날 때까지 남깁니다."),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("회원 설정")


class LegalText(models.Model):
    """One version of a legal text. Never changed: a change is a new version."""

    class Kind(models.TextChoices):
        TERMS = "terms", _("회원가입약관")
        PRIVACY = "privacy", _("개인정보 수집 및 이용")  # what members consent to
        POLICY = "policy", _("개인정보 처리방침")  # what the site publishes; nobody consents to it
        MARKETING = "marketing", _("광고성 정보 수신")

    kind = models.CharField(_("종류"), max_length=10, choices=Kind)
    version = models.PositiveIntegerField(_("버전"), editable=False)
    text = models.TextField(_("내용"))
    # Whether `text` is cleaned HTML. Versions from before the editor are plain text.
    is_html = models.BooleanField(default=False, db_default=False, editable=False)
    needs_consent = models.BooleanField(
        _("회원에게 다시 동의를 받음"),
        default=False,
        help_text=_("켜면 회원이 다음에 들어올 때 새 내용을 보고 동의해야 글을 쓸 수 있습니다."),
    )
    published_at = models.DateTimeField(_("게시한 시각"), default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("약관")
        ordering = ["kind", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="legal_text_kind_version")
        ]

    def __str__(self) -> str:
        return _("%(kind)s 버전 %(version)d") % {
            "kind": self.get_kind_display(),
            "version": self.version,
        }


class Consent(models.Model):
    """The consent of a member to `text` (None: the built-in text from before the owner wrote one).

    The row stays after a withdrawal, as a proof of what was allowed when. `confirmed_at` is the
    latest confirmation, at first `given_at` (정보통신망법 제50조 제8항: every two years for marketing)."""

    class Kind(models.TextChoices):
        TERMS = "terms", _("회원가입약관")
        PRIVACY = "privacy", _("개인정보 수집 및 이용")
        AGE = "age", _("만 14세 이상")
        MARKETING = "marketing", _("광고성 정보 수신")

    member = models.ForeignKey(Member, models.CASCADE, related_name="consents", db_index=False)
    kind = models.CharField(_("종류"), max_length=10, choices=Kind)
    text = models.ForeignKey(
        LegalText, models.PROTECT, null=True, related_name="+", verbose_name=_("버전")
    )
    given_at = models.DateTimeField(_("동의한 시각"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("다시 확인한 시각"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("철회한 시각"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("동의")
        indexes = [
            models.Index("member", "kind", name="consent_member_kind"),
            models.Index(
                "confirmed_at",
                name="consent_marketing",
                condition=models.Q(kind="marketing", withdrawn_at=None),
            ),
        ]


class NicknameChange(models.Model):
    """A 별명 that a member gave up, so that nobody can impersonate them soon after."""

    member = models.ForeignKey(
        Member, models.CASCADE, related_name="nickname_changes", verbose_name=_("회원")
    )
    nickname = models.CharField(_("전 별명"), max_length=16)
    nickname_key = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField(_("바꾼 시각"), default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("별명 변경")


class Invitation(models.Model):
    """A code with which `uses` people can join."""

    code = models.CharField(_("코드"), max_length=20, unique=True)
    maker = models.ForeignKey(
        Member, models.SET_NULL, null=True, related_name="invitations", verbose_name=_("만든 회원")
    )
    note = models.CharField(_("메모"), max_length=100, blank=True)
    uses = models.PositiveIntegerField(_("쓸 수 있는 횟수"), default=1)
    used_count = models.PositiveIntegerField(_("쓴 횟수"), default=0, editable=False)
    expires_at = models.DateTimeField(_("기한"), null=True, blank=True)
    created_at = models.DateTimeField(_("만든 시각"), default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("초대 코드")

    def __str__(self) -> str:
        return self.code

    @property
    def is_usable(self) -> bool:
        """Whether somebody can still join with it."""
        is_over = self.expires_at is not None and self.expires_at <= timezone.now()
        return self.used_count < self.uses and not is_over
