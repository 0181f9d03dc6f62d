"""The form for watched words."""

from django import forms
from django.utils.translation import gettext_lazy as _

from boards.models import WordWatch
from boards.text.watched_words import SHORTEST, key_of
from boardsite.text.plaintext import clean_text


class WordForm(forms.Form):
    word = forms.CharField(
        label=_("알림 단어"),
        min_length=SHORTEST,
        max_length=WordWatch._meta.get_field("word").max_length,
        help_text=_("제목이나 내용에 이 말이 든 새 글이 올라오면 알려 드립니다."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_word(self) -> str:
        word = " ".join(clean_text(self.cleaned_data["word"]).split())
        key = key_of(word)
        if len(key) < SHORTEST:
            raise forms.ValidationError(
                _("알림 단어는 %(count)d자 이상이어야 합니다."), params={"count": SHORTEST}
            )
        if len(key) > (WordWatch._meta.get_field("key").max_length or 0):
            raise forms.ValidationError(_("알림 단어가 너무 깁니다."))
        return word
