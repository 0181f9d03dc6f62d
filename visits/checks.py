"""What `manage.py check`, and so every start, says about settings of this app."""

from django.conf import settings
from django.core.checks import Error
from django.utils.module_loading import import_string


def check_robot_check(app_configs, **kwargs) -> list[Error]:
    """settings.VISITS_ROBOT_CHECK must name something that can be called."""
    path = settings.VISITS_ROBOT_CHECK
    if not path:
        return []
    try:
        if callable(import_string(path)):
            return []
        problem = "it is not a function"
    except ImportError as error:
        problem = str(error)
    return [Error(f"VISITS_ROBOT_CHECK={path}: {problem}", id="visits.E001")]
