"""Which tables and columns the pages of boards show, and which version a change in them moves.

Views, downloads, clicks and notifications move none: they are shown some seconds late, or on pages that
are not cached.
"""

from boards.models import (
    Attachment,
    BlockedSearchWord,
    Board,
    BoardGroup,
    BoardTexts,
    Category,
    Comment,
    ExtraField,
    ExtraValue,
    GuestPassword,
    Poll,
    PollOption,
    Post,
    PostBody,
    PostBucket,
    PostLink,
    PostPlace,
    PostTag,
    SearchSettings,
    Tag,
)
from boardsite.caching.triggers import Watched, columns_of
from boardsite.caching.versions import SITE, part_sql

BOARD_COUNTERS = ("post_count", "comment_count", "last_number")
POST_COLUMNS = columns_of(Post, except_=("view_count", "view_rank"))
OF_ITS_POLL = f"(SELECT board_id FROM {Post._meta.db_table} WHERE id = {{row}}.poll_id)"
OF_ITS_POST = f"(SELECT board_id FROM {Post._meta.db_table} WHERE id = {{row}}.post_id)"
# What the page of a post shows of the post itself moves its version as well.
POST = part_sql("{row}.post_id")
ORDER = part_sql("-{row}.board_id")  # which posts the list shows, and where


def tables() -> list[Watched]:
    post, board = Post._meta.db_table, Board._meta.db_table
    return [
        Watched(post, "post", "{row}.board_id", POST_COLUMNS, part=part_sql("{row}.id")),
        Watched(post, "site_notice", str(SITE), POST_COLUMNS, if_="{row}.is_site_notice"),
        Watched(board, "board", str(SITE), columns_of(Board, except_=BOARD_COUNTERS)),
        Watched(PostBucket._meta.db_table, "bucket", "{row}.board_id", part=ORDER),
        Watched(board, "board_counts", "{row}.id", BOARD_COUNTERS, on=["UPDATE"]),
        Watched(
            Attachment._meta.db_table,
            "attachment",
            OF_ITS_POST,
            columns_of(Attachment, except_=["download_count"]),
            part=POST,
        ),
        *(
            Watched(model._meta.db_table, str(model._meta.model_name), OF_ITS_POST, part=POST)
            for model in (PostBody, Comment, PostTag, ExtraValue, GuestPassword)
        ),
        Watched(PostPlace._meta.db_table, "postplace", OF_ITS_POST),
        Watched(
            PostLink._meta.db_table,
            "postlink",
            OF_ITS_POST,
            columns_of(PostLink, except_=["click_count"]),
            part=POST,
        ),
        # Votes move the version of their poll instead (queries/polls.py).
        Watched(
            Poll._meta.db_table,
            "poll",
            OF_ITS_POST,
            columns_of(Poll, except_=["voter_count", "version"]),
            part=POST,
        ),
        Watched(
            PollOption._meta.db_table,
            "polloption",
            OF_ITS_POLL,
            columns_of(PollOption, except_=["vote_count"]),
            part=part_sql("{row}.poll_id"),  # its id is that of its post
        ),
        *(
            Watched(model._meta.db_table, str(model._meta.model_name), str(SITE))
            for model in (
                BoardGroup,
                BoardTexts,
                Category,
                ExtraField,
                BlockedSearchWord,
                SearchSettings,
            )
        ),
        *(
            Watched(relation.through._meta.db_table, name, str(SITE))
            for name, relation in (
                ("board_moderator", Board.moderators),
                ("group_moderator", BoardGroup.moderators),
                ("group_member", BoardGroup.members),
            )
        ),
        Watched(Tag._meta.db_table, "tag", str(SITE), on=["UPDATE", "DELETE"]),
    ]
