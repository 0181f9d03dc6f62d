"""A popup that is not shown yet, and a banner in each slot of every page."""

from datetime import timedelta

from django.utils import timezone

from pages.actions.images import read_image, store_image
from pages.models import Banner, Popup
from tests.crowd import picture_upload


def create_popup_data() -> dict[str, int]:
    """Returns parameters for URLs."""
    popup = Popup.objects.create(
        title="봄맞이 나들이", body="<p>벚꽃이 피었습니다.</p>", is_on=False
    )
    for slot in Banner.Slot:
        image = store_image(image=read_image(picture_upload(size=(900, 60))), alt=slot.label)
        banner = Banner.objects.create(
            name=f"배너 {slot.label}",
            image=image,
            address="/free/",
            slot=slot,
            starts_at=timezone.now() - timedelta(hours=1),
        )
    return {"popup": popup.pk, "banner": banner.pk}
