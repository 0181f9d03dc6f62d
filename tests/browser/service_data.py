"""Ads beside which the walks look at the pages of guests."""

from pages.models import Ad

SIZES = {
    "list_top": (320, 100),
    "after_post": (300, 250),
    "side_end": (250, 250),
    "footer": (320, 50),
}


def create_service_data() -> dict[str, int]:
    ads = [
        Ad.objects.create(
            name=f"봄 광고 {place}",
            place=place,
            kind=Ad.Kind.HTML,
            html='<a href="https://pado.kr/">봄맞이 할인</a>',
            width=width,
            height=height,
        )
        for place, (width, height) in SIZES.items()
    ]
    return {"ad": ads[0].pk}
