"""An article's own page as an Entry. Pure: nothing is fetched."""

from collector.reading.articles.article import NotAnArticle, completed, read_article

__all__ = ["NotAnArticle", "completed", "read_article"]
