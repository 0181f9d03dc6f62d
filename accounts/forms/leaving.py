"""탈퇴: the password, and whether to delete the posts where the owner lets members choose."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.proving import ProofForm
from accounts.models import MemberSettings


class LeaveForm(ProofForm):
    posts = forms.ChoiceField(
        label=_("내가 쓴 글과 댓글"),
        choices=[
            ("keep", _("'탈퇴한 회원'의 이름으로 남김")),
            ("remove", _("모두 삭제 (다른 회원이 답변글을 단 글은 이름만 지웁니다)")),
        ],
        initial="keep",
        widget=forms.RadioSelect,
    )
    field_order = ["posts", "password"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if MemberSettings.known().leavers_posts == MemberSettings.LeaversPosts.KEEP:
            del self.fields["posts"]

    @property
    def removes_posts(self) -> bool:
        return self.cleaned_data.get("posts") == "remove"
