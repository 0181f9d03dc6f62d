"""When members may be asked something before they go on."""

from django.http import HttpRequest

from boardsite.availability.writing import read_only

FREE = ("/accounts/", "/admin/", "/terms/", "/privacy/")  # to read, answer, log out or leave
FEEDS = ("/feed/", "/feed/atom/", "/feed.json", ".xml")  # which are the same for everybody


def opens_page(request: HttpRequest) -> bool:
    """Whether a page is opened that a question may take the place of. Forms are accepted, so that no
    text is lost. While the site is read-only nobody is asked, because no answer could be stored. Says
    nothing about the visitor, and does not read their session."""
    return (
        request.method == "GET"
        and not request.path.startswith(FREE)
        and not request.path.endswith(FEEDS)
        # not a picture or a fetch of a script
        and request.headers.get("Sec-Fetch-Dest", "document") == "document"
        and read_only() is None
    )
