"""Looks that an owner can begin with. Pure."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from boardsite.typing import StrOrPromise


class Preset(NamedTuple):
    """`accent` is "" for the site's own colour; the density is a value of Looks.Density."""

    name: StrOrPromise
    accent: str
    density: str


PRESETS = {
    "celadon": Preset(_("청자 (처음 모습)"), "", "comfortable"),
    "indigo": Preset(_("쪽빛"), "#2a4f9e", "comfortable"),
    "maple": Preset(_("단풍"), "#a3381f", "comfortable"),
    "plum": Preset(_("자두"), "#8a2f5f", "comfortable"),
    "ink": Preset(_("먹 (촘촘한 게시판)"), "#2f3b45", "compact"),
    "forest": Preset(_("솔숲 (촘촘한 게시판)"), "#2e5d2b", "compact"),
}
