"""The models of boards, one file per noun."""

from boards.models.boards import Board
from boards.models.buckets import PostBucket
from boards.models.categories import Category
from boards.models.comments import Comment
from boards.models.extra_fields import ExtraField, ExtraValue
from boards.models.files import Attachment, FileDownload
from boards.models.groups import BoardGroup
from boards.models.inquiries import CannedAnswer, Inquiry
from boards.models.long_runs import LongRun
from boards.models.moderation import ModerationEntry
from boards.models.pings import HubPing
from boards.models.polls import Poll, PollChoice, PollOpinion, PollOption, PollVote
from boards.models.posts import (
    OldAddress,
    Post,
    PostBody,
    PostLink,
    PostPlace,
    PostView,
    State,
)
from boards.models.reactions import AnonymousVotes, CommentVote, PostVote, Report, Scrap, Vote
from boards.models.search_words import BlockedSearchWord, SearchSettings, SearchWord
from boards.models.spam import SpamCase
from boards.models.tags import PostTag, Tag
from boards.models.texts import BoardTexts
from boards.models.watching import BoardWatch, WordWatch
from boards.models.writing import Draft, GuestPassword, PostRevision, ReadMark, Submission
