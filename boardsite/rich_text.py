"""The form field of a rich text in the admin, with the editor of the write form."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms.widgets import Script
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

from boardsite.forms import LengthFirst
from boardsite.text import richtext
from boardsite.typing import StrOrPromise

EDITOR = "vendor/hugerte-1.0.14"
SCRIPTS = [
    f"{EDITOR}/hugerte.min.js",
    *(f"js/editor-{part}.js" for part in ("ko", "media", "paste", "typing")),
    "js/editor.js",
]
PICTURES = ".jpg,.jpeg,.png,.gif,.webp"
_TAG = re.compile(r"<[a-z/!]", re.IGNORECASE | re.ASCII)


def html_of(source: str) -> str:
    """The cleaned HTML of a text whose format is not known: with tags it is HTML, else plain text.
    "" if it would show nothing. Raises ValidationError for a text that is too long or complex."""
    try:
        html = richtext.render(source, "html" if _TAG.search(source) else "text")
    except richtext.TooComplex as problem:
        raise ValidationError(str(problem), code="too_complex") from None
    return "" if richtext.is_blank(html) else html


class RichTextArea(forms.Textarea):
    """The editor; without JavaScript a textarea of HTML or plain text.

    `upload_url` is where the editor posts a picture; without it none can be uploaded."""

    template_name = "admin/rich_text.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, upload_url: StrOrPromise = ""):
        super().__init__({"rows": 16, "cols": 80, "class": "editor"} | (attrs or {}))
        self.upload_url = upload_url

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        parts = {
            "data-editor": "tags",
            "data-editor-base": settings.STATIC_URL + EDITOR,
            "data-content-css": f"{static('css/tokens.css')},{static('css/post-body.css')}",
        }
        if self.upload_url:
            parts |= {"data-upload-url": str(self.upload_url), "data-pictures": PICTURES}
        return super().get_context(name, value, parts | (attrs or {}))

    @property
    def media(self) -> forms.Media:
        scripts = [Script(path, defer=True) for path in SCRIPTS]
        return forms.Media(js=scripts, css={"all": ["css/editor.css"]})  # type: ignore[arg-type] # the stubs want tuples


class RichTextField(LengthFirst, forms.CharField):
    """A rich text. Its value is HTML that templates may show, cleaned as a post is.

    `max_length` limits the HTML."""

    widget = RichTextArea

    def __init__(self, *, max_length: int = richtext.MAX_SOURCE, **kwargs: Any):
        kwargs.setdefault("error_messages", {})
        kwargs["error_messages"].setdefault(
            "max_length",
            _("글이 너무 깁니다. 서식을 포함해 %(limit_value)d자까지 쓸 수 있습니다."),
        )
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value: Any) -> str:
        source = super().to_python(value)
        return html_of(source) if source else ""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Without maxlength, which would count the letters of the editor's HTML."""
        return {}
