"""Fields that several forms are made of."""

from django import forms

from boards.text import richtext


def clean_line(text: str) -> str:
    """One line of text in NFC, without control and direction characters; "" if nothing shows."""
    return " ".join(richtext.clean_text(text).split())


class LineField(forms.CharField):
    """One line of text, cleaned before its length is taken."""

    def to_python(self, value) -> str:
        return clean_line(super().to_python(value))


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """A list of uploaded files, possibly empty."""

    widget = ManyFilesInput

    def clean(self, data, initial=None):
        files = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(ManyFilesField, self).clean(file, initial) for file in files]


class AttachmentsField(forms.ModelMultipleChoiceField):
    """Attachments by their ids; one that is longer than the database's numbers is none of them."""

    def clean(self, value):
        if any(len(pk) > 18 for pk in value or []):
            raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice")
        return super().clean(value)


class TokenField(forms.UUIDField):
    """The token of one press of a button. A form with a bad one counts as one without."""

    widget = forms.HiddenInput

    def __init__(self):
        super().__init__(required=False)

    def clean(self, value):
        try:
            return super().clean(value)
        except forms.ValidationError:
            return None
