"""`manage.py <command> --help` describes a command."""

from io import StringIO

import pytest
from django.core.management import get_commands, load_command_class

OURS = sorted(
    name
    for name, app in get_commands().items()
    if app in ("boardsite", "accounts", "boards", "visits")
)


@pytest.mark.parametrize("name", OURS)
def test_a_command_describes_itself(name):
    app = get_commands()[name]
    parser = load_command_class(app, name).create_parser("manage.py", name)
    shown = StringIO()
    parser.print_help(shown)
    assert f"manage.py {name}" in shown.getvalue()
