"""All kinds of rows that are imported. Each is declared beside the function that imports it."""

from django.apps import apps

from importer.actions import content, menus
from importer.actions.comments import COMMENT
from importer.actions.drafts import DRAFT
from importer.actions.faq import CATEGORY, QUESTION
from importer.actions.files import BODY, FILE
from importer.actions.groups import BOARD, GROUP
from importer.actions.inquiries import ANSWER, INQUIRY
from importer.actions.kept import Kept
from importer.actions.members import MEMBER
from importer.actions.messages import MESSAGE
from importer.actions.points import POINT
from importer.actions.polls import OPINION, POLL
from importer.actions.posts import POST
from importer.actions.reactions import SCRAP, VOTE
from importer.models import Kind

KEPT: tuple[Kept, ...] = (
    *(GROUP, BOARD, MEMBER),
    *(CATEGORY, QUESTION, POLL, OPINION, INQUIRY, ANSWER),
    *(POST, COMMENT, VOTE, SCRAP, MESSAGE, POINT, DRAFT),
    *((content.CONTENT, menus.MENU, menus.POPUP) if apps.is_installed("pages") else ()),
    *(FILE, BODY),
)
"""Every kind whose rows are compared and deleted, after those that it hangs on."""
ROWS_OF_NOTES = {
    Kind.FIELD: "boards.ExtraField",
    Kind.SOCIAL: "socialaccount.SocialAccount",
}
"""Kinds whose rows are only added: what they name is neither compared nor taken away when it is gone there, but
deleted when everything is. The entries of all other kinds only note something about rows of others: addresses,
numbers, settings."""
