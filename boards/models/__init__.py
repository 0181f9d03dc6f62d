"""What people write, one file a noun."""

from boards.models.boards import Board, BoardGroup, BoardTexts, Category
from boards.models.buckets import PostBucket
from boards.models.comments import Comment
from boards.models.extras import ExtraField, ExtraValue, PostTag, Tag
from boards.models.files import Attachment, FileDownload
from boards.models.long_runs import LongRun
from boards.models.moderation import ModerationEntry
from boards.models.pings import HubPing
from boards.models.posts import OldAddress, Post, PostBody, PostLink, PostView, State
from boards.models.reactions import CommentVote, PostVote, Report, Scrap, Vote
from boards.models.search_words import BlockedSearchWord, SearchSettings, SearchWord
from boards.models.watching import BoardWatch, WordWatch
from boards.models.writing import Draft, GuestPassword, PostRevision, ReadMark, Submission

__all__ = [
    "Attachment",
    "BlockedSearchWord",
    "Board",
    "BoardGroup",
    "BoardTexts",
    "BoardWatch",
    "Category",
    "Comment",
    "CommentVote",
    "Draft",
    "ExtraField",
    "ExtraValue",
    "FileDownload",
    "GuestPassword",
    "HubPing",
    "LongRun",
    "ModerationEntry",
    "OldAddress",
    "Post",
    "PostBody",
    "PostBucket",
    "PostLink",
    "PostRevision",
    "PostTag",
    "PostView",
    "PostVote",
    "ReadMark",
    "Report",
    "Scrap",
    "SearchSettings",
    "SearchWord",
    "State",
    "Submission",
    "Tag",
    "Vote",
    "WordWatch",
]
