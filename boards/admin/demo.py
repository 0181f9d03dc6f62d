"""예시 내용 삭제: the owner removes the demo community with one button, after seeing what goes and
what stays."""

from django.contrib import admin, messages
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.permissions import MemberRequest, is_owner
from boards.demo.clearing import Leftovers, clear_demo, find_leftovers
from boards.models import Board


def clear_demo_view(request: MemberRequest) -> HttpResponse:
    """GET shows the numbers, POST removes."""
    if not is_owner(request.user):
        raise PermissionDenied
    if request.method == "POST":
        removed = clear_demo()
        if removed:
            LogEntry.objects.create(
                user=request.user,
                content_type=ContentType.objects.get_for_model(Board),
                object_repr=_("예시 내용"),
                action_flag=DELETION,
                change_message=_words(removed),
            )
            messages.success(request, _("예시 내용을 지웠습니다: %s.") % _words(removed))
        else:
            messages.info(request, _("지울 예시 내용이 없습니다."))
        return redirect("clear_demo")
    found = find_leftovers()
    context = {
        **admin.site.each_context(request),
        "title": _("예시 내용 삭제"),
        "opts": Board._meta,
        "found": found,
        "words": _words(found),
    }
    return render(request, "admin/boards/clear_demo.html", context)


def _words(found: Leftovers) -> str:
    """The numbers of what is removed."""
    parts = [
        (_("글 %d개"), len(found.posts)),
        (_("댓글 %d개"), found.comment_count),
        (_("회원 %d명"), len(found.members)),
        (_("게시판 %d개"), len(found.boards)),
        (_("게시판 그룹 %d개"), len(found.groups)),
        (_("사이트 정보 %d줄"), len(found.site_fields)),
    ]
    return ", ".join(words % count for words, count in parts if count)
