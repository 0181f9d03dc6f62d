"""The field of 추천인: the member who recommended the site to a new one."""

from allauth.core import context
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.actions.joining import name_recommender
from accounts.models import Member, PointSettings
from boardsite.forms import LengthFirst
from boardsite.limits.rate_limit import is_first_today
from boardsite.visitors.identity import address_key

UNKNOWN = _("없는 회원입니다. 추천인의 별명을 확인하거나 비워 주세요.")


class RecommenderName(LengthFirst, forms.CharField):
    """A 별명 as somebody remembers it."""


class RecommenderField(forms.Form):
    """Asks for the recommender while the owner gives points for recommending."""

    recommender = RecommenderName(
        label=_("추천인"),
        required=False,
        max_length=Member._meta.get_field("nickname").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("이 사이트를 알려 준 회원이 있으면 그 별명을 적어 주세요."),
        error_messages={"max_length": UNKNOWN},
    )

    counted_recommender: Member | None = None

    def ask_recommender(self) -> None:
        """To be called at the end of __init__: removes the field where nobody gets points."""
        settings = PointSettings.known()
        if not (settings.is_on and settings.recommend):
            del self.fields["recommender"]

    def clean_recommender(self) -> Member | None:
        name = self.cleaned_data["recommender"]
        if not name:
            return None
        member = Member.objects.with_nickname(name).first()
        if member is None or not member.is_here or member.is_robot:
            raise forms.ValidationError(UNKNOWN, code="unknown")
        return member

    def count_recommender(self) -> None:
        """To be called before the transaction that creates the member, because a rollback would
        undo the count.

        Once per address and day, so that members who create accounts to recommend themselves gain
        little."""
        recommender = self.cleaned_data.get("recommender")
        # Forms have no request; allauth's middleware stores the current one for all.
        if recommender and is_first_today(f"recommended:{address_key(context.request)}"):
            self.counted_recommender = recommender

    def keep_recommender(self, member: Member) -> None:
        if self.counted_recommender is not None:
            name_recommender(member=member, recommender=self.counted_recommender)
