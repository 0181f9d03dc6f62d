"""What a person calls the browser that he logs in with. Pure: no Django models, no database."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# In this order: most browsers also carry the names of those that they are made from.
BROWSERS = [
    (r"KAKAOTALK", gettext_lazy("카카오톡")),
    (r"NAVER\(inapp", gettext_lazy("네이버 앱")),
    (r"DaumApps/", gettext_lazy("다음 앱")),
    (r"Whale/", gettext_lazy("웨일")),
    (r"SamsungBrowser/", gettext_lazy("삼성 인터넷")),
    (r"\bEdg(?:A|iOS)?/", "Edge"),
    (r"\bOPR/", "Opera"),
    (r"\bFirefox/|\bFxiOS/", "Firefox"),
    (r"\bChrome/|\bCriOS/", "Chrome"),
    (r"\bSafari/", "Safari"),
]
SYSTEMS = [
    (r"\biPhone\b", gettext_lazy("아이폰")),
    (r"\biPad\b", gettext_lazy("아이패드")),
    (r"\bAndroid\b", gettext_lazy("안드로이드")),
    (r"\bWindows\b", "Windows"),
    (r"\bMacintosh\b", "Mac"),
    (r"\bCrOS\b", gettext_lazy("크롬북")),
    (r"\bLinux\b", "Linux"),
]


def device_name(agent: str) -> str:
    """'Windows의 Chrome' of a User-Agent header: always words of ours, never of the header."""
    browser, system = _first(BROWSERS, agent), _first(SYSTEMS, agent)
    if not system:
        return browser or _("알 수 없는 기기")
    names = {"system": system, "browser": browser or _("알 수 없는 브라우저")}
    return _("%(system)s의 %(browser)s") % names


def _first(names: list, agent: str) -> str:
    return next((str(name) for pattern, name in names if re.search(pattern, agent)), "")
