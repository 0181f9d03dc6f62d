"""Forms, one file per noun. A form with errors keeps what was entered."""

from boards.forms.comments import CommentForm
from boards.forms.moderation import OPERATIONS, ModerationForm
from boards.forms.passwords import PasswordForm
from boards.forms.polls import VoteForm
from boards.forms.posts import PostForm
from boards.forms.reactions import JudgementForm, ReportForm, ScrapForm
from boards.forms.watching import WordForm
