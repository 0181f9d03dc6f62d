"""The form field of rich texts: what is written in the admin is cleaned as posts are."""

import pytest
from django import forms

from boardsite.rich_text import RichTextArea, RichTextField
from boardsite.text import raw_limit, richtext
from tests.page import Page

UPLOAD = "/admin/pages/upload/"


class NoticeForm(forms.Form):
    text = RichTextField(label="내용")
    short = RichTextField(
        label="짧은 글", required=False, max_length=60, widget=RichTextArea(upload_url=UPLOAD)
    )


def cleaned(source: str) -> str:
    form = NoticeForm({"text": source})
    assert form.is_valid(), form.errors
    return form.cleaned_data["text"]


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("<p>봄이 <b>왔습니다</b>.</p>", "<p>봄이 <b>왔습니다</b>.</p>"),
        ("첫 줄\n둘째 줄\n\n1 < 2", "<p>첫 줄<br>둘째 줄</p><p>1 &lt; 2</p>"),
        ("<p>인사</p><script>alert(1)</script>", "<p>인사</p>"),
        ('<p onclick="steal()">인사</p><!-- 메모 -->', "<p>인사</p>"),
        ('<p><a href="javascript:steal()">인사</a></p>', "<p><a>인사</a></p>"),
        ("<svg onload=steal()>인사", None),
        ("<math><mtext></p><style><img src=x onerror=steal()>", None),
    ],
)
def test_only_harmless_html_stays(source, html):
    form = NoticeForm({"text": source})
    form.full_clean()
    shown = form.cleaned_data.get("text", "")
    assert "steal" not in shown
    assert "alert" not in shown
    if html is not None:
        assert shown == html


def test_what_was_cleaned_stays_when_it_is_saved_again():
    once = cleaned('<p>봄 <a href="https://example.com/">길</a></p><p>https://example.org/</p>')
    assert cleaned(once) == once


@pytest.mark.parametrize("source", ["", " \n", "<p>&nbsp;</p>", "<p><br></p>", "<b></b>"])
def test_a_text_that_shows_nothing_is_missing(source):
    form = NoticeForm({"text": source})
    assert form.errors.as_data()["text"][0].code == "required"
    assert NoticeForm({"text": "봄", "short": source}).is_valid()


def test_a_text_that_is_too_long_is_refused_before_any_work(monkeypatch):
    monkeypatch.setattr(richtext, "render", lambda *_: pytest.fail("It was cleaned"))
    form = NoticeForm({"text": "가" * (raw_limit(richtext.MAX_SOURCE) + 1)})
    assert form.errors.as_data()["text"][0].code == "max_length"


def test_the_limit_counts_the_html():
    link = '<a href="https://example.com/">길</a>'
    form = NoticeForm({"text": "봄", "short": link})
    assert len(link) < 60
    assert form.errors.as_data()["short"][0].code == "max_length"


def test_a_text_that_is_too_complex_is_refused():
    form = NoticeForm({"text": "<div>" * 500 + "봄"})
    assert form.errors.as_data()["text"][0].code == "too_complex"


def test_the_field_has_what_the_editor_needs():
    page = Page(str(NoticeForm({"text": "<p>봄</p>"})).encode())
    text, short = page.one("textarea", id="id_text"), page.one("textarea", id="id_short")
    assert text["data-editor"] == "tags"
    assert text["data-editor-base"].endswith("hugerte-1.0.14")
    assert "post-body" in text["data-content-css"]
    assert "maxlength" not in text.attributes
    assert "<p>봄</p>" in text.text
    assert "data-upload-url" not in text.attributes
    assert short["data-upload-url"] == UPLOAD
    media = str(NoticeForm().media)
    assert media.count("<script") == media.count(" defer") == 6
    assert media.index("hugerte") < media.index("js/editor.js")
