"""Base classes of all admin pages."""

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from boardsite.text import id_in

KEY_LENGTH = 19
"""A number with more digits than this cannot be the key of a row."""


class OnlyAllowedActions:
    """Answers 403 to an action that the member has no permission for, where Django would show the
    list with a warning."""

    def changelist_view(self, request, extra_context=None):
        asked = {action for action in request.POST.getlist("action") if action}
        if asked - set(self.get_actions(request)):
            raise PermissionDenied
        return super().changelist_view(request, extra_context)


class _KnownKeys:
    """When Django shows an invalid form again, it looks up the submitted keys without checking them
    first."""

    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [each for each in map(str, value) if id_in(each)], attr)


class _Placeholder:
    @property
    def media(self):
        scripts = ["admin/js/autocomplete.js", "js/admin-autocomplete.js"]  # in this order
        return super().media + forms.Media(js=scripts)

    def build_attrs(self, base_attrs, extra_attrs=None):
        """The placeholder is also the label of the text field, which has no other."""
        attrs = super().build_attrs(base_attrs, extra_attrs)
        return attrs | {"data-placeholder": str(_("이름으로 찾기"))}


class _Select(_Placeholder, _KnownKeys, AutocompleteSelect):
    pass


class _SelectMultiple(_Placeholder, _KnownKeys, AutocompleteSelectMultiple):
    pass


class _MultipleChoice(forms.ModelMultipleChoiceField):
    def clean(self, value):
        for sent in value or ():
            if not id_in(str(sent)):
                sentence = self.error_messages["invalid_pk_value"]
                params = {"pk": str(sent)[:KEY_LENGTH]}
                raise ValidationError(sentence, code="invalid_pk_value", params=params)
        return super().clean(value)


class Autocompletes:
    """For an admin with `autocomplete_fields`: a submitted value that cannot be a key is a form
    error."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.autocomplete_fields:
            kwargs["widget"] = _Select(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in self.autocomplete_fields:
            kwargs["widget"] = _SelectMultiple(db_field, self.admin_site, using=kwargs.get("using"))
            kwargs["form_class"] = _MultipleChoice
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class NamedMoments:
    """Names the two fields of a date and a time, which Django's widget leaves without labels."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(db_field, models.DateTimeField):
            for widget, part in zip(field.widget.widgets, (_("날짜"), _("시각")), strict=True):
                widget.attrs["aria-label"] = f"{db_field.verbose_name} {part}"
        return field


class LabelledCells(forms.ModelForm):
    """A row of a table. Its fields have no labels on the screen but the heads of their columns."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = field.label


class LabelledRows(forms.BaseInlineFormSet):
    """The rows of a table, with a name for the box that deletes one."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = _("삭제")


class ReadOnly:
    """Nobody can add, change or delete these rows in the admin."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class OneRowAdmin:
    """The admin page of a OneRow: a form without a list. This process uses the new values at once."""

    def changelist_view(self, request, extra_context=None):
        return redirect(self._address())

    def settings_pages(self):
        """For the admin's search (boardsite/admin_search.py): (name, row, address)."""
        return [("", self.model.load(), self._address())]

    def _address(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        return reverse(f"admin:{name}_change", args=[self.model.load().pk])

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        self.model.forget()
