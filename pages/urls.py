"""Addresses of what the owner adds to the site. They come before the boards'."""

from django.urls import path, re_path

from pages.text.verification import ENGINES
from pages.views import appearance, banners, content, front, images, preview, services

urlpatterns = [
    path("", front.show_front, name="show_front"),
    path("favicon.ico", appearance.favicon, name="favicon"),
    path("content/style-<text:version>.css", appearance.show_style, name="show_style"),
    path("content/icon-<text:name>-<number:size>.png", appearance.show_icon, name="show_icon"),
    path("content/banners/<pk:pk>/", banners.follow_banner, name="follow_banner"),
    path("content/banners/<pk:pk>/seen.svg", banners.show_banner_beacon, name="show_banner_beacon"),
    path("content/files/<text:name>", images.show_site_image, name="show_site_image"),
    path("content/preview/", preview.preview_site, name="preview_site"),
    path("content/preview/publish/", preview.publish_site, name="publish_site"),
    path("content/preview/discard/", preview.discard_site, name="discard_site"),
    path("content/ads/<int:pk>/", services.show_ad, name="show_ad"),
    path("ads.txt", services.ads_txt, name="ads_txt"),
    *(
        re_path(
            f"^(?P<{engine.key}_file>{engine.file})$",
            services.show_verification_file,
            {"engine": engine},
            name=f"show_{engine.key}_file",
        )
        for engine in ENGINES
    ),
    path("content/pictures/<pk:pk>/", content.show_content_picture, name="show_content_picture"),
    path("content/<board:slug>/", content.read_content_page, name="read_content_page"),
    path(
        "content/<board:slug>/history/", content.show_content_history, name="show_content_history"
    ),
    path(
        "content/<board:slug>/restore/", content.restore_content_page, name="restore_content_page"
    ),
]
