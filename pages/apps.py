from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts.roles import STAFF, rights_on


class PagesConfig(AppConfig):
    name = "pages"
    verbose_name = _("사이트 꾸미기")
    admin_position = 2
    admin_menu: ClassVar = {
        "site": (
            "AppearanceDraft",
            "Block",
            "SiteMenu",
            "ContentPage",
            "Popup",
            "Banner",
            "ServiceSettings",
            "Ad",
        ),
    }

    role_rights: ClassVar = {
        STAFF: (
            *rights_on("pages.contentpage"),
            *rights_on("pages.popup"),
            *rights_on("pages.banner"),
        ),
    }

    def ready(self) -> None:
        from boards.views import sitemap
        from boardsite import frame
        from boardsite.caching import page_cache, triggers
        from boardsite.mail import letters
        from pages import (
            banners,
            drawing,
            invalidation,
            menu,
            popups,
            preview,
            showing_services,
        )
        from pages.queries import appearance, content
        from pages.views.content import footer_links

        letters.find_brand = appearance.brand_of_mails
        triggers.watch(*invalidation.tables())
        page_cache.register("block", drawing.block_placeholder)
        page_cache.register("poll_block", drawing.poll_placeholder, drawing.poll_query)
        frame.register("top", preview.bar)
        for slot in appearance.SLOTS:
            frame.register(slot, appearance.slot(slot))
        frame.register("top", popups.render_popups)
        frame.register("menu", menu.render_menu)
        frame.register("side", drawing.side_column)
        showing_services.register()
        frame.register("footer_links", footer_links)
        sitemap.register("content", content.public_addresses)
        banners.register()
