"""Parts of addresses. What does not fit is 404 before the database is asked."""

from django.urls import register_converter
from django.urls.converters import IntConverter, StringConverter


class NumberConverter(IntConverter):
    """A number as we write it: no leading zeros, and within the database's range."""

    regex = "[1-9][0-9]{0,8}"


class PkConverter(IntConverter):
    """The id of a row."""

    regex = "[1-9][0-9]{0,17}"


class BoardConverter(StringConverter):
    """What can be a board's or a group's address."""

    regex = "[A-Za-z0-9_]{2,20}"


class UsernameConverter(StringConverter):
    """What can be an 아이디."""

    regex = "[A-Za-z0-9_]{1,20}"


def register_converters() -> None:
    """Makes `<number:…>`, `<pk:…>`, `<board:…>` and `<username:…>` known to every urls.py."""
    register_converter(NumberConverter, "number")
    register_converter(PkConverter, "pk")
    register_converter(BoardConverter, "board")
    register_converter(UsernameConverter, "username")
