"""Fixtures of 사이트 꾸미기."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from accounts.models import Member
from pages import tallies
from pages.actions.images import read_image, store_image
from pages.models import Banner, Popup
from tests.conftest import make_member
from tests.crowd import picture_upload


@pytest.fixture
def make_popup(db):
    """make_popup(title="봄맞이 안내", …): a popup that is shown now on every page."""

    def make_popup(**fields) -> Popup:
        boards = fields.pop("boards", [])
        default = {
            "title": "봄맞이 안내",
            "body": "<p>벚꽃 나들이를 갑니다.</p>",
            "place": Popup.Place.ALL,
            "starts_at": timezone.now() - timedelta(hours=1),
        }
        popup = Popup.objects.create(**default | fields)
        popup.boards.set(boards)
        return popup

    return make_popup


@pytest.fixture
def popup(make_popup):
    return make_popup()


@pytest.fixture
def staff(db):
    """staff("change_popup", …): a member of the staff with these permissions and no others."""

    def staff(*codenames: str) -> Member:
        member = make_member("helper", "도우미", is_staff=True)
        permissions = Permission.objects.filter(codename__in=codenames)
        assert len(permissions) == len(codenames)
        member.user_permissions.set(permissions)
        return member

    return staff


@pytest.fixture(autouse=True)
def nobody_was_shown_a_banner():
    tallies.forget()


@pytest.fixture
def make_banner(db):
    """make_banner(address="/free/", …): a banner beside every page."""

    def make_banner(alt: str = "꽃집", **fields) -> Banner:
        image = store_image(image=read_image(picture_upload(size=(300, 100))), alt=alt)
        default = {
            "name": alt,
            "address": "https://flowers.example.com/spring?a=1&b=2",
            "slot": Banner.Slot.SIDE,
            "image": image,
            "starts_at": timezone.now() - timedelta(hours=1),
        }
        return Banner.objects.create(**default | fields)

    return make_banner


@pytest.fixture
def banner(make_banner):
    return make_banner()
