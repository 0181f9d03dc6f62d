"""Who may see data about visitors."""

from django.contrib.auth.models import AbstractUser, AnonymousUser

from visits.models import VisitSettings

User = AbstractUser | AnonymousUser


def may_see_visitors(user: User) -> bool:
    """Staff with the permission for the visitor list, which shows who opens which page."""
    return user.is_authenticated and user.is_staff and user.has_perm("visits.view_dayvisitor")


def may_see_present(user: User) -> bool:
    """Everybody or only the staff, as the owner decides."""
    return VisitSettings.known().shows_present or may_see_visitors(user)
