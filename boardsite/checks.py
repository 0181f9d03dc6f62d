"""System checks of the settings. They run at each start; each app registers its own."""

from importlib.util import find_spec

from django.conf import settings
from django.core.checks import Error
from django.utils.module_loading import import_string


def check_function(name: str, *, error: str) -> list[Error]:
    """An error with the id `error` unless the setting `name` is empty or the dotted path of a
    callable."""
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


def check_files(**options) -> list[Error]:
    """With S3_BUCKET, django-storages must be installed and ACCEL_REDIRECT must be off."""
    if not settings.S3_BUCKET:
        return []
    problems = []
    if not (find_spec("storages") and find_spec("boto3")):
        words = "S3_BUCKET needs what requirements-s3.txt holds: pip install -r requirements-s3.txt"
        problems.append(Error(words, id="boardsite.E001"))
    if settings.ACCEL_REDIRECT:
        words = "ACCEL_REDIRECT is for files on disk, S3_BUCKET has them elsewhere: unset one"
        problems.append(Error(words, id="boardsite.E002"))
    return problems
