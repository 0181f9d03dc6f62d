"""Parses the page of an article into an Entry. Pure: nothing is fetched."""

from collector.reading.articles.article import NotAnArticle, completed, read_article
