"""The form of a source: what cannot work is said here, not by a failure at night."""

from collections.abc import Callable

from django import forms
from django.utils.translation import gettext as _

from collector.fetching import guard
from collector.models import Source
from collector.reading.rules import check_selector


class CategoryField(forms.ModelChoiceField):
    """말머리 of all boards, each with its board's name."""

    def label_from_instance(self, category) -> str:
        return f"{category.board.name} · {category.name}"


class SourceForm(forms.ModelForm):
    class Meta:
        model = Source
        fields = ["name"]  # and those of the admin's fieldsets
        widgets = {"cut_rules": forms.Textarea(attrs={"rows": 4, "spellcheck": "false"})}

    def clean_address(self) -> str:
        address = self.cleaned_data["address"]
        try:
            guard.check(address)
        except guard.Refused:
            raise forms.ValidationError(
                _("수집할 수 없는 주소입니다. 인터넷에 공개된 http, https 주소만 쓸 수 있습니다.")
            ) from None
        return address

    def clean_link_rule(self) -> str:
        return self._checked("link_rule")

    def clean_body_rule(self) -> str:
        return self._checked("body_rule")

    def clean_cut_rules(self) -> str:
        """One selector a line; empty lines go."""
        lines = [line.strip() for line in self.cleaned_data["cut_rules"].splitlines()]
        rules = [line for line in lines if line]
        for rule in rules:
            _refuse_bad(rule, lambda words, rule=rule: f"{rule[:60]}: {words}")
        return "\n".join(rules)

    def clean(self) -> dict:
        data = super().clean()
        category = data.get("category")
        if category and "board" in data and category.board_id != data["board"].pk:
            self.add_error("category", _("고른 게시판의 말머리가 아닙니다."))
        if data.get("kind") == Source.Kind.LISTING and not data.get("link_rule"):
            if "link_rule" not in self.errors:
                self.add_error("link_rule", _("목록 페이지에는 기사 링크 자리가 있어야 합니다."))
        if data.get("is_on") and self.instance.taken_down_at:
            self.add_error("is_on", _("글을 모두 내린 곳입니다. 먼저 글을 다시 보이게 하세요."))
        return data

    def _checked(self, name: str) -> str:
        rule = self.cleaned_data[name].strip()
        if rule:
            _refuse_bad(rule, str)
        return rule


def _refuse_bad(rule: str, worded: Callable[[str], str]) -> None:
    try:
        check_selector(rule)
    except ValueError as problem:
        raise forms.ValidationError(worded(str(problem))) from None
