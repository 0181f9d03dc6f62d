"""System checks of this app's settings."""

from django.core.checks import Error

from boardsite.checks import check_function


def check_robot_check(app_configs, **kwargs) -> list[Error]:
    return check_function("VISITS_ROBOT_CHECK", error="visits.E001")
