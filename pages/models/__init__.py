"""What the owner adds to the site."""

from pages.models.ads import Ad
from pages.models.appearance import Appearance, AppearanceDraft, Looks
from pages.models.banners import Banner, BannerDay
from pages.models.blocks import Block
from pages.models.content import ContentPage, ContentPicture, ContentRevision, Visibility
from pages.models.images import SiteImage
from pages.models.menu import MenuItem, SiteMenu
from pages.models.popups import Popup
from pages.models.services import ServiceSettings
from pages.models.timed import Devices, Timed
