"""Composing Hangul with an input method: every letter arrives, and Enter only ends a syllable.

The browser gets each step of a composition as the system's input method would send it.
"""

import pytest

from boards.models import Comment, Post
from tests.browser.editor import editor_body
from tests.browser.steps import expect

# The composition after each key of 두벌식; a syllable ends where the next one begins.
HANGUL = [["ㅎ", "하", "한"], ["ㄱ", "그", "글"], ["ㅂ", "보", "봄"]]
WORD = "한글봄"
IME_KEY = 229  # the key code of every key while an input method is active


class Ime:
    """A Korean keyboard for the focused element."""

    def __init__(self, page):
        self.cdp = page.context.new_cdp_session(page)

    def compose(self, letters: str) -> None:
        self._key("rawKeyDown")
        self.cdp.send(
            "Input.imeSetComposition",
            {"text": letters, "selectionStart": len(letters), "selectionEnd": len(letters)},
        )
        self._key("keyUp")

    def finish(self, syllable: str) -> None:
        self.cdp.send("Input.insertText", {"text": syllable})

    def write(self, syllables: list[list[str]]) -> None:
        for steps in syllables:
            for letters in steps:
                self.compose(letters)
            self.finish(steps[-1])

    def press_enter(self, *, control: bool = False) -> None:
        """Presses Enter inside a syllable."""
        self._key("rawKeyDown", key="Enter", code="Enter", modifiers=2 if control else 0)
        self._key("keyUp", key="Enter", code="Enter", modifiers=2 if control else 0)

    def _key(self, kind: str, **fields) -> None:
        event = {"type": kind, "key": "Process", "windowsVirtualKeyCode": IME_KEY} | fields
        self.cdp.send("Input.dispatchKeyEvent", event)


@pytest.fixture
def write_page(open_page, minji, board):
    # Everything fits into this height, because Chromium scrolls back to a syllable that ends with a
    # click elsewhere.
    page = open_page("/free/write/", member=minji, height=1400)
    page.ime = Ime(page)
    editor_body(page)
    return page


@pytest.fixture
def read_page(open_page, minji, post):
    page = open_page("/free/1/", member=minji)
    page.ime = Ime(page)
    return page


def test_a_post_in_hangul(write_page):
    ime = write_page.ime
    write_page.get_by_label("제목").click()
    ime.write(HANGUL)
    expect(write_page.get_by_label("제목")).to_have_value(WORD)

    editor_body(write_page).click()
    ime.write(HANGUL)
    write_page.keyboard.press("Enter")  # no open syllable: a new paragraph
    ime.write(HANGUL)
    write_page.keyboard.press("Backspace")
    expect(editor_body(write_page).locator("p")).to_have_text([WORD, "한글"])
    write_page.get_by_role("button", name="작성완료").click()
    write_page.wait_for_url("**/free/1/")
    post = Post.objects.get()
    assert post.subject == WORD
    assert "".join(post.body.source.split()) == f"<p>{WORD}</p><p>한글</p>"
    assert write_page.complaints == []


def test_the_last_syllable_may_still_be_open(write_page):
    """A click on the button does not end the composition; the browser does."""
    ime = write_page.ime
    write_page.get_by_label("제목").click()
    ime.write(HANGUL)
    editor_body(write_page).click()
    ime.write(HANGUL[:2])
    for letters in HANGUL[2]:
        ime.compose(letters)
    write_page.get_by_role("button", name="작성완료").click()
    write_page.wait_for_url("**/free/1/")
    assert Post.objects.get().body.source == f"<p>{WORD}</p>"


def test_enter_in_an_open_syllable_does_not_send_the_subject(write_page):
    ime = write_page.ime
    write_page.get_by_label("제목").click()
    for letters in HANGUL[0]:
        ime.compose(letters)
    ime.press_enter()
    ime.finish("한")
    ime.write(HANGUL[1:])
    expect(write_page.get_by_label("제목")).to_have_value(WORD)
    assert write_page.url.endswith("/free/write/")
    assert Post.objects.count() == 0


def test_a_comment_in_hangul(read_page):
    ime, field = read_page.ime, read_page.get_by_label("댓글 내용")
    field.click()
    ime.write(HANGUL)
    read_page.keyboard.press("Enter")
    ime.write(HANGUL)
    expect(field).to_have_value(f"{WORD}\n{WORD}")
    read_page.keyboard.press("Control+Enter")
    expect(read_page.locator("li.comment")).to_contain_text(WORD)
    assert Comment.objects.get().text == f"{WORD}\n{WORD}"


@pytest.mark.parametrize("control", [False, True])
def test_enter_in_an_open_syllable_does_not_send_the_comment(control, read_page):
    ime, field = read_page.ime, read_page.get_by_label("댓글 내용")
    field.click()
    for letters in HANGUL[0]:
        ime.compose(letters)
    ime.press_enter(control=control)
    ime.finish("한")
    ime.write(HANGUL[1:])
    expect(field).to_have_value(WORD)
    assert Comment.objects.count() == 0
    read_page.keyboard.press("Control+Enter")
    expect(read_page.locator("li.comment")).to_contain_text(WORD)
    assert Comment.objects.get().text == WORD
