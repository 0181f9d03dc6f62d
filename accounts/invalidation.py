"""The tables and columns of members and settings that cached pages show; changes invalidate those
pages.

A member's counters and the time of their latest visit are not included: their own page shows them
some seconds late."""

from accounts.models import LegalText, Member, MemberSettings, PointSettings
from boardsite.caching.triggers import Watched, columns_of
from boardsite.caching.versions import SITE
from boardsite.models import MailSettings, SiteSettings

UNSEEN = ["password", "last_login", "email", "must_confirm_email", "recommender_id"]
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
            Watched(model._meta.db_table, str(model._meta.model_name), str(SITE))
            for model in (SiteSettings, MailSettings, MemberSettings, PointSettings, LegalText)
        ),
    ]
