"""Readable names of browsers. Pure: no Django models, no database."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from boardsite.visitors.user_agents import OTHER, describe

# The usual names in Korean; other systems keep their own names.
SYSTEMS = {
    "iOS": gettext_lazy("아이폰"),
    "iPadOS": gettext_lazy("아이패드"),
    "Android": gettext_lazy("안드로이드"),
    "macOS": "Mac",
    "ChromeOS": gettext_lazy("크롬북"),
}


def device_name(agent: str) -> str:
    """'Windows의 Chrome' for a User-Agent header. All words come from fixed lists, never from the
    header."""
    browser, system, _device = describe(agent)
    if system == OTHER:
        return _("알 수 없는 기기") if browser == OTHER else browser
    names = {
        "system": SYSTEMS.get(system, system),
        "browser": _("알 수 없는 브라우저") if browser == OTHER else browser,
    }
    return _("%(system)s의 %(browser)s") % names
