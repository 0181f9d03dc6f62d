"""Who may see what is known of visitors."""

from visits.models import VisitSettings


def may_see_visitors(user) -> bool:
    """The staff to whom the owner gave the visitors' list: they see of every page who opens it."""
    return user.is_authenticated and user.is_staff and user.has_perm("visits.view_dayvisitor")


def may_see_present(user) -> bool:
    """Who is here now: everybody, or only the staff, as the owner decides."""
    return VisitSettings.known().shows_present or may_see_visitors(user)
