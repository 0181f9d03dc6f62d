"""Skins: the appearance of a board's list. Built-in ones are templates, others folders in
DATA_DIR/skins.

See docs/skins.md. An installed skin consists of `skin.json`, `list.html` and `style.css`, which are
reloaded when they change. A broken skin is not offered, and boards that use it show the plain list.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from boards.skin_language import BadSkin, check_style, parse, render
from boardsite.typing import StrOrPromise

NAME = re.compile(r"[a-z][a-z0-9_]{1,19}\Z")
MAX_BYTES = 100_000  # per file
EXCERPT, BODY = "excerpt", "body"


@dataclass(frozen=True)
class Skin:
    """`shows`: how much of a post's text its rows contain: "", EXCERPT or BODY. `is_faq`: moderators
    order its questions by hand (queries.faq)."""

    name: str
    label: StrOrPromise
    template: str
    shows: str = ""
    is_faq: bool = False


@dataclass(frozen=True)
class InstalledSkin(Skin):
    list_html: object = None  # a template of boards.skin_language
    style: str = ""

    @property
    def style_url(self) -> str:
        version = hashlib.sha256(self.style.encode()).hexdigest()[:12]
        return f"/skins/{self.name}/style.css?v={version}"

    def render(self, board, posts) -> str:
        """The rows of a page (queries.PostList) as sanitised HTML."""
        about = {"name": board.name, "description": board.description, "url": f"/{board.slug}/"}
        return render(
            self.list_html, {"board": about, "rows": posts.rows, "notices": posts.notices}
        )


OURS = {
    skin.name: skin
    for skin in (
        Skin("list", gettext_lazy("목록"), "boards/list_posts_list.jinja"),
        Skin("gallery", gettext_lazy("갤러리"), "boards/list_posts_gallery.jinja"),
        Skin("webzine", gettext_lazy("웹진"), "boards/list_posts_webzine.jinja", EXCERPT),
        Skin(
            "faq", gettext_lazy("자주하시는 질문"), "boards/list_posts_faq.jinja", BODY, is_faq=True
        ),
    )
}


def find_skin(name: str) -> Skin:
    """The skin of that name; the plain list if it is missing or broken."""
    if name in OURS:
        return OURS[name]
    try:
        return read_skin(name)
    except BadSkin:
        return OURS["list"]


def skin_choices() -> list[tuple[str, str]]:
    """Names and labels of all valid skins, for the admin."""
    choices = [(skin.name, str(skin.label)) for skin in OURS.values()]
    for folder in sorted(_folder().glob("*/skin.json")):
        try:
            skin = read_skin(folder.parent.name)
        except BadSkin:
            continue
        choices.append((skin.name, str(skin.label)))
    return choices


def read_skin(name: str) -> InstalledSkin:
    """The installed skin of that name. Raises BadSkin with the reason."""
    if not NAME.match(name) or name in OURS:
        raise BadSkin(_("스킨 폴더의 이름은 영문 소문자, 숫자, _ 로 2자 이상이어야 합니다."))
    folder = _folder() / name
    return _read(name, *(_text(folder / part) for part in ("skin.json", "list.html", "style.css")))


@lru_cache(maxsize=32)
def _read(name: str, about: str, list_html: str, style: str) -> InstalledSkin:
    try:
        told = json.loads(about)
        label, shows = told["name"], told.get("shows", "")
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BadSkin(_("skin.json에 name이 없거나 JSON이 아닙니다.")) from None
    if not isinstance(label, str) or not 0 < len(label) <= 20:
        raise BadSkin(_("skin.json의 name은 20자까지입니다."))
    if shows not in ("", EXCERPT, BODY):
        raise BadSkin(_("skin.json의 shows는 excerpt나 body입니다."))
    check_style(style)
    template = "boards/list_posts_installed.jinja"
    return InstalledSkin(name, label, template, shows, list_html=parse(list_html), style=style)


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "skins"


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadSkin(_("%s 파일이 너무 큽니다.") % path.name)
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise BadSkin(_("%s 파일을 읽을 수 없습니다.") % path.name) from None
