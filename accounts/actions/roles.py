"""역할: owners give and take roles, and with them the rights to the admin."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions.locking import lock_members
from accounts.actions.members import rights_changed
from accounts.actions.record import log_action, record
from accounts.models import Member, MemberEvent
from accounts.permissions import Refused, may_change_member, may_give_role
from accounts.roles import ROLES, names_of, stored


@transaction.atomic
def set_roles(*, member: Member, roles: Collection[str], by: Member) -> bool:
    """Gives `member` exactly these roles (keys of ROLES); returns whether anything changed.

    Members with a role get into the admin (`is_staff`). Raises Refused unless `by` may give and
    take each role that changes (permissions.may_give_role).
    """
    lock_members(member.pk)
    member.refresh_from_db(fields=["roles", "is_staff", "is_superuser"])
    before, after = member.role_keys, frozenset(roles) & ROLES.keys()
    if before == after:
        return False
    may = all(may_give_role(by, key) for key in before ^ after)
    if not may or not may_change_member(by, member):
        raise Refused(_("자신이 줄 수 있는 역할만 주고 거둘 수 있습니다."))
    member.roles = stored(after)
    save_staff(member, "roles")
    given, taken = names_of(after - before), names_of(before - after)
    lines = [_("줌: %s") % given if given else "", _("거둠: %s") % taken if taken else ""]
    words = " · ".join(filter(None, lines))
    record(member=member, kind=MemberEvent.Kind.ROLES, words=words, by=by)
    log_action(by=by, member=member, words=_("역할 변경. %s") % words)
    rights_changed(member)
    return True


@transaction.atomic
def drop_single_permissions(*, member: Member, by: Member) -> bool:
    """Takes Django's own permissions and groups from `member`, which sites gave before there were
    roles; returns whether they had any. Raises Refused unless `by` owns the site."""
    if not by.is_superuser:
        raise Refused(_("운영자만 할 수 있습니다."))
    lock_members(member.pk)
    if not has_single_permissions(member):
        return False
    member.user_permissions.clear()
    member.groups.clear()
    save_staff(member)
    words = _("따로 준 권한을 거둠")
    record(member=member, kind=MemberEvent.Kind.ROLES, words=words, by=by)
    log_action(by=by, member=member, words=words)
    rights_changed(member)
    return True


def has_single_permissions(member: Member) -> bool:
    return member.user_permissions.exists() or member.groups.exists()


def save_staff(member: Member, *changed: str) -> None:
    """Saves `changed` columns of `member`, and whether the admin lets them in. `member` must be
    locked."""
    has_rights = member.is_superuser or bool(member.role_keys) or has_single_permissions(member)
    member.is_staff = has_rights
    member.save(update_fields=[*changed, "is_staff"])
