"""Form fields that several forms use."""

from django import forms

from boardsite.forms import LengthFirst
from boardsite.text import richtext


def clean_line(text: str) -> str:
    """One line of text in NFC, without control and direction characters; "" if nothing is visible."""
    return " ".join(richtext.clean_text(text).split())


class LineField(LengthFirst, forms.CharField):
    """One line of text, cleaned before the length is checked."""

    def to_python(self, value) -> str:
        return clean_line(super().to_python(value) or "")


class ShortEmailField(LengthFirst, forms.EmailField):
    """An address for mail, whose length is checked before its form."""


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """A list of uploaded files, possibly empty."""

    widget = ManyFilesInput

    def clean(self, data, initial=None):
        files = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(ManyFilesField, self).clean(file, initial) for file in files]


class AttachmentsField(forms.ModelMultipleChoiceField):
    """Attachments by their ids. An id beyond the range of the database's integers is invalid."""

    def clean(self, value):
        if any(len(pk) > 18 for pk in value or []):
            raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice")
        return super().clean(value)
