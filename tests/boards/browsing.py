"""Browser helpers for tests: form fields, uploaded files, parallel requests, and parsers of the
responses.
"""

import io
import threading
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html.parser import HTMLParser

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts.forms.traps import stamp


def post_form(**changes) -> dict:
    """Return the fields of a new, empty post form."""
    fields = {"subject": "봄나들이", "source": "<p>벚꽃이 활짝 피었습니다.</p>", "format": "html"}
    return fields | {"submission": str(uuid.uuid4())} | changes


def comment_form(text: str = "사진도 올려 주세요", **changes) -> dict:
    """Return the fields of a new, empty comment form."""
    return {"text": text, "submission": str(uuid.uuid4())} | changes


def guest_fields(seconds: float = 10, **changes) -> dict:
    """Return the extra fields of a guest's form that was opened `seconds` ago."""
    made = stamp(timezone.now() - timedelta(seconds=seconds))
    fields = {"guest_name": "나그네", "guest_password": "풀잎 1234", "homepage": "", "made": made}
    return fields | changes


def picture(name: str = "벚꽃.png", colour: str = "pink") -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(file, "PNG")
    return SimpleUploadedFile(name, file.getvalue(), "image/png")


def document(name: str = "일정표.txt", content: bytes = b"April 5") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "text/plain")


def read(client: Client, address: str, status: int = 200) -> str:
    """Fetch the page at `address` and assert that its status is `status`."""
    answer = client.get(address)
    assert answer.status_code == status, f"{address}: {answer.status_code}"
    return b"".join(answer).decode(errors="replace")


def finds(client: Client, word: str, field: str = "") -> list[str]:
    """Return the addresses of the results for `word`, in order."""
    answer = client.get("/search/", {"q": word, "field": field})
    return [row.url for row in answer.context["results"]]


def all_at_once(actions: Sequence[Callable]) -> list:
    """Run each of `actions` in a thread with its own connection, all at the same moment; return their
    results.
    """
    gate = threading.Barrier(len(actions), timeout=120)

    def run(action: Callable):
        gate.wait()
        try:
            return action()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(actions)) as threads:
        return list(threads.map(run, actions))


class Dangers(HTMLParser):
    """Collects what could run a script: event handlers, `javascript:` addresses and inline scripts."""

    def __init__(self, page: str):
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        if tag in ("object", "embed", "base"):
            self.found.append(tag)
        is_data = attributes == [
            ("type", "application/ld+json")
        ]  # a data block, which browsers do not run
        if (
            tag == "script"
            and not is_data
            and not (dict(attributes).get("src") or "").startswith("/static/")
        ):
            self.found.append("script")
        for name, value in attributes:
            address = "".join((value or "").split()).lower()
            is_script = address.startswith(("javascript:", "vbscript:", "data:"))
            if is_script or name == "srcdoc" or name.startswith("on"):
                self.found.append(f"{tag} {name}={value}")


def dangers(page: str) -> list[str]:
    return Dangers(page).found
