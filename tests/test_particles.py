"""No message has a particle that does not agree with the word before it, Django's and allauth's included."""

from datetime import UTC, datetime
from gettext import GNUTranslations
from pathlib import Path

import allauth
import django
import pytest
from babel.messages.pofile import read_po
from django.apps import apps
from django.contrib import admin
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext, ngettext
from django.utils.translation.trans_real import translation

from tests.page import Page
from tests.particles import wrong_particles
from tests.sources import ROOT
from tests.test_glossary import messages

pytestmark = pytest.mark.any_database
DOMAINS = ("django", "djangojs")
OURS = ROOT / "locale/ko/LC_MESSAGES"
NAMES = ["쉼터", "사랑방", "연필", "Notice", "2026"]
# Sentences of Django for developers, and of parts of allauth that the site does not use.
UNSEEN = ("URI", "This message", "Referer", "wildcard", "CSRF", "class_name)s.allow")


@pytest.mark.parametrize(
    ("text", "is_wrong"),
    [
        ("{name} “{obj}”가 추가되었습니다.", True),
        ("%(name)s을/를 삭제합니다.", True),
        ("%s(으)로 바꿉니다.", True),
        ("<b>%(word)s</b>를 찾습니다.", True),
        ("게시판 그룹를 추가했습니다.", True),
        ("주소은/는 이미 있습니다.", True),
        ("자유게시판을 ‘쉼터’을 옮깁니다.", True),
        ("새 주소으로 옮깁니다.", True),
        ("연필으로 씁니다.", True),
        ("가을을 지나 마을을 이을 길로 갑니다.", False),
        ("지금 주소(%s)가 들어 있습니다.", False),
        ("%s님이 %d개를 골랐습니다.", False),
        ("삭제했습니다: {name} “{obj}”.", False),
        ("%(count)d번째 글로 갑니다.", False),
    ],
)
def test_the_check_knows_its_examples(text, is_wrong):
    assert bool(wrong_particles(text)) is is_wrong


def test_our_messages():
    found = {(path, text): wrong for path, text in messages() if (wrong := wrong_particles(text))}
    assert found == {}


def test_the_messages_of_libraries():
    """All that Django, its admin and allauth say in Korean, with our corrections."""
    catalog = translation("ko")._catalog
    said = {
        key: text
        for each in catalog._catalogs
        for key, text in each.items()
        if key and isinstance(text, str)
    }
    found = {
        key: wrong
        for key in said
        if (wrong := wrong_particles(catalog.get(key) or said[key]))
        and not any(word in str(key) for word in UNSEEN)
    }
    assert found == {}


@pytest.mark.parametrize("name", NAMES)
def test_the_admins_sentences_about_every_model(name):
    for model in admin.site._registry:
        noun = str(model._meta.verbose_name)
        said = [
            gettext("The {name} “{obj}” was added successfully."),
            gettext("The {name} “{obj}” was changed successfully."),
            gettext("The {name} “{obj}” was changed successfully. You may edit it again below."),
            gettext("The {name} “{obj}” was added successfully. You may add another {name} below."),
            gettext("Added {name} “{object}”."),
        ]
        texts = [str(format_lazy(each, name=noun, obj=name, object=name)) for each in said]
        texts += [
            gettext("The %(name)s “%(obj)s” was deleted successfully.")
            % {"name": noun, "obj": name},
            gettext("Successfully deleted %(count)d %(items)s.") % {"count": 3, "items": noun},
            gettext("%(model_name)s with this %(field_label)s already exists.")
            % {"model_name": noun, "field_label": name},
            ngettext(
                "%(count)s %(name)s was changed successfully.",
                "%(count)s %(name)s were changed successfully.",
                3,
            )
            % {"count": 3, "name": noun},
        ]
        for text in texts:
            assert wrong_particles(text) == [], text
            assert "성공적" not in text


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["쉼터", "사랑방"])
def test_what_the_admin_says_after_a_change(as_owner, group, name):
    path = f"/admin/boards/boardgroup/{group.pk}/change/"
    form = {"slug": group.slug, "name": name, "position": 1}
    said = Page(as_owner.post(path, form, follow=True).content).one("ul", class_="messagelist").text
    assert said.replace(" ", "") == f"저장했습니다: 게시판 그룹 “{name}”.".replace(" ", "")
    said = Page(as_owner.post(path, form | {"_continue": "1"}, follow=True).content)
    assert "아래에서 이어서 고칠 수 있습니다." in said.one("ul", class_="messagelist").text
    answer = as_owner.post(
        f"/admin/boards/boardgroup/{group.pk}/delete/", {"post": "yes"}, follow=True
    )
    said = Page(answer.content).one("ul", class_="messagelist").text
    assert wrong_particles(said) == []
    assert name in said


@pytest.mark.django_db
def test_a_taken_name_needs_no_particle(as_owner, board):
    form = {"slug": board.group.slug, "name": "다른 이름", "position": 1}
    answer = as_owner.post("/admin/boards/boardgroup/add/", form)
    assert "이미 쓰이는 주소입니다." in answer.text


def test_every_correction_is_of_a_sentence_that_exists():
    """What this version of Django does not say any more would not be corrected any more. Sentences
    of a newer Django carry its number."""
    roots = [Path(django.__file__).parent / "conf", Path(allauth.__file__).parent]
    roots += [Path(config.path) for config in apps.get_app_configs()]
    files = [root / f"locale/ko/LC_MESSAGES/{name}.po" for root in roots for name in DOMAINS]
    known = {_first(each.id) for path in files if path.exists() for each in entries_of(path)}
    is_newest = django.VERSION >= (6, 1)
    ours = {
        _first(each.id)
        for name in DOMAINS
        for each in entries_of(OURS / f"{name}.po")
        if ("Django 6.1" in each.auto_comments) == is_newest
    }
    assert ours - known == set()


def entries_of(path: Path) -> list:
    with path.open("rb") as file:
        return [each for each in read_po(file, locale="ko") if each.id]


def _first(text) -> str:
    return text[0] if isinstance(text, tuple) else text


@pytest.mark.django_db
def test_lists_say_numbers_and_times_as_koreans_do(as_owner, board):
    assert "게시판 1개" in Page(as_owner.get("/admin/boards/board/").content).text
    afternoon = datetime(2026, 11, 30, 15, 24, tzinfo=UTC)
    assert date_format(afternoon, "DATETIME_FORMAT") == "2026년 11월 30일 오후 3:24"


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_compiled_catalogue_is_that_of_the_source(domain):
    source = {_first(each.id): _first(each.string) for each in entries_of(OURS / f"{domain}.po")}
    with (OURS / f"{domain}.mo").open("rb") as file:
        compiled = GNUTranslations(file)._catalog
    found = {(key[0] if isinstance(key, tuple) else key): text for key, text in compiled.items()}
    found.pop("", None)
    assert found == source, "pybabel compile -d locale -D django (and -D djangojs)"
