"""How rows that pages read by the dozen become instances of their models."""

from collections.abc import Collection
from typing import Any, Self

from django.db import models
from django.db.models.base import ModelState


class LoadedDirectly(models.Model):
    """For models that have no `__init__` of their own and no receivers of pre_init and post_init:
    `from_db`, Django's hook for loading, puts the columns into the instance.

    Django's own passes them through `__init__`, which visits every field of the model, also those
    that were not read (0041)."""

    class Meta:
        abstract = True

    @classmethod
    def from_db(
        cls,
        db: str | None,
        field_names: Collection[str],
        values: Collection[Any],
        *,
        fetch_mode: Any = None,  # of Django 6.1
    ) -> Self:
        made = cls.__new__(cls)
        state = made._state = ModelState()
        state.adding, state.db = False, db
        if fetch_mode is not None:
            state.fetch_mode = fetch_mode
        made.__dict__.update(zip(field_names, values, strict=True))
        return made
