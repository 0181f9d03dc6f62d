"""A row of each model that the admin can change, for tests that open all of its forms."""

from django.contrib import admin
from django.urls import reverse

from accounts.models import AddressBlock, Invitation, LevelRule, PointEntry
from boardsite.admin_actions import OneRowAdmin
from boardsite.admin_menu import pages_for


def create_admin_data(minji) -> None:
    AddressBlock.objects.get_or_create(network="203.0.113.7", defaults={"reason": "도배"})
    Invitation.objects.get_or_create(code="0123456789", defaults={"uses": 1})
    LevelRule.objects.get_or_create(level=3, defaults={"posts": 10})
    PointEntry.objects.get_or_create(member=minji, kind="manual", amount=0, text="이벤트")


def admin_pages(request) -> list[tuple[str, str]]:
    """(URL name, its argument or "") of all pages that the admin shows this user: the lists, a form
    to add and a form to change of each model, and the pages without a model. Of the history and
    the question before deleting there is one page each, because they are alike."""
    pages = [("admin:index", ""), ("admin:search", "")]
    alike = {}
    for model, model_admin in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        is_form = issubclass(type(model_admin), OneRowAdmin)  # its list is its form
        if not is_form:
            pages.append((f"{name}_changelist", ""))
        if model_admin.has_add_permission(request):
            pages.append((f"{name}_add", ""))
        row = model._default_manager.order_by("-pk").first()
        if row is not None and model_admin.has_view_permission(request, row):
            pages.append((f"{name}_change", row.pk))
            alike["history"] = (f"{name}_history", row.pk)
            if model_admin.has_delete_permission(request, row):
                alike["delete"] = (f"{name}_delete", row.pk)
    own = [(page.name, "") for page in pages_for(request.user)]
    found = [*pages, *alike.values(), *own]
    return [
        (name, pk)
        for name, pk in found
        if reverse(name, args=[pk] if pk else []).startswith("/admin/")
    ]
