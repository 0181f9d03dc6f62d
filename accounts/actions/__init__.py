"""What is done to members, by themselves and by others; one file a noun."""

from accounts.actions.members import (
    FOREVER,
    edit_profile,
    lift_suspension,
    record_forbidden,
    suspend_member,
)

__all__ = ["FOREVER", "edit_profile", "lift_suspension", "record_forbidden", "suspend_member"]
