"""The tables that pages of boards are made of, and the version that each of them moves.

Not views, downloads and what is only told to one member: these are shown at most some seconds late,
or by pages that are kept for nobody.
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
    Post,
    PostBody,
    PostBucket,
    PostLink,
    PostTag,
    SearchSettings,
    Tag,
)
from boardsite.triggers import Watched, columns_of
from boardsite.versions import SITE

BOARD_COUNTERS = ("post_count", "comment_count", "last_number")
POST_COLUMNS = columns_of(Post, except_=("view_count", "view_rank"))
OF_ITS_POST = f"(SELECT board_id FROM {Post._meta.db_table} WHERE id = {{row}}.post_id)"


def tables() -> list[Watched]:
    post, board = Post._meta.db_table, Board._meta.db_table
    return [
        Watched(post, "post", "{row}.board_id", POST_COLUMNS),
        Watched(post, "site_notice", str(SITE), POST_COLUMNS, if_="{row}.is_site_notice"),
        Watched(board, "board", str(SITE), columns_of(Board, except_=BOARD_COUNTERS)),
        Watched(PostBucket._meta.db_table, "bucket", "{row}.board_id"),
        Watched(board, "board_counts", "{row}.id", BOARD_COUNTERS, on=["UPDATE"]),
        Watched(
            Attachment._meta.db_table,
            "attachment",
            OF_ITS_POST,
            columns_of(Attachment, except_=["download_count"]),
        ),
        *(
            Watched(model._meta.db_table, model._meta.model_name, OF_ITS_POST)
            for model in (PostBody, Comment, PostLink, PostTag, ExtraValue, GuestPassword)
        ),
        *(
            Watched(model._meta.db_table, model._meta.model_name, str(SITE))
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
