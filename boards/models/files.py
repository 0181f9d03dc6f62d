"""Attached files and pictures. The site chooses their names on disk; views.files checks permissions
before it sends one."""

from django.conf import settings
from django.db import models
from django.db.models.fields.files import FieldFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from boards.models.posts import Post


class Attachment(models.Model):
    """A file of a post. While `post` is null, `uploader` is still writing the post."""

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
    description = models.CharField(
        _("파일 설명"), max_length=200, blank=True, default="", db_default=""
    )
    size = models.PositiveBigIntegerField(_("크기"))
    file = models.FileField(upload_to="")
    thumb = models.FileField(upload_to="", blank=True)
    # The uploaded picture without the camera's metadata; "" where the board keeps no originals.
    original = models.FileField(
        _("원본"), upload_to="", blank=True, default="", db_default="", editable=False
    )
    original_size = models.PositiveBigIntegerField(default=0, db_default=0, editable=False)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    download_count = models.PositiveIntegerField(_("내려받은 수"), default=0)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = _("첨부파일")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        return self.kind == self.Kind.PICTURE

    @property
    def alt(self) -> str:
        """The alternative text of the picture."""
        return self.description or self.name

    @property
    def is_played(self) -> bool:
        return self.kind in (self.Kind.VIDEO, self.Kind.AUDIO)

    @property
    def url(self) -> str:
        """The address of the picture to show, or of the file to download."""
        return f"/files/{self.pk}/picture/" if self.is_picture else f"/files/{self.pk}/"

    @property
    def original_url(self) -> str:
        """The address to download the uploaded picture from."""
        return f"/files/{self.pk}/original/"

    @property
    def stored_files(self) -> list[FieldFile]:
        """All files that storage holds for this row."""
        return [file for file in (self.file, self.thumb, self.original) if file]

    @property
    def play_url(self) -> str:
        """The address that the video or audio player requests."""
        return f"/files/{self.pk}/play/"

    @property
    def thumb_url(self) -> str:
        return f"/files/{self.pk}/thumb/"


class FileDownload(models.Model):
    """Records that a member has downloaded a file; further downloads are not counted."""

    pk = models.CompositePrimaryKey("file_id", "member_id")
    file = models.ForeignKey(Attachment, models.CASCADE, related_name="+", db_index=False)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
