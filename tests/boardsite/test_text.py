"""Text from outside is limited before it is processed, and cheap to normalise (attack cases 49 and
96)."""

import ast
import pkgutil
import re
import sys
import unicodedata
from importlib import import_module

import pytest
from django import forms

import accounts.forms
import boards.forms
from boardsite import text
from boardsite.forms import CutField, LengthFirst
from boardsite.text import MAX_RUN, MAX_STACK, normalize, without_stacked_marks
from tests.sources import parsed_sources

FORMS = ("NFC", "NFD", "NFKC", "NFKD")


def _longest_run(written: str) -> int:
    """The longest run of characters that normalisation sorts."""
    sorted_ones = ("x" if unicodedata.combining(each) else " " for each in written)
    return max(map(len, "".join(sorted_ones).split()), default=0)


def test_no_character_of_unicode_can_be_stacked():
    """Case 96: whatever its plane, category and combining class, alone and beside another mark."""
    missed = []
    for char in map(chr, range(sys.maxunicode + 1)):
        if "\ud800" <= char <= "\udfff":
            continue
        decomposed = unicodedata.normalize("NFKD", char)
        is_mark = unicodedata.category(char)[0] == "M"
        if not is_mark and not any(map(unicodedata.combining, decomposed)):
            continue
        for tower in (char * 40, (char + "\u0323") * 40):
            low = without_stacked_marks(f"a{tower}")
            parts = unicodedata.normalize("NFKD", low)
            if (is_mark and len(low) > 1 + MAX_RUN) or _longest_run(parts) > 4 * MAX_RUN:
                missed.append(f"{ord(char):04x}")
    assert missed == []


@pytest.mark.parametrize("form", FORMS)
def test_a_normalised_stack_is_low(form):
    for tower in ("\u0301\u0323", "\u302e\u1715", "\uff9e\u0323", "\U0001d165\u0323", "\u0344"):
        assert len(normalize(form, "a" + tower * 60_000)) <= 1 + 4 * MAX_STACK


@pytest.mark.parametrize(
    "words",
    [
        *("민지", unicodedata.normalize("NFD", "민지야 안녕"), "Bản tiếng Việt", "ﾊﾟﾋﾟﾌﾟ", "ﾞﾟ"),
        *("मन्त्रिमण्डल", "ကျွန်ုပ်တို့", "မြှောက်", "น้ำผึ้ง", "שָׁלוֹם", "தமிழ்", "বাংলা", "ྐྵུྃ"[:3]),
        *("👩‍❤️‍💋‍👨", "1️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "葛󠄀城", "a\u0301\u0323\u0330"),
    ],
)
def test_living_scripts_and_emoji_are_unchanged(words):
    assert without_stacked_marks(words) == words
    for form in FORMS:
        assert normalize(form, words) == unicodedata.normalize(form, words)


def test_only_one_module_normalises():
    """Case 96: elsewhere a stack of marks would cost the square of its height."""
    asking = {
        str(path)
        for path, tree in parsed_sources()
        for node in ast.walk(tree)
        if (isinstance(node, ast.Attribute) and ast.unparse(node) == "unicodedata.normalize")
        or (isinstance(node, ast.ImportFrom) and node.module == "unicodedata")
    }
    assert asking == {"boardsite/text/__init__.py"}


OURS = {"accounts", "boards", "boardsite", "collector", "visits"}


def _all_subclasses(cls: type) -> set[type]:
    return {cls, *(each for child in cls.__subclasses__() for each in _all_subclasses(child))}


def test_a_field_that_transforms_its_text_checks_the_length_first():
    careless = [
        cls
        for cls in _all_subclasses(forms.Field)
        if cls.__module__.split(".")[0] in OURS
        and "to_python" in vars(cls)
        and not issubclass(cls, LengthFirst)
    ]
    assert careless == []


def test_a_field_refuses_by_the_raw_length(monkeypatch):
    class Field(LengthFirst, forms.CharField):
        def to_python(self, value):
            raise AssertionError("It was transformed")

    limit = text.raw_limit(10)
    with pytest.raises(forms.ValidationError) as refused:
        Field(max_length=10).clean("a" * (limit + 1))
    assert refused.value.code == "max_length"
    with pytest.raises(AssertionError):
        Field(max_length=10).clean("a" * limit)


def test_no_url_accepts_a_word_of_any_length():
    from tests.test_pages import routes

    own = [route for route in routes() if not re.match(r"admin/|accounts/", route)]
    assert [route for route in own if re.search("<(?:str|slug|path):", route)] == []


# Our fields without a maximum length, with what bounds them instead.
UNBOUNDED = {
    "PostForm.source": "richtext.MAX_SOURCE",
    "password": "is hashed",
    "password1": "is hashed",
    "password2": "is hashed",
    "oldpassword": "is hashed",
    "certificate_key": "the owner's",
    "blocked_words": "the owner's",
    "guest_blocked_words": "the owner's",
    "header": "the owner's",
    "footer": "the owner's",
    "template": "the owner's",
    "refused_names": "the owner's",
    "code": "is compared, and never normalised (test_long_text)",
    "credential": "JSON, as long as a form may be",
    "AddPasskeyForm.name": "is cut at NAME_LENGTH",
    "EditPasskeyForm.name": "is cut at NAME_LENGTH",
    "SignupForm.username": "allauth limits it when it makes the form",
    "SocialSignupForm.username": "allauth limits it when it makes the form",
    "about": "a UUID",
    "submission": "a UUID",
}


def test_every_text_field_has_a_maximum_length():
    from tests.test_pages import routes

    assert routes()
    for package in (accounts.forms, boards.forms):  # allauth imports some of them lazily
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    unbounded = {
        f"{form.__name__}.{name}"
        for form in _all_subclasses(forms.BaseForm)
        if form.__module__.split(".")[0] in OURS
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.CharField) and not isinstance(field, LengthFirst | CutField)
        if field.max_length is None and name not in UNBOUNDED
    }
    assert unbounded - set(UNBOUNDED) == set()
