"""The fields of 자동등록방지, for the forms of anonymous visitors."""

from hashlib import sha256

from allauth.core import context
from django import forms
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts import captcha
from accounts.models import MemberSettings
from boardsite.forms import refuse_form
from boardsite.limits.rate_limit import TooMany, hit_or_refuse, hit_until, is_used_up
from boardsite.typing import StrOrPromise
from boardsite.visitors.identity import address_key

TRIES, TRIES_SECONDS = 20, 600  # per address, right or wrong
# A program could answer the question instead of doing the work, which costs it nothing. So when
# devices are to work, few answers are accepted per address and in total, and none faster than a
# person can read.
BY_HAND, BY_HAND_OF_ALL, BY_HAND_SECONDS = 5, 60, 3600
READING = 5  # seconds
WRONG = _("자동등록방지 질문의 답이 틀립니다. 새 질문에 답해 주세요.")
TOO_LATE = _("자동등록방지 확인이 오래되었거나 이미 쓰였습니다. 한 번 더 보내 주세요.")
TOO_QUICK = _("사람이 보냈는지 알 수 없습니다. 잠시 후 다시 한번 눌러 주세요.")
TOO_OFTEN = _(
    "질문에 답해서 보낼 수 있는 횟수를 넘었습니다. 자바스크립트를 켜고 보내시거나, 한 시간 안에 다시 "
    "보내 주세요."
)


class CaptchaFields(forms.Form):
    """Asks what MemberSettings.captcha says; templates/ui/captcha.html shows it.

    Checked after everything else, so that nobody answers twice because of another mistake. An
    answer is accepted once. A form with a `submission` may be sent again to the same address (a
    button clicked twice), because the action recognises its idempotency key and creates nothing."""

    data: MultiValueDict[str, str]

    captcha_work = forms.CharField(required=False, max_length=2_000, widget=forms.HiddenInput)
    captcha_question = forms.CharField(
        required=False, max_length=captcha.MAX_TOKEN, widget=forms.HiddenInput
    )
    captcha_answer = forms.CharField(
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def ask_captcha(self) -> None:
        """To be called at the end of __init__: removes the fields where the owner asks nothing, and
        labels the field with the question."""
        if MemberSettings.known().captcha == MemberSettings.Captcha.NONE:
            for name in CaptchaFields.base_fields:
                self.fields.pop(name, None)
            return
        self.fields["captcha_answer"].label = self._asked_words(self.captcha_token)

    @property
    def works(self) -> bool:
        """Whether the visitor's device may solve it."""
        return MemberSettings.known().captcha == MemberSettings.Captcha.WORK

    @property
    def captcha_url(self) -> str:
        return reverse("captcha_challenge")

    @cached_property
    def captcha_token(self) -> str:
        """For the hidden field: the submitted question while it is valid, else a new one."""
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
        if question is None or question.sum is None:
            return _owners_question()
        return captcha.words_of(question.sum)

    def _check(self) -> None:
        try:
            self._count_try()
        except TooMany as refusal:
            refuse_form(self, refusal)
            return
        data = self.cleaned_data
        if self.works and data["captcha_work"]:
            work = captcha.read_work(data["captcha_work"])
            if work is None or not self._take(work):
                self._refuse(None, TOO_LATE)
            return
        question = captcha.read_question(data["captcha_question"])
        is_answered = self.works and data["captcha_answer"]
        if question is None:
            self._refuse(None, TOO_LATE)
        elif is_answered and captcha.age_of(question) < READING:
            self.add_error(None, TOO_QUICK)
        elif not self._is_asked_now(question) or not self._take(question):
            self._refuse(None, TOO_LATE)
        elif not captcha.is_right(data["captcha_answer"], self._accepted(question)):
            self._refuse("captcha_answer", WRONG)
        elif self.works:
            self._count_by_hand()

    def _accepted(self, question: captcha.Puzzle) -> list[str]:
        if question.sum is not None:
            return captcha.answers_of(question.sum)
        return MemberSettings.known().answer.split(",")

    def _take(self, puzzle: captcha.Puzzle) -> bool:
        """Whether this form may use `puzzle`, for the first time or in a repeated submission.

        Without an idempotency key every request counts as another form: otherwise one solution
        could create any number of rows."""
        is_new = hit_until(f"captcha:{puzzle.key}", 1, puzzle.until)
        if not self.cleaned_data.get("submission"):
            return is_new
        address = context.request.path if context.request is not None else ""
        said = repr([address, *sorted(self.data.lists())])
        words = sha256(said.encode()).hexdigest()[: captcha.KEY_LENGTH]
        by_this = f"captcha:{puzzle.key}:{words}"
        if is_new:
            return hit_until(by_this, 1, puzzle.until)
        return is_used_up(by_this, 1, puzzle.until)

    def _refuse(self, field: str | None, sentence: StrOrPromise) -> None:
        """Shows a new question, because each is asked once."""
        self.add_error(field, sentence)
        self.captcha_token = self._new_token()
        self.fields["captcha_answer"].label = self._asked_words(self.captcha_token)
        self.data = self.data.copy()
        self.data["captcha_answer"] = ""

    def _count_try(self) -> None:
        # Forms have no request; allauth's middleware stores the current one for all.
        if context.request is not None:
            key = f"captcha_try:{address_key(context.request)}"
            hit_or_refuse(key, limit=TRIES, seconds=TRIES_SECONDS)

    def _count_by_hand(self) -> None:
        """Counts a right answer that was given in place of the device's work."""
        hour = {"seconds": BY_HAND_SECONDS}
        try:
            if context.request is not None:
                key = f"captcha_by_hand:{address_key(context.request)}"
                hit_or_refuse(key, limit=BY_HAND, **hour)
            hit_or_refuse("captcha_by_hand", limit=BY_HAND_OF_ALL, **hour)
        except TooMany as refusal:
            refuse_form(self, refusal, sentence=TOO_OFTEN)


def _owners_question() -> str:
    """The owner's question, if it has an answer."""
    settings = MemberSettings.known()
    return settings.question.strip() if settings.answer.strip(" ,") else ""
