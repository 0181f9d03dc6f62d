"""What strangers see of members and of the owner's settings: a change of it may stand on any page.

Not a member's counters, and not when he was here last: his own page shows them some seconds late.
"""

from accounts.models import Member, MemberSettings, PointSettings
from boardsite.models import SiteSettings
from boardsite.versions import SITE, Watched

MEMBER_COLUMNS = [
    "username",
    "nickname",
    "picture",
    "introduction",
    "signature",
    "shows_profile",
    "shows_activity",
    "level",
    "is_robot",
    "is_superuser",
    "is_active",
    "left_at",
    "suspended_until",
]


def tables() -> list[Watched]:
    member = Member._meta.db_table
    return [
        Watched(member, "member", str(SITE), MEMBER_COLUMNS, on=["UPDATE", "DELETE"]),
        *(
            Watched(model._meta.db_table, model._meta.model_name, str(SITE))
            for model in (SiteSettings, MemberSettings, PointSettings)
        ),
    ]
