"""What `manage.py check`, and so every start, says about settings of this app."""

from django.core.checks import Error

from boardsite.checks import check_function


def check_audience(app_configs, **kwargs) -> list[Error]:
    return check_function("AUDIENCE_CHECK", error="accounts.E001")
