from django import forms
from django.utils.translation import gettext_lazy as _

from pages.forms.images import ImagesForm, SiteImageField
from pages.models import Banner, SiteImage
from pages.models.menu import validate_address


class BannerForm(ImagesForm):
    """In the admin."""

    image = SiteImageField(label=_("이미지"))
    image_alt = forms.CharField(
        label=_("이미지 설명"),
        max_length=SiteImage._meta.get_field("alt").max_length,
        help_text=_("이미지를 보지 못하는 사람에게 읽어 줄 말. 이미지 안의 글자도 적어 주세요."),
    )

    class Meta:
        model = Banner
        fields = ["image"]  # in addition to those of the admin's fieldsets

    def clean_address(self) -> str:
        address = self.cleaned_data["address"]
        if address:
            validate_address(address)
        return address
