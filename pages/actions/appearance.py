"""The site's look: a draft that is published or discarded as a whole."""

from django.db import transaction

from pages.actions.images import delete_unused_image
from pages.models import Appearance, AppearanceDraft, Looks


def publish_appearance() -> None:
    """Everybody sees the draft from now on."""
    _copy(AppearanceDraft, Appearance)


def discard_appearance() -> None:
    """The draft is again what is published."""
    _copy(Appearance, AppearanceDraft)


@transaction.atomic
def _copy(source: type[Looks], target: type[Looks]) -> None:
    """Pictures that neither row shows any longer are deleted after the commit."""
    for model in (Appearance, AppearanceDraft):
        model.load()
    # The draft first, as a form that saves it and publishes it.
    rows: dict[type[Looks], Looks] = {
        AppearanceDraft: AppearanceDraft.objects.select_for_update().get(pk=1),
        Appearance: Appearance.objects.select_for_update().get(pk=1),
    }
    gone = rows[target].image_keys - rows[source].image_keys
    for name, value in rows[source].values.items():
        setattr(rows[target], name, value)
    rows[target].save()
    transaction.on_commit(lambda: _delete_unused(gone))


def _delete_unused(keys: set[int]) -> None:
    for key in keys:
        delete_unused_image(pk=key)
