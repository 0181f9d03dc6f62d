"""What strangers see of members and of the owner's settings: a change of it may stand on any page.

Not a member's counters, and not when he was here last: his own page shows them some seconds late.
"""

from accounts.models import Member, MemberSettings, PointSettings
from boardsite.models import SiteSettings
from boardsite.triggers import Watched, columns_of
from boardsite.versions import SITE

UNSEEN = ["password", "last_login", "email", "must_confirm_email"]
COUNTERS = [
    "post_count",
    "comment_count",
    "points",
    "unread_message_count",
    "unread_notification_count",
]


def tables() -> list[Watched]:
    member = Member._meta.db_table
    return [
        Watched(
            member,
            "member",
            str(SITE),
            columns_of(Member, except_=UNSEEN + COUNTERS),
            on=["UPDATE", "DELETE"],
        ),
        *(
            Watched(model._meta.db_table, model._meta.model_name, str(SITE))
            for model in (SiteSettings, MemberSettings, PointSettings)
        ),
    ]
