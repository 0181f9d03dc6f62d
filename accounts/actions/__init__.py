"""Operations on members, by themselves and by others; one file per noun."""

from accounts.actions.members import (
    FOREVER,
    edit_profile,
    lift_suspension,
    record_forbidden,
    suspend_member,
)
