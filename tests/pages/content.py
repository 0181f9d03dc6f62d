"""Data of tests about content pages."""

from django.contrib.auth.models import Permission

from accounts.models import Member
from pages.actions.content import write_content_page
from pages.models import ContentPage
from tests.conftest import make_member

ADD = "/admin/pages/contentpage/add/"
LIST = "/admin/pages/contentpage/"
UPLOAD = "/admin/pages/contentpage/upload-picture/"


def change(page: ContentPage) -> str:
    return f"{LIST}{page.pk}/change/"


def page_form(**changes) -> dict:
    """The fields of a form that publishes a page for everybody."""
    fields = {
        "slug": "company",
        "title": "회사소개",
        "html": "<p>너울골의 이웃들이 만듭니다.</p>",
        "is_published": "on",
        "visibility": "everybody",
        "minimum_level": "2",
        "position": "0",
    }
    return fields | changes


def write_page(by: Member, **fields) -> ContentPage:
    """A published page for everybody, unless `fields` say otherwise."""
    given = {"slug": "company", "title": "회사소개", "html": "<p>너울골의 이웃들이 만듭니다.</p>"}
    return write_content_page(by=by, **{"is_published": True, **given, **fields})


def make_clerk(*rights: str) -> Member:
    """A member of the staff with these permissions on content pages."""
    clerk = make_member("clerk", "서기", is_staff=True)
    names = [f"{right}_contentpage" for right in rights]
    clerk.user_permissions.set(Permission.objects.filter(codename__in=names))
    return clerk
