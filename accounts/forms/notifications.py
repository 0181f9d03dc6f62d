"""How a member wants to be notified."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import MailRefusal, Member, Notification, NotificationChoice

Way = NotificationChoice.Way


class NotificationsForm(forms.Form):
    """A field for each kind of notification, named after it: on the site, by mail, not at all."""

    all_required = True  # none of them can be empty

    def __init__(self, *args, member: Member, **kwargs):
        said = NotificationChoice.objects.filter(member=member).values_list("kind", "way")
        kwargs["initial"] = dict(said)
        super().__init__(*args, **kwargs)
        for kind in Notification.Kind:
            self.fields[kind.value] = forms.ChoiceField(
                label=kind.label,
                choices=Way.choices,
                initial=NotificationChoice.default_way(kind),
            )
        refused = MailRefusal.objects.filter(member=member).exists()
        self.fields["news"] = forms.ChoiceField(
            label=_("운영진이 회원에게 보내는 소식"),
            choices=[("mail", _("메일")), ("none", _("받지 않음"))],
            initial="none" if refused else "mail",
            required=False,  # what is left out does not change
        )

    @property
    def ways(self) -> dict[str, str]:
        """Kind → way, of a valid form."""
        return {kind: self.cleaned_data[kind] for kind in Notification.Kind.values}
