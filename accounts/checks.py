"""System checks of this app's settings."""

from django.core.checks import Error

from boardsite.checks import check_function


def check_audience(app_configs, **kwargs) -> list[Error]:
    return check_function("AUDIENCE_CHECK", error="accounts.E001")
