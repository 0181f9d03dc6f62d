"""Consents to legal texts, and the proof that the visitor has seen them."""

from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Consent, LegalText, MemberSettings
from accounts.queries.legal_texts import REQUIRED, newest_texts
from boardsite.typing import StrOrPromise

Kind = Consent.Kind
WHEN_MISSING = {
    Kind.TERMS: _("회원가입약관의 내용에 동의하셔야 회원가입하실 수 있습니다."),
    Kind.PRIVACY: _("개인정보 수집 및 이용의 내용에 동의하셔야 회원가입하실 수 있습니다."),
    Kind.AGE: _(
        "만 14세 미만은 법정대리인의 동의가 있어야 하는데, 이 사이트는 그 동의를 받지 않아"
        " 가입하실 수 없습니다."
    ),
}


def _box(label: StrOrPromise, kind: Kind) -> forms.BooleanField:
    return forms.BooleanField(label=label, error_messages={"required": WHEN_MISSING[kind]})


class ConsentFields(forms.Form):
    """The consent boxes of every form that creates a member.

    The page renders the boxes and a hidden `shown_<kind>` for each: the version that it shows (0
    for the built-in text). When the form is valid, `consents` is the argument of give_consents."""

    data: MultiValueDict[str, str]

    agree_terms = _box(_("회원가입약관에 동의합니다"), Kind.TERMS)
    agree_privacy = _box(_("개인정보 수집 및 이용에 동의합니다"), Kind.PRIVACY)
    agree_age = _box(_("만 14세 이상입니다"), Kind.AGE)
    agree_marketing = forms.BooleanField(
        label=_("광고성 정보를 받는 데 동의합니다 (선택)"),
        help_text=_("동의하지 않아도 가입할 수 있고, 언제든 철회할 수 있습니다."),
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.rules = MemberSettings.known()
        self.texts = newest_texts([*REQUIRED, Kind.MARKETING])
        if not self.rules.asks_age:
            del self.fields["agree_age"]
        if not self.rules.offers_marketing:
            del self.fields["agree_marketing"]

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        for kind, text in self.texts.items():
            present = str(text.version if text else 0)
            shown = self.data.get(f"shown_{kind}") or present
            if f"agree_{kind}" in self.fields and shown != present:
                self._ask_again(kind)
        return data

    def _ask_again(self, kind: str) -> None:
        """The text has changed since the page was shown: unticks the box above the new text."""
        name = f"agree_{kind}"
        self.data = self.data.copy()
        self.data.pop(name, None)
        words = _t("그 사이에 내용이 바뀌었습니다. 새 내용을 읽고 다시 정해 주세요: %s")
        self.add_error(name, words % LegalText.Kind(kind).label)

    @property
    def consents(self) -> dict[str, LegalText | None]:
        """The accepted texts by kind."""
        agreed = [kind for kind in Kind.values if self.cleaned_data.get(f"agree_{kind}")]
        return {kind: self.texts.get(kind) for kind in agreed}


class AgreeForm(forms.Form):
    """A box for each new version of a text that a member must accept before they can go on."""

    all_required = True

    def __init__(self, *args, texts: list[LegalText], **kwargs):
        super().__init__(*args, **kwargs)
        self.texts = texts
        for text in texts:  # the name contains the version: a box of another version does not count
            self.fields[f"agree_{text.pk}"] = forms.BooleanField(
                label=_t("%s에 동의합니다") % text.get_kind_display(),
                error_messages={"required": _("새 내용에 동의하셔야 계속하실 수 있습니다.")},
            )

    @property
    def parts(self):
        """(text, its box) in order, for the page."""
        return [(text, self[f"agree_{text.pk}"]) for text in self.texts]
