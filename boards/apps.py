from django.apps import AppConfig
from django.core.checks import register

from boards.checks import check_hub


class BoardsConfig(AppConfig):
    name = "boards"
    verbose_name = "게시판"

    def ready(self):
        from accounts.queries import levels  # needs the models
        from boards import holes, shown
        from boards.queries.written import written_since
        from boardsite import pagecache, triggers

        triggers.watch(*shown.tables())
        pagecache.fill_with("view_count", holes.view_count, holes.ask_views)
        pagecache.fill_with("popular_now", holes.popular_now)
        pagecache.fill_with("submission", holes.new_submission)
        pagecache.fill_with("guest_fields", holes.new_guest_fields)
        register(check_hub)
        levels.written_since = written_since  # accounts asks, but knows no posts
