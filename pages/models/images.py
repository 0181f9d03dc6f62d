"""Pictures of the site itself, such as a logo or a banner."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

FOLDER = "site"  # in the media folder


class SiteImage(models.Model):
    """A picture that everybody may see. Its file has a name made by the site and never changes:
    another picture is another row.

    Models refer to it by a ForeignKey with null=True and SET_NULL, also where the form requires a
    picture (forms.images.SiteImageField)."""

    file = models.FileField(upload_to=FOLDER, unique=True)
    alt = models.CharField(_("사진 설명"), max_length=200, blank=True)
    width = models.PositiveIntegerField(_("가로"))
    height = models.PositiveIntegerField(_("세로"))
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("사이트 사진")

    def __str__(self) -> str:
        return self.alt or self.name

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        return str(self.file).rpartition("/")[2]

    @property
    def stem(self) -> str:
        """The name without its extension."""
        return self.name.partition(".")[0]

    @property
    def url(self) -> str:
        return f"/content/files/{self.name}"
