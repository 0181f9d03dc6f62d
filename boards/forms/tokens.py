"""The idempotency key of a form."""

from django import forms


class TokenField(forms.UUIDField):
    """The idempotency key of a form. A malformed key counts as none."""

    widget = forms.HiddenInput

    def __init__(self):
        super().__init__(required=False)

    def clean(self, value):
        try:
            return super().clean(value)
        except forms.ValidationError:
            return None
