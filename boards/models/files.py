"""Attached files and pictures. Names on disk are ours; views.files asks before it serves."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from boards.models.posts import Post


class Attachment(models.Model):
    """A file of a post, or (`post` is null) of a post still being written by `uploader`."""

    class Kind(models.TextChoices):
        PICTURE = "picture", _("사진")
        VIDEO = "video", _("동영상")
        AUDIO = "audio", _("소리")
        FILE = "file", _("파일")

    post = models.ForeignKey(Post, models.CASCADE, null=True, related_name="attachments")
    uploader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    is_inline = models.BooleanField(default=False, help_text="shown inside the body, not above it")
    name = models.CharField(_("파일 이름"), max_length=120)
    size = models.PositiveBigIntegerField(_("크기"))
    file = models.FileField(upload_to="")
    thumb = models.FileField(upload_to="", blank=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    download_count = models.PositiveIntegerField(_("다운로드"), default=0)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = _("첨부 파일")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        return self.kind == self.Kind.PICTURE

    @property
    def is_played(self) -> bool:
        return self.kind in (self.Kind.VIDEO, self.Kind.AUDIO)

    @property
    def url(self) -> str:
        """The picture to show, or the file to download."""
        return f"/files/{self.pk}/picture/" if self.is_picture else f"/files/{self.pk}/"

    @property
    def play_url(self) -> str:
        """What a player of a video or of audio asks."""
        return f"/files/{self.pk}/play/"

    @property
    def thumb_url(self) -> str:
        return f"/files/{self.pk}/thumb/"


class FileDownload(models.Model):
    """That a member has downloaded a file: the next time counts nothing."""

    pk = models.CompositePrimaryKey("file_id", "member_id")
    file = models.ForeignKey(Attachment, models.CASCADE, related_name="+", db_index=False)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
