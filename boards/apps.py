from typing import ClassVar

from django.apps import AppConfig
from django.core.checks import register

from accounts.roles import STAFF, rights_on
from boards.checks import check_hub


class BoardsConfig(AppConfig):
    name = "boards"
    verbose_name = "게시판"
    admin_position = 3
    admin_menu: ClassVar = {
        "boards": ("Board", "BoardGroup", "SearchSettings", "BlockedSearchWord"),
        "writing": ("list_reports", "Post", "Comment", "ModerationEntry"),
    }

    role_rights: ClassVar = {
        STAFF: (
            *rights_on("boards.board", "delete"),
            *rights_on("boards.boardgroup", "delete"),
            *rights_on("boards.searchsettings", "view", "change"),
        ),
        "boards": (
            "boards.moderate_boards",
            "boards.judge_reports",
            *rights_on("boards.board", "view", "add", "change"),
            *rights_on("boards.boardgroup", "view", "add", "change"),
            *rights_on("boards.category"),
            *rights_on("boards.extrafield"),
            *rights_on("boards.cannedanswer"),
            *rights_on("boards.boardtexts", "view", "add", "change"),
            *rights_on("boards.post", "view", "change"),
            *rights_on("boards.comment", "view", "change"),
            *rights_on("boards.moderationentry", "view"),
            *rights_on("boards.blockedsearchword"),
        ),
        "reports": ("boards.judge_reports", *rights_on("boards.moderationentry", "view")),
    }

    def ready(self):
        from accounts.actions import notifications  # imports models, so it must run in ready()
        from accounts.queries import levels, receivers, recipients
        from boards import invalidation, placeholders
        from boards.actions.narrowing import unreadable_by
        from boards.queries.circles import choices_of_circles, members_of_circle
        from boards.queries.written import names_read_by, written_since
        from boardsite.availability import refusing
        from boardsite.caching import page_cache, triggers

        triggers.watch(*invalidation.tables())
        page_cache.register(
            "view_count",
            placeholders.view_count,
            placeholders.views_query,
            spare=placeholders.late_view,
        )
        page_cache.register("around", placeholders.around, spare=placeholders.late_around)
        page_cache.register("poll", placeholders.poll, placeholders.poll_version)
        page_cache.register("popular_now", placeholders.popular_now)
        page_cache.register("submission", placeholders.new_submission)
        page_cache.register("guest_fields", placeholders.new_guest_fields)
        refusing.always_allow(["unlock_post", "unlock_comment", "find_inquiry"])
        register(check_hub)
        # Hooks of accounts, which may not import boards:
        levels.written_since = written_since
        receivers.names_read_by = names_read_by
        recipients.circles = recipients.Circles(choices_of_circles, members_of_circle)
        notifications.unreadable = unreadable_by
