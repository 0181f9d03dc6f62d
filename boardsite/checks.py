"""What `manage.py check`, and so every start, says about settings; each app registers its own."""

from django.conf import settings
from django.core.checks import Error
from django.utils.module_loading import import_string


def check_function(name: str, *, error: str) -> list[Error]:
    """The setting `name`, a dotted path, must lead to something that can be called, or be empty;
    `error` is the id of the complaint."""
    path = getattr(settings, name)
    if not path:
        return []
    try:
        if callable(import_string(path)):
            return []
        problem = "it is not a function"
    except ImportError as missing:
        problem = str(missing)
    return [Error(f"{name}={path}: {problem}", id=error)]
