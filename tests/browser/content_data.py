"""Data for the content pages: one with everything that a text may hold, a draft, one for members."""

from accounts.models import Member
from pages.actions.content import edit_content_page, write_content_page
from pages.actions.content_pictures import store_content_picture
from tests.crowd import picture_upload

TEXT = """
<h3>너울골 사랑방은</h3><p>너울골에 사는 <b>이웃들</b>이 소식을 나누는 <a href="/free/">곳</a>입니다.</p>
<ul><li>2019년 문을 열다</li></ul><table><tbody><tr><td>대표</td><td>김너울</td></tr></tbody></table>
<blockquote>이웃이 있어 동네입니다.</blockquote>
"""


def create_content_data(owner: Member) -> dict[str, int | str]:
    """Returns parameters for URLs."""
    picture = store_content_picture(uploader=owner, upload=picture_upload(size=(1200, 800)))
    image = f'<p><img src="{picture.url}" alt="너울골 어귀"></p>'
    page = write_content_page(
        by=owner,
        slug="company",
        title="회사소개",
        html=TEXT,
        is_published=True,
        is_in_footer=True,
    )
    edit_content_page(page=page, by=owner, html=TEXT + image, position=1)
    inner = {"slug": "inner", "title": "모임 장소", "html": "<p>마을회관</p>"}
    write_content_page(by=owner, is_published=True, visibility="members", **inner)
    write_content_page(by=owner, slug="draft", title="준비 중", html="<p>아직</p>")
    edit = page.revisions.order_by("pk").first()
    assert edit is not None
    return {"content": page.pk, "content_edit": edit.pk}
