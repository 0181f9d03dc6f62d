"""The admin's search: pages by their title and keywords, settings by their label and help text.

It finds only what the user may open. A ModelAdmin may have `keywords`, a string of further words that
people look for, and `settings_pages`, whose fields are settings.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.utils import flatten_fieldsets
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import strip_tags

from boardsite.admin_menu import GROUPS, pages_for
from boardsite.reporting.reports import reports_for
from boardsite.text.korean import contains, query_words

MOST = 50  # settings that one search shows
ROWS = 12  # rows (boards) that a setting links to


class Found(NamedTuple):
    """`trail` is where it stands. `links` lead to the same setting of several rows: (name, address);
    then there is no address."""

    title: str
    trail: str
    address: str
    help: str = ""
    links: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Result:
    """`words` are those of the query, for highlighting. `lists` are where to look for the query
    among members, posts and so on: (name, address)."""

    query: str
    words: Sequence[str]
    pages: Sequence[Found] = ()
    settings: Sequence[Found] = ()
    lists: Sequence[tuple[str, str]] = ()


def search_admin(site: AdminSite, request: HttpRequest, query: str) -> Result:
    """What has all words of the query. Reads at most as much of the query as a search for posts."""
    query = query.strip()
    words = query_words(query)
    if not words:
        return Result(query, words)
    groups = site.get_app_list(request)
    return Result(
        query,
        words,
        [page for page, text in _pages(site, request, groups) if _has(text, words)],
        sorted(
            (
                setting
                for model_admin in _model_admins(site, groups)
                for setting, text in _settings(model_admin, request)
                if _has(text, words)
            ),
            key=lambda setting: len(setting.links),
        )[:MOST],
        [
            (entry["name"], f"{entry['admin_url']}?{urlencode({'q': query})}")
            for group in groups
            for entry in group["models"]
            if "model" in entry and site.get_model_admin(entry["model"]).search_fields
        ],
    )


def _has(text: str, words: Sequence[str]) -> bool:
    """People write compounds with and without spaces, so both match."""
    return contains(text, words) or contains(text.replace(" ", ""), words)


def _model_admins(site: AdminSite, groups: Sequence[dict[str, Any]]) -> list[ModelAdmin]:
    return [
        site.get_model_admin(entry["model"])
        for group in groups
        for entry in group["models"]
        if "model" in entry
    ]


def _pages(
    site: AdminSite, request: HttpRequest, groups: Sequence[dict[str, Any]]
) -> Iterator[tuple[Found, str]]:
    keywords = {page.name: page.keywords for page in pages_for(request.user)}
    for group in groups:
        for entry in group["models"]:
            if "model" in entry:
                more = getattr(site.get_model_admin(entry["model"]), "keywords", "")
            else:
                more = keywords[entry["label"]]
            found = Found(str(entry["name"]), str(group["name"]), entry["admin_url"])
            yield found, f"{found.title} {found.trail} {more}"
    for report in reports_for(request.user):
        trail = f"{GROUPS['statistics']} › {report.group}"
        found = Found(str(report.title), trail, reverse("show_report", args=[report.slug]))
        yield found, f"{found.title} {found.trail}"


def _settings(model_admin: Any, request: HttpRequest) -> Iterator[tuple[Found, str]]:
    """The fields of a page of settings, and the tables in it."""
    if not (hasattr(model_admin, "settings_pages") and model_admin.has_change_permission(request)):
        return
    pages = model_admin.settings_pages()
    if not pages:
        return
    _name, row, _address = pages[0]
    form = model_admin.get_form(request, row, change=True)(instance=row)
    page = str(model_admin.opts.verbose_name_plural)
    for section, options in model_admin.get_fieldsets(request, row):
        about = str(options.get("description", ""))
        for name in flatten_fieldsets([(section, options)]):
            if name not in form.fields:
                continue
            field = form[name]
            anchor = f"?{urlencode({'field': name})}#{field.id_for_label or field.auto_id}"
            trail = f"{page} › {section}" if section else page
            found = _found(str(field.label), trail, pages, anchor, strip_tags(str(field.help_text)))
            yield found, f"{found.title} {trail} {found.help} {strip_tags(about)}"
    for inline in model_admin.get_inline_instances(request, row):
        formset = inline.get_formset(request, row)
        title = str(inline.verbose_name_plural)
        labels = " ".join(str(field.label) for field in formset.form.base_fields.values())
        prefix = formset.get_default_prefix()
        yield _found(title, page, pages, f"#{prefix}-heading"), f"{title} {page} {labels}"


def _found(
    title: str, trail: str, pages: Sequence[tuple[str, Any, str]], anchor: str, help: str = ""
) -> Found:
    if len(pages) == 1:
        return Found(title, trail, pages[0][2] + anchor, help)
    links = [(name, address + anchor) for name, _row, address in pages[:ROWS]]
    return Found(title, trail, "", help, links)
