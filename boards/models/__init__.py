"""What people write, one file a noun."""

from boards.models.boards import Board, BoardGroup, Category, PostBucket
from boards.models.comments import Comment
from boards.models.files import Attachment
from boards.models.moderation import ModerationEntry
from boards.models.posts import OldAddress, Post, PostBody, PostLink, PostView, State, Submission
from boards.models.reactions import PostVote, Report, Scrap

__all__ = [
    "Attachment",
    "Board",
    "BoardGroup",
    "Category",
    "Comment",
    "ModerationEntry",
    "OldAddress",
    "Post",
    "PostBody",
    "PostBucket",
    "PostLink",
    "PostView",
    "PostVote",
    "Report",
    "Scrap",
    "State",
    "Submission",
]
