"""Who may read and edit content pages."""

from django.utils.translation import gettext as _

from accounts.permissions import Visitor
from pages.models import ContentPage, Visibility

EDIT = "pages.change_contentpage"


def may_edit_content(visitor: Visitor) -> bool:
    """Owners may, and staff members with the owner's permission. They also see drafts."""
    return visitor.is_authenticated and visitor.is_staff and visitor.has_perm(EDIT)


def may_read_content(visitor: Visitor, page: ContentPage) -> bool:
    return (page.is_published and page.is_for(visitor)) or may_edit_content(visitor)


def refusal_to_read(page: ContentPage) -> str:
    """The sentence for a visitor whom a published page is not for."""
    if page.visibility == Visibility.LEVEL:
        sentence = _("레벨 %d 이상인 회원만 볼 수 있는 페이지입니다.")
        return sentence % page.minimum_level
    if page.visibility == Visibility.STAFF:
        return _("운영진만 볼 수 있는 페이지입니다.")
    return _("회원만 볼 수 있는 페이지입니다.")
