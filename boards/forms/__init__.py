"""What people send, one file a noun: checked, and with their words kept when something is wrong."""

from boards.forms.comments import CommentForm
from boards.forms.guests import PasswordForm
from boards.forms.moderation import DEEDS, ModerationForm
from boards.forms.posts import PostForm
from boards.forms.reactions import JudgementForm, ReportForm, ScrapForm
from boards.forms.watching import WordForm

__all__ = [
    "DEEDS",
    "CommentForm",
    "JudgementForm",
    "ModerationForm",
    "PasswordForm",
    "PostForm",
    "ReportForm",
    "ScrapForm",
    "WordForm",
]
