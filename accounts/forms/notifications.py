"""How a member wants to hear of what."""

from django import forms

from accounts.models import Member, Notification, NotificationChoice

Way = NotificationChoice.Way


class NotificationsForm(forms.Form):
    """A field for each kind of notification, with its name: on the site, by mail, not at all."""

    all_required = True  # none of them can be left empty

    def __init__(self, *args, member: Member, **kwargs):
        said = NotificationChoice.objects.filter(member=member).values_list("kind", "way")
        super().__init__(*args, initial=dict(said), **kwargs)
        for kind in Notification.Kind:
            self.fields[kind.value] = forms.ChoiceField(
                label=kind.label, choices=Way.choices, initial=Way.SITE
            )

    @property
    def ways(self) -> dict[str, str]:
        """Kind → way, of a valid form."""
        return {kind: self.cleaned_data[kind] for kind in Notification.Kind.values}
