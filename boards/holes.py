"""What differs from one stranger to the next, or changes sooner than the page around it, on pages
that are kept (boardsite.pagecache)."""

import uuid

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template.loader import render_to_string

from boards.actions.reading import View, views_of, views_question
from boards.forms import CommentForm
from boards.forms.guests import GuestFields
from boards.queries.popular import popular_now as popular_rows_now
from boards.reading_spool import take_view
from boardsite.parts import draw
from boardsite.versions import ALL, Question, Unchanged
from boardsite.visitors import is_person, today, visitor_key


def ask_views(request: HttpRequest, post: str) -> Question:
    """What `view_count` asks."""
    return views_question(View(int(post), today(), visitor_key(request)))


def view_count(request: HttpRequest, post: str, told: tuple[int, int] | None = None) -> str:
    """The views of a post, after who opens it now has been counted: 1,234."""
    pk = int(post)
    if is_person(request):
        return f"{take_view(post=pk, visitor=visitor_key(request), day=today(), told=told):,}"
    return f"{told[0] if told else views_of(pk):,}"


def new_submission(request: HttpRequest) -> str:
    """The token of a form that is sent once, however often its button is pressed."""
    return str(uuid.uuid4())


def new_guest_fields(request: HttpRequest) -> str:
    """What a guest is asked who writes a comment, with a question and a moment of his own."""
    return guest_fields(CommentForm(is_guest=True))


def guest_fields(form: GuestFields) -> str:
    return render_to_string("boards/_guest_fields.html", {"form": form})


def popular_now(request: HttpRequest) -> str:
    """인기글 beside every page, from all boards."""
    user = getattr(request, "user", AnonymousUser())  # a bad request may come before log-in
    if user.is_authenticated:
        return _drawn(popular_rows_now(user))
    return _for_guests()


def _drawn(rows: list) -> str:
    return draw("popular_now.jinja", rows=rows)


_for_guests = Unchanged(lambda: _drawn(popular_rows_now(AnonymousUser())), scope=lambda: ALL)
