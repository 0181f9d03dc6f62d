"""게시판 삭제 in the admin: a board goes to the bin after its name was typed, and comes back."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from boards.actions.deleting_boards import delete_board, restore_board
from boards.models import Board
from boards.queries.bin import bin_age
from boardsite.dates import full_date


class DeleteBoardForm(forms.Form):
    """The board's name, so that nobody deletes one by accident."""

    name = forms.CharField(
        label=_("확인"),
        max_length=60,
        help_text=_("지울 게시판의 이름을 그대로 쓰세요."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, board: Board, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.board = board

    def clean_name(self) -> str:
        name = self.cleaned_data["name"].strip()
        if name != self.board.name.strip():
            raise forms.ValidationError(_("게시판의 이름과 다릅니다."))
        return name


class DeletesBoards(admin.ModelAdmin):
    """The part of BoardAdmin for deleting and restoring."""

    def get_urls(self):
        view = self.admin_site.admin_view(require_POST(self.restore_view))
        return [path("<int:pk>/restore/", view, name="boards_board_restore"), *super().get_urls()]

    def get_actions(self, request, action_location=None):
        """Without Django's action, which would delete rows without asking for names."""
        place = {"action_location": action_location} if action_location else {}  # from Django 6.1
        actions = super().get_actions(request, **place)
        actions.pop("delete_selected", None)
        return actions

    def delete_view(self, request, object_id, extra_context=None):
        """GET says what will happen; POST does it, or continues."""
        board = self._board(request, object_id)
        form = DeleteBoardForm(request.POST if request.method == "POST" else None, board=board)
        if form.is_valid() or (request.method == "POST" and board.deleted_at is not None):
            is_done = delete_board(board=board, by=request.user)
            if board.deleted_at is None:
                self.log_change(request, board, _t("게시판을 지움"))
            done = _t("%s 게시판을 지웠습니다.") % board.name
            if not is_done:
                done += " " + _t("남은 글은 하루 한 번 정기 작업이 마저 휴지통으로 옮깁니다.")
            self.message_user(request, done, messages.SUCCESS)
            return redirect("admin:boards_board_changelist")
        age = bin_age()
        context = {
            **self.admin_site.each_context(request),
            "title": _t("게시판 삭제"),
            "board": board,
            "form": form,
            "days": age.days if age else None,
            "left": board.posts.published().count() if board.deleted_at else None,
            "opts": self.opts,
        }
        status = 422 if form.errors else 200
        return render(request, "admin/boards/board/delete_board.html", context, status=status)

    def restore_view(self, request, pk: int):
        board = self._board(request, pk)
        if restore_board(board=board, by=request.user):
            if board.deleted_at is not None:
                self.log_change(request, board, _t("게시판을 되살림"))
            done = _t("%s 게시판을 되살렸습니다.") % board.name
            self.message_user(request, done, messages.SUCCESS)
            return redirect("admin:boards_board_changelist")
        self.message_user(request, _t("글을 되살리는 중입니다. 이어서 되살려 주세요."))
        return redirect("admin:boards_board_delete", pk)

    def _board(self, request, pk) -> Board:
        if not self.has_delete_permission(request):
            raise PermissionDenied
        found = Board.objects.filter(pk=pk).first() if str(pk).isdecimal() else None
        if found is None:
            raise Http404
        return found

    @admin.display(description=_("상태"), ordering="deleted_at")
    def standing(self, board: Board) -> str:
        if board.deleted_at is None:
            return "-"
        words = _t("휴지통 (%s)") % full_date(board.deleted_at)
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:boards_board_delete", args=[board.pk]), words
        )
