"""The admin of 사이트 꾸미기."""

from pages.admin.appearance import AppearanceAdmin
from pages.admin.banners import BannerAdmin
from pages.admin.blocks import BlockAdmin
from pages.admin.content import ContentPageAdmin
from pages.admin.menu import SiteMenuAdmin
from pages.admin.popups import PopupAdmin
from pages.admin.services import AdAdmin, ServiceSettingsAdmin
