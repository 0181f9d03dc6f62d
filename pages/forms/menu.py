"""The form of an item of the menu. Which fields it has depends on the kind of the item."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import GUEST_LEVEL, MEMBER_LEVEL, OWNER_LEVEL
from boards.forms.fields import LineField
from boards.forms.tokens import TokenField
from boards.models import Board, BoardGroup, Tag
from boards.text.tags import clean_tags
from boardsite.forms import LengthFirst
from pages.models import ContentPage, MenuItem
from pages.models.menu import validate_address

Kind = MenuItem.Kind
OWN_FIELDS: dict[str, list[str]] = {
    Kind.BOARD: ["board"],
    Kind.GROUP: ["group", "lists_boards", "left_out"],
    Kind.PAGE: ["page"],
    Kind.TAG: ["tag"],
    Kind.LINK: ["address"],
    Kind.HEADING: [],
}
OF_EACH = ["label", "parent", "min_level", "opens_window", "on_wide", "on_narrow"]
NAMED_BY_THEMSELVES = {
    Kind.BOARD: _("게시판 이름"),
    Kind.GROUP: _("그룹 이름"),
    Kind.PAGE: _("내용 제목"),
    Kind.TAG: _("#태그"),
}


def level_choices() -> list[tuple[int, Any]]:
    higher = [
        (level, _("레벨 %d 이상") % level) for level in range(MEMBER_LEVEL + 1, OWNER_LEVEL + 1)
    ]
    return [(GUEST_LEVEL, _("모두")), (MEMBER_LEVEL, _("회원 (레벨 2 이상)")), *higher]


class AddressField(LengthFirst, forms.CharField):
    """An address; what is far too long is not looked at."""

    default_validators = [validate_address]


class BoardChoice(forms.ModelChoiceField):
    def label_from_instance(self, board):
        return f"{board.group.name} › {board.name}"


class MenuItemForm(forms.ModelForm):
    board = BoardChoice(Board.objects.select_related("group"), label=_("게시판"))
    group = forms.ModelChoiceField(BoardGroup.objects.all(), label=_("그룹"))
    page = forms.ModelChoiceField(
        ContentPage.objects.defer("html"),
        label=_("내용"),
        help_text=_("내용관리에서 만든 페이지입니다. 초안은 공개할 때부터 보입니다."),
    )
    tag = LineField(label=_("태그"), max_length=30)
    address = AddressField(
        label=_("링크"),
        max_length=300,
        help_text=_(
            "이 사이트의 주소는 /popular/ 처럼, 다른 사이트는 https://로 시작하게 적습니다."
        ),
    )
    label = LineField(label=_("메뉴"), max_length=40)
    parent = forms.ModelChoiceField(
        MenuItem.objects.none(),
        label=_("상위 메뉴"),
        required=False,
        empty_label=_("없음 (첫째 줄)"),
    )
    min_level = forms.TypedChoiceField(
        label=_("볼 수 있는 사람"),
        choices=level_choices,
        coerce=int,
        help_text=_(
            "게시판과 내용은 볼 수 있는 사람에게만 보입니다. 여기서는 더 좁힐 수만 있습니다."
        ),
    )
    token = TokenField()

    class Meta:
        model = MenuItem
        fields = [*(name for names in OWN_FIELDS.values() for name in names), *OF_EACH]
        widgets = {"left_out": forms.CheckboxSelectMultiple}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        item = self.instance
        shown = [*OWN_FIELDS[item.kind], *OF_EACH]
        if item.pk:
            shown.remove("parent")  # the place is changed in the tree
        else:
            shown.append("token")
            self.fields["token"].initial = item.token
        if item.kind == Kind.HEADING:
            shown.remove("opens_window")
        if not item.pk and "left_out" in shown:
            shown.remove("left_out")  # of a group that is not chosen yet
        for name in {*self.fields} - {*shown}:
            del self.fields[name]
        self.order_fields(shown)
        self._explain(item)
        if "parent" in shown:
            tops = MenuItem.objects.filter(parent=None).select_related("board", "group", "page")
            self.fields["parent"].queryset = tops
        if "left_out" in shown:
            self.fields["left_out"].queryset = Board.objects.filter(group=item.group_id)

    def _explain(self, item: MenuItem) -> None:
        label = self.fields["label"]
        label.help_text = _("메뉴에 보일 이름.")
        if item.kind in NAMED_BY_THEMSELVES:
            label.required = False
            label.help_text = _("비워 두면 %s입니다.") % NAMED_BY_THEMSELVES[Kind(item.kind)]
        elif item.kind == Kind.HEADING:
            label.help_text = _("링크가 없습니다. 첫째 줄의 제목은 하위 메뉴가 있을 때 보입니다.")

    def clean_tag(self) -> str:
        tags = clean_tags(self.cleaned_data["tag"])
        if len(tags) != 1 or not Tag.objects.filter(name=tags[0]).exists():
            raise forms.ValidationError(_("이 태그가 붙은 글이 없습니다."))
        return tags[0]
