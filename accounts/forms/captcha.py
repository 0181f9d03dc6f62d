"""The fields of 자동등록방지, for forms that guests send."""

from hashlib import sha256

from allauth.core import context
from django import forms
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts import captcha
from accounts.models import MemberSettings
from boardsite.ratelimit import TooMany, hit_or_refuse, hit_until, is_used_up
from boardsite.visitors import address_key

TRIES, TRIES_SECONDS = 20, 600  # of one address, right or wrong
WRONG = _("자동등록방지 질문의 답이 틀립니다. 새 질문에 답해 주세요.")
TOO_LATE = _("자동등록방지 확인이 오래되었거나 이미 쓰였습니다. 한번 더 보내 주세요.")


class CaptchaFields(forms.Form):
    """Asks as MemberSettings.captcha says; templates/ui/captcha.html shows it.

    Looked at when all else is right, so that nobody answers twice for a slip elsewhere. An answer
    is taken once; the same form sent again (a button pressed twice) passes, for the deed knows it.
    """

    captcha_work = forms.CharField(required=False, max_length=2_000, widget=forms.HiddenInput)
    captcha_question = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)
    captcha_answer = forms.CharField(
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def ask_captcha(self) -> None:
        """To be called at the end of __init__: leaves the fields out where the owner asks nothing,
        and puts the question on them."""
        if MemberSettings.known().captcha == MemberSettings.Captcha.NONE:
            for name in CaptchaFields.base_fields:
                self.fields.pop(name, None)
            return
        self.fields["captcha_answer"].label = self._asked_words(self.captcha_token)

    @property
    def works(self) -> bool:
        """Whether the reader's device may do it for him."""
        return MemberSettings.known().captcha == MemberSettings.Captcha.WORK

    @property
    def captcha_url(self) -> str:
        return reverse("captcha_challenge")

    @cached_property
    def captcha_token(self) -> str:
        """For the hidden field: the question that was sent while it is good, else a new one."""
        sent = self.data.get("captcha_question", "") if self.is_bound else ""
        question = captcha.read_question(sent)
        return sent if question and self._is_asked_now(question) else self._new_token()

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and not self.errors and "captcha_answer" in self.fields:
            self._check()

    def _new_token(self) -> str:
        return captcha.make_question(is_sum=not _owners_question())

    def _is_asked_now(self, question: captcha.Puzzle) -> bool:
        return (question.sum is None) == bool(_owners_question())

    def _asked_words(self, token: str) -> str:
        question = captcha.read_question(token)
        return _owners_question() if question.sum is None else captcha.words_of(question.sum)

    def _check(self) -> None:
        try:
            self._count_try()
        except TooMany as refusal:
            self.add_error(None, refusal.message)
            self.retry_after = refusal.retry_after
            return
        data = self.cleaned_data
        if self.works and data["captcha_work"]:
            work = captcha.read_work(data["captcha_work"])
            if work is None or not self._take(work):
                self._refuse(None, TOO_LATE)
            return
        question = captcha.read_question(data["captcha_question"])
        if question is None or not self._is_asked_now(question) or not self._take(question):
            self._refuse(None, TOO_LATE)
        elif not captcha.is_right(data["captcha_answer"], self._accepted(question)):
            self._refuse("captcha_answer", WRONG)

    def _accepted(self, question: captcha.Puzzle) -> list[str]:
        if question.sum is not None:
            return captcha.answers_of(question.sum)
        return MemberSettings.known().answer.split(",")

    def _take(self, puzzle: captcha.Puzzle) -> bool:
        """Whether `puzzle` is taken by this form, now or when it was sent before."""
        words = sha256(repr(sorted(self.data.lists())).encode()).hexdigest()[: captcha.KEY_LENGTH]
        by_this = f"captcha:{puzzle.key}:{words}"
        if hit_until(f"captcha:{puzzle.key}", 1, puzzle.until):
            return hit_until(by_this, 1, puzzle.until)
        return is_used_up(by_this, 1, puzzle.until)

    def _refuse(self, field: str | None, sentence: str) -> None:
        """With a new question: the old one is not asked again."""
        self.add_error(field, sentence)
        self.captcha_token = self._new_token()
        self.fields["captcha_answer"].label = self._asked_words(self.captcha_token)
        self.data = self.data.copy()
        self.data["captcha_answer"] = ""

    def _count_try(self) -> None:
        # Forms are given no request; allauth's middleware keeps the present one for all.
        if context.request is not None:
            key = f"captcha_try:{address_key(context.request)}"
            hit_or_refuse(key, limit=TRIES, seconds=TRIES_SECONDS)


def _owners_question() -> str:
    """The owner's question, if it has an answer."""
    settings = MemberSettings.known()
    return settings.question.strip() if settings.answer.strip(" ,") else ""
