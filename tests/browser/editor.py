"""Operates the rich text editor, whose content is in a frame."""

import base64

from playwright.sync_api import Locator, Page, expect

from tests.crowd import picture_upload

PASTE = """
(body, data) => {
  const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
  const clipboard = new DataTransfer();
  clipboard.items.add(new File([bytes], 'image.png', { type: 'image/png' }));
  const options = { clipboardData: clipboard, bubbles: true, cancelable: true };
  body.dispatchEvent(new ClipboardEvent('paste', options));
}
"""


PASTE_HTML = """
(body, html) => {
  const clipboard = new DataTransfer();
  clipboard.setData('text/html', html);
  clipboard.setData('text/plain', new DOMParser().parseFromString(html, 'text/html').body.textContent);
  const options = { clipboardData: clipboard, bubbles: true, cancelable: true };
  body.dispatchEvent(new ClipboardEvent('paste', options));
}
"""


def editor_body(page: Page) -> Locator:
    """The content of the editor, once it has started."""
    body = page.frame_locator("iframe.tox-edit-area__iframe").locator("body.post-body")
    expect(body).to_have_attribute("contenteditable", "true")
    return body


def write_in_editor(page: Page, words: str) -> None:
    editor_body(page).click()
    page.keyboard.type(words)


def paste_html(body: Locator, html: str) -> None:
    """Pastes HTML, as another program would put it on the clipboard."""
    body.evaluate(PASTE_HTML, html)


def paste_picture(page: Page, size: tuple[int, int] = (120, 80)) -> str:
    """Pastes a picture and waits until it is uploaded; returns its address."""
    png = base64.b64encode(picture_upload(size=size).read()).decode()
    with page.expect_response("**/upload-picture/") as answer:
        editor_body(page).evaluate(PASTE, png)
    address = answer.value.json()["location"]
    expect(editor_body(page).locator(f'img[src="{address}"]')).to_be_visible()
    return address
