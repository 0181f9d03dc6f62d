"""The forms of the admin pages of members."""

from django import forms
from django.contrib.auth.forms import AdminPasswordChangeForm, BaseUserCreationForm
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.actions.roles import has_single_permissions
from accounts.forms.fields import NicknameField, check_nickname
from accounts.models import Member
from accounts.permissions import is_owner, may_give_role
from accounts.queries.retired_names import is_retired
from accounts.roles import ROLES


class OwnNames(forms.ModelForm):
    """Checks names like the site's own forms, except that the staff may assign reserved ones."""

    def clean_username(self) -> str:
        username = self.cleaned_data["username"]
        if username != self.instance.username and is_retired(username):
            raise forms.ValidationError(_("탈퇴한 회원이 쓰던 아이디입니다."), code="retired")
        return username

    def clean_nickname(self) -> str:
        return check_nickname(self.cleaned_data["nickname"], self.instance, given=True)

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class NewMemberForm(OwnNames, BaseUserCreationForm):
    nickname = NicknameField()

    class Meta:
        model = Member
        fields = ["username", "nickname", "email"]


class RoleBoxes(forms.CheckboxSelectMultiple):
    """A box for each role, with its sentence."""

    def create_option(self, name, value, label, *args, **kwargs):
        words = format_html("<b>{}</b> <span>{}</span>", label.name, label.sentence)
        return super().create_option(name, value, words, *args, **kwargs)


ROLE_FIELDS = ("given_roles", "drops_permissions")


def role_fields(staff: Member, member: Member) -> list[str]:
    """Those of ROLE_FIELDS that `staff` sees in the form of `member`."""
    may_give = not member.is_robot and any(may_give_role(staff, key) for key in ROLES)
    may_drop = is_owner(staff) and has_single_permissions(member)
    return [name for name, may in zip(ROLE_FIELDS, (may_give, may_drop), strict=True) if may]


class MemberForm(OwnNames, forms.ModelForm):
    """`given_roles` and `drops_permissions` are no columns: actions.roles applies them. The admin
    leaves out what the staff member may not set (`staff`)."""

    staff: Member  # the admin makes a class for each request
    nickname = NicknameField()
    given_roles = forms.MultipleChoiceField(
        label=_("역할"),
        required=False,
        widget=RoleBoxes,
        help_text=_("여럿을 함께 줄 수 있습니다. 역할이 있는 회원은 이 관리 페이지에 들어옵니다."),
    )
    drops_permissions = forms.BooleanField(
        label=_("따로 준 권한 거두기"),
        required=False,
        help_text=_("이 회원에게는 역할이 생기기 전에 하나씩 준 권한이 있습니다."),
    )

    class Meta:
        model = Member
        fields = ["username", "nickname", "email"]  # and those of the admin's fieldsets

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        shown = role_fields(self.staff, self.instance)
        for name in {*ROLE_FIELDS} - {*shown}:
            del self.fields[name]
        self._shown = [key for key in ROLES if may_give_role(self.staff, key)]
        if "given_roles" in shown:
            boxes = self.fields["given_roles"]
            boxes.choices = [(key, ROLES[key]) for key in self._shown]
            boxes.initial = [key for key in self._shown if key in self.instance.role_keys]

    @property
    def roles(self) -> frozenset[str]:
        """All roles that the member is to have: those without a box stay."""
        return self.instance.role_keys - {*self._shown} | {*self.cleaned_data["given_roles"]}


class NewPasswordForm(AdminPasswordChangeForm):
    # Django's own text has no Korean translation; its script shows the list by its id.
    usable_password_help_text = lazy(format_html, str)(
        '{}<ul id="id_unusable_warning" class="messagelist"><li class="warning">{}</li></ul>',
        _(
            "끄면 이 회원은 비밀번호로 로그인할 수 없습니다. 패스키와 소셜 로그인은 계속 쓸 수 있습니다."
        ),
        _("끄면 지금 비밀번호가 지워집니다."),
    )
