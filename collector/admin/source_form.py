"""The form of a source. It rejects settings that cannot work, before a pass fails because of
them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from collector.fetching import guard
from collector.models import Source
from collector.reading.rules import check_selector


class CategoryField(forms.ModelChoiceField):
    """The categories (말머리) of all boards, each labelled with the name of its board."""

    def label_from_instance(self, category) -> str:
        return f"{category.board.name} · {category.name}"


class SourceForm(forms.ModelForm):
    class Meta:
        model = Source
        fields = ["name"]  # plus the fields of the admin's fieldsets
        help_texts = {
            "is_on": _(
                "먼저 꺼 둔 채 저장해 '시험 수집'으로 무엇이 올라갈지 보고, 그다음에 켜 주세요."
            )
        }
        widgets = {"cut_rules": forms.Textarea(attrs={"rows": 4, "spellcheck": "false"})}

    def clean_address(self) -> str:
        address = self.cleaned_data["address"]
        try:
            guard.check(address)
        except guard.Refused:
            raise forms.ValidationError(
                _(
                    "수집할 수 없는 주소입니다. 인터넷에 공개된 http, https 주소만 쓸 수 있고, "
                    "포트는 80과 443만 됩니다."
                )
            ) from None
        return address

    def clean_link_rule(self) -> str:
        return self._checked("link_rule")

    def clean_body_rule(self) -> str:
        return self._checked("body_rule")

    def clean_cut_rules(self) -> str:
        """One selector a line; empty lines are removed."""
        lines = [line.strip() for line in self.cleaned_data["cut_rules"].splitlines()]
        rules = [line for line in lines if line]
        for rule in rules:
            if fault := _fault(rule):
                raise forms.ValidationError(f"{rule[:60]}: {fault}")
        return "\n".join(rules)

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        category = data.get("category")
        if category and "board" in data and category.board_id != data["board"].pk:
            self.add_error("category", _("고른 게시판의 말머리가 아닙니다."))
        if data.get("kind") == Source.Kind.LISTING and not data.get("link_rule"):
            if "link_rule" not in self.errors:
                self.add_error("link_rule", _("목록 페이지에는 기사 링크 자리가 있어야 합니다."))
        if data.get("is_on") and self.instance.taken_down_at:
            self.add_error("is_on", _("글을 모두 내린 곳입니다. 먼저 글을 다시 보이게 해 주세요."))
        return data

    def _checked(self, name: str) -> str:
        rule = self.cleaned_data[name].strip()
        if rule and (fault := _fault(rule)):
            raise forms.ValidationError(fault)
        return rule


def _fault(rule: str) -> str:
    """The error in a CSS selector; "" if it is valid."""
    try:
        check_selector(rule)
    except ValueError as problem:
        return str(problem)
    return ""
