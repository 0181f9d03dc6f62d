"""The exception of rate limits. It needs no database, because pure modules raise it too."""

from django.utils.translation import gettext as _


class TooMany(Exception):
    """The limit is reached: answer with `status`. `retry_after` is in seconds, `message` is Korean."""

    status = 429

    def __init__(self, retry_after: int):
        self.retry_after = max(1, retry_after)
        self.message = _("요청이 너무 잦습니다. %(wait)s 뒤에 다시 시도해 주세요.") % {
            "wait": self.wait
        }
        super().__init__(self.message)

    @property
    def wait(self) -> str:
        """`retry_after` in words."""
        return _wait(self.retry_after)


def _wait(seconds: int) -> str:
    if seconds < 60:
        return _("%(count)d초") % {"count": seconds}
    return _("%(count)d분") % {"count": -(-seconds // 60)}
