"""Path converters. A path that does not match is a 404 without a database query."""

from django.urls import register_converter
from django.urls.converters import IntConverter, StringConverter


class NumberConverter(IntConverter):
    """A number in its usual spelling: without leading zeros and within the database's range."""

    regex = "[1-9][0-9]{0,8}"


class PkConverter(IntConverter):
    """The primary key of a row."""

    regex = "[1-9][0-9]{0,17}"


class BoardConverter(StringConverter):
    """The slug of a board or of a group of boards."""

    regex = "[A-Za-z0-9_]{2,20}"


class UsernameConverter(StringConverter):
    """An 아이디 (username)."""

    regex = "[A-Za-z0-9_]{1,20}"


class TextConverter(StringConverter):
    """Any text without a slash, up to the length of the longest name or token."""

    regex = "[^/]{1,400}"


def register_converters() -> None:
    """Registers `<number:…>`, `<pk:…>`, `<board:…>`, `<username:…>` and `<text:…>` for every
    urls.py."""
    register_converter(NumberConverter, "number")
    register_converter(PkConverter, "pk")
    register_converter(BoardConverter, "board")
    register_converter(UsernameConverter, "username")
    register_converter(TextConverter, "text")
