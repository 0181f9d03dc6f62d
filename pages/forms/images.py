"""A form field for a picture of the site, also in the admin."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from boards.media.uploads import BadUpload
from boardsite.forms import CameTooSoon
from boardsite.limits.too_many import TooMany
from pages.actions.images import delete_unused_image, read_image, store_image
from pages.models import SiteImage


class SiteImageInput(forms.ClearableFileInput):
    """Shows the present picture above the file field."""

    template_name = "admin/pages/site_image_input.html"
    clear_checkbox_label = _("삭제")  # type: ignore[assignment] # the stubs know no lazy text

    def __init__(self, attrs: dict[str, Any] | None = None):
        # Listed one by one, so that phones send their HEIC pictures as JPEG.
        super().__init__({"accept": "image/jpeg,image/png,image/gif,image/webp", **(attrs or {})})


class SiteImageField(forms.FileField):
    """The value is a SiteImage, which is new and not saved (`pk` is None) when a file was uploaded,
    or None. In an ImagesForm its name is that of the ForeignKey."""

    widget = SiteImageInput

    def prepare_value(self, value: Any) -> SiteImage | None:
        """What the widget shows; a ModelForm's initial value is a key."""
        if isinstance(value, int):
            return SiteImage.objects.filter(pk=value).first()
        return value if isinstance(value, SiteImage) else None

    def bound_data(self, data: Any, initial: Any) -> Any:
        """An invalid form shows the stored picture again, because no browser sends a file twice."""
        return initial

    def clean(self, data: Any, initial: Any = None) -> SiteImage | None:
        found = super().clean(data, initial)
        if not found:
            return None
        if data is None or found is initial:
            return self.prepare_value(found)
        try:
            return read_image(found)
        except TooMany as refusal:
            raise CameTooSoon(refusal) from refusal
        except BadUpload as problem:
            raise ValidationError(str(problem), code="invalid_image") from problem


class ImagesForm(forms.ModelForm):
    """Stores new pictures of its SiteImageFields with the row, and deletes the pictures that they
    replace. A field `<picture>_alt` holds the picture's description."""

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        image = field_name.removesuffix("_alt")
        if image != field_name and isinstance(self.fields.get(image), SiteImageField):
            shown = getattr(self.instance, image)
            return shown.alt if shown else ""
        return super().get_initial_for_field(field, field_name)

    def save(self, commit: bool = True) -> Any:
        for name, field in self.fields.items():
            if isinstance(field, SiteImageField):
                self._store(name)
        return super().save(commit)

    def _store(self, name: str) -> None:
        image, before = self.cleaned_data[name], self.initial.get(name)
        alt = self.cleaned_data.get(f"{name}_alt", "")
        if image is not None and (image.pk is None or image.alt != alt):
            store_image(image=image, alt=alt)
        setattr(self.instance, name, image)
        if before and (image is None or image.pk != before):
            transaction.on_commit(lambda: delete_unused_image(pk=before))
