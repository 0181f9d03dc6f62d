"""Feed formats: RSS 2.0, Atom and JSON Feed 1.1, with full texts, origins and the hub.

In addition to what Django's generators support, a feed has `hub` (an address or ""), and an item
has `html` (the full text, or "" if the board withholds it), `excerpt` (plain text) and `origin` (an
address or "").
"""

import json

from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed, rfc3339_date

CONTENT = "http://purl.org/rss/1.0/modules/content/"


class Rss(Rss201rev2Feed):
    """https://www.rssboard.org/rss-profile

    Its `source` element names another feed, so an article's original address is an Atom link.
    """

    def rss_attributes(self):
        return super().rss_attributes() | {"xmlns:content": CONTENT}

    def add_root_elements(self, handler):
        super().add_root_elements(handler)
        if self.feed["hub"]:
            handler.addQuickElement("atom:link", None, {"rel": "hub", "href": self.feed["hub"]})

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        if item["html"]:
            handler.addQuickElement("content:encoded", item["html"])
        if item["origin"]:
            handler.addQuickElement("atom:link", None, {"rel": "via", "href": item["origin"]})


class Atom(Atom1Feed):
    """RFC 4287."""

    def add_root_elements(self, handler):
        super().add_root_elements(handler)
        if self.feed["hub"]:
            handler.addQuickElement("link", "", {"rel": "hub", "href": self.feed["hub"]})

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        if item["html"]:
            handler.addQuickElement("content", item["html"], {"type": "html"})
        if item["origin"]:
            handler.addQuickElement("link", "", {"rel": "via", "href": item["origin"]})


class Json(SyndicationFeed):
    """https://www.jsonfeed.org/version/1.1/"""

    content_type = "application/feed+json; charset=utf-8"

    def write(self, outfile, encoding):
        feed = self.feed
        told = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed["title"],
            "home_page_url": feed["link"],
            "feed_url": feed["feed_url"],
            "description": feed["description"],
            "language": feed["language"],
            "hubs": [{"type": "WebSub", "url": feed["hub"]}] if feed["hub"] else [],
        }
        told = _filled(told) | {"items": [self._item(item) for item in self.items]}
        outfile.write(json.dumps(told, ensure_ascii=False).encode(encoding))

    @staticmethod
    def _item(item: dict) -> dict:
        """A JSON Feed item must have content_html or content_text."""
        if item["html"]:
            text = {"content_html": item["html"], "summary": item["excerpt"]}
        else:
            text = {"content_text": item["excerpt"]}
        return text | _filled(
            {
                "id": item["unique_id"],
                "url": item["link"],
                "external_url": item["origin"],
                "title": item["title"],
                "date_published": rfc3339_date(item["pubdate"]),
                "date_modified": rfc3339_date(item["updateddate"]),
                "authors": [{"name": item["author_name"]}],
                "tags": item["categories"],
            }
        )


def _filled(fields: dict) -> dict:
    return {name: value for name, value in fields.items() if value}
