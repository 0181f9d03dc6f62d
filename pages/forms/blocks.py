"""The form of a block in the admin."""

from django import forms
from django.utils.translation import gettext_lazy as _

from boards.models import Poll, State
from boardsite.rich_text import RichTextArea, RichTextField
from pages.models import Block

Kind = Block.Kind
FIELDS: dict[str, list[str]] = {
    Kind.LATEST: ["board", "title", "style", "rows"],
    Kind.ALL_LATEST: [],
    Kind.POPULAR: ["title", "period", "rows"],
    Kind.COMMENTS: ["title", "rows"],
    Kind.NOTICES: ["title", "rows"],
    Kind.POLL: ["poll"],
    Kind.BANNER: [],  # those whose 위치 is 블록 take turns
    Kind.TEXT: ["title", "html"],
    Kind.LOG_IN: [],
    Kind.COUNTER: [],
    Kind.WORDS: [],
}
"""What a block of a kind has besides the devices."""


MOST_POLLS = 200  # the newest, to choose from


class PollField(forms.ModelChoiceField):
    """One of the newest polls, or the one that the block has."""

    def label_from_instance(self, poll: Poll) -> str:
        return f"{poll.question} ({poll.post.board.name} {poll.post.number})"


class BlockForm(forms.ModelForm):
    class Meta:
        model = Block
        fields = ["title", "board", "poll", "style", "rows", "period", "html", "devices"]
        field_classes = {"html": RichTextField, "poll": PollField}
        widgets = {"html": RichTextArea}
        help_texts = {
            "poll": _(
                "글에 붙은 설문 가운데 하나입니다. 그 글을 읽을 수 있는 사람에게만 보입니다."
            ),
            "title": _(
                "비워 두면 게시판이나 종류의 이름이 보입니다. 글 상자는 제목 없이 보입니다."
            ),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "poll" in self.fields:
            newest = Poll.objects.filter(post__state=State.PUBLISHED).order_by("-pk")
            offered = [*newest.values_list("pk", flat=True)[:MOST_POLLS], self.instance.poll_id]
            polls = Poll.objects.filter(pk__in=[pk for pk in offered if pk])
            self.fields["poll"].queryset = polls.select_related("post__board").order_by("-pk")
