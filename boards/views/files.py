"""Pictures and files: every byte is asked for, and given only to who may read its post."""

from django.core.files.base import File
from django.db.models import F
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from boards import uploads
from boards.actions.files import store_picture
from boards.models import Attachment
from boards.permissions import REFUSALS, access
from boards.views.boards import find_board
from boardsite.ratelimit import TooMany, hit_or_refuse


@require_POST
def upload_picture(request: HttpRequest, slug: str) -> JsonResponse:
    """A picture pasted or dropped into the editor: 201 with its `location`, or a `message` why not.

    It is seen by its uploader alone until a post that shows it is written.
    """
    board = find_board(slug)
    can = access(request.user, board)
    if not can.upload:
        return JsonResponse({"message": str(REFUSALS["upload"])}, status=403)
    try:
        hit_or_refuse(f"upload:{request.user.pk}", limit=120, seconds=600)
        upload = request.FILES.get("file")
        if upload is None:
            raise uploads.BadUpload(_("사진이 오지 않았습니다. 다시 올려 주세요."))
        uploads.check_file(upload, board.upload_bytes)
        attachment = store_picture(uploader=request.user, upload=upload, is_inline=True)
    except TooMany as refusal:
        return JsonResponse({"message": str(refusal)}, status=429)
    except uploads.BadUpload as problem:
        return JsonResponse({"message": str(problem)}, status=422)
    size = {"width": attachment.width, "height": attachment.height}
    return JsonResponse({"location": attachment.url, **size}, status=201)


@require_safe
def show_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """A picture in the size that pages use."""
    attachment = _find(request, pk, Attachment.Kind.PICTURE)
    return _picture(attachment.file)


@require_safe
def show_thumb(request: HttpRequest, pk: int) -> HttpResponse:
    """A picture in the size that lists use."""
    attachment = _find(request, pk, Attachment.Kind.PICTURE)
    return _picture(attachment.thumb)


@require_safe
def download_file(request: HttpRequest, pk: int) -> HttpResponse:
    """A file under its own name, always to be saved and never shown by the browser."""
    attachment = _find(request, pk, Attachment.Kind.FILE)
    if request.method == "GET":
        Attachment.objects.filter(pk=pk).update(download_count=F("download_count") + 1)
    content_type = uploads.safe_content_type(uploads.extension_of(attachment.name))
    response = FileResponse(_open(attachment.file), content_type=content_type)
    response.headers["Content-Disposition"] = uploads.content_disposition(attachment.name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _find(request: HttpRequest, pk: int, kind: str) -> Attachment:
    """The attachment, if this visitor may see those of its post; else 404, as if it did not exist."""
    attachment = (
        Attachment.objects.select_related("post__board", "post__author").filter(pk=pk).first()
    )
    if attachment is None or attachment.kind != kind or not _may_see(request, attachment):
        raise Http404(_("파일이 없습니다."))
    return attachment


def _may_see(request: HttpRequest, attachment: Attachment) -> bool:
    post = attachment.post
    if post is None:  # still being written
        return request.user.is_authenticated and attachment.uploader_id == request.user.pk
    return access(request.user, post.board).may_see_files(post)


def _picture(file: File) -> HttpResponse:
    content_type = "image/gif" if file.name.endswith(".gif") else "image/webp"
    response = FileResponse(_open(file), content_type=content_type)
    # Kept by this browser only and for an hour: a picture that was hidden must go.
    response.headers["Cache-Control"] = "private, max-age=3600"
    response.headers["Content-Disposition"] = "inline"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _open(file: File):
    try:
        return file.open("rb")
    except FileNotFoundError:
        raise Http404(_("파일이 없습니다.")) from None
