"""On a slow connection nobody can type into the editor before it is ready."""

import re

from boards.models import Post
from tests.browser.editor import editor_body, write_in_editor
from tests.browser.steps import expect


def test_text_typed_as_early_as_possible_is_not_lost(open_page, minji, board):
    page = open_page("about:blank", member=minji)
    late = []
    page.route(re.compile(r"/post-body[^/]*\.css"), lambda route: late.append(route))
    page.goto("/free/write/", wait_until="domcontentloaded")
    body = page.frame_locator("iframe.tox-edit-area__iframe").locator("body.post-body")
    body.wait_for()
    page.wait_for_timeout(500)
    assert late  # the stylesheet of the text has not arrived yet
    assert body.get_attribute("contenteditable") != "true"
    late[0].continue_()
    page.unroute_all()
    write_in_editor(page, "봄입니다.")
    expect(editor_body(page)).to_have_text("봄입니다.")
    page.get_by_label("제목").fill("봄나들이")
    page.get_by_role("button", name="작성완료").click()
    page.wait_for_url(re.compile(r"/free/\d+/$"))
    assert "봄입니다." in Post.objects.get().body.html
    assert page.complaints == []
