"""Pictures and files: every byte is asked for, and given only to who may read its post."""

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import UploadedFile
from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Refused
from boards.actions.earning import file_downloaded
from boards.actions.files import store_file, store_picture
from boards.actions.reading import count_download
from boards.media import uploads
from boards.media.byte_ranges import is_continuation
from boards.models import Attachment, Board, Post
from boards.permissions import access
from boards.refusals import REFUSALS
from boards.views.boards import find_board
from boards.views.guests import member_of, visitor_of
from boards.views.prices import ask_price
from boards.views.sending import send_file
from boardsite.ratelimit import TooMany, hit_or_refuse, is_first_today
from boardsite.views.refusals import Gone
from boardsite.visitors import is_person, visitor_key


@require_POST
def upload_picture(request: HttpRequest, slug: str) -> JsonResponse:
    """A picture pasted or dropped into the editor: 201 with its `location`, or a `message` why not.

    It is seen by its uploader alone until a post that shows it is written.
    """

    def keep(upload: UploadedFile, board: Board) -> Attachment:
        uploads.check_file(upload, board.upload_bytes)
        return store_picture(
            uploader=request.user, upload=upload, is_inline=True, types=board.upload_types
        )

    def described(attachment: Attachment) -> dict:
        size = {"width": attachment.width, "height": attachment.height}
        return {"location": attachment.url, **size}

    return _take(request, slug, keep, described)


@require_POST
def upload_file(request: HttpRequest, slug: str) -> JsonResponse:
    """A file of a form that is still being written: 201 with its `id`, or a `message` why not.

    The form sends the id in `kept_files`; until then its uploader alone has it.
    """

    def keep(upload: UploadedFile, board: Board) -> Attachment:
        if not board.upload_count:
            raise uploads.BadUpload(_("이 게시판은 첨부 파일을 받지 않습니다."))
        return store_file(
            uploader=request.user,
            upload=upload,
            limit=board.upload_bytes,
            types=board.upload_types,
        )

    def described(attachment: Attachment) -> dict:
        return {
            "id": attachment.pk,
            "name": attachment.name,
            "size": filesizeformat(attachment.size),
            "thumb": attachment.thumb_url if attachment.is_picture else "",
        }

    return _take(request, slug, keep, described)


def _take(
    request: HttpRequest,
    slug: str,
    keep: Callable[[UploadedFile, Board], Attachment],
    described: Callable[[Attachment], dict],
) -> JsonResponse:
    """The one file of the request, kept and described; 403, 422 and 429 with a `message`.

    Pictures and files count together: 120 in ten minutes.
    """
    board = find_board(slug)
    if not access(request.user, board).upload:
        return JsonResponse({"message": str(REFUSALS["upload"])}, status=403)
    try:
        hit_or_refuse(f"upload:{request.user.pk}", limit=120, seconds=600)
        upload = request.FILES.get("file")
        if upload is None:
            raise uploads.BadUpload(_("파일이 오지 않았습니다. 다시 올려 주세요."))
        attachment = keep(upload, board)
    except TooMany as refusal:
        return JsonResponse({"message": str(refusal)}, status=429)
    except uploads.BadUpload as problem:
        return JsonResponse({"message": str(problem)}, status=422)
    return JsonResponse(described(attachment), status=201)


@require_safe
def show_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """A picture in the size that pages use."""
    attachment = _find(request, pk, Attachment.Kind.PICTURE)
    if attachment.post is not None:
        _require_paid(request, attachment.post)
    return _picture(request, attachment.file)


@require_safe
def show_thumb(request: HttpRequest, pk: int) -> HttpResponse:
    """A picture in the size that lists use."""
    attachment = _find(request, pk, Attachment.Kind.PICTURE)
    return _picture(request, attachment.thumb)


@require_safe
def play_media(request: HttpRequest, pk: int) -> HttpResponse:
    """A video or audio for the player in the page, which asks for it part by part."""
    attachment = _find(request, pk, Attachment.Kind.VIDEO, Attachment.Kind.AUDIO)
    _require_download(request, attachment)
    if _is_unpaid(request, attachment):
        raise Refused(access(visitor_of(request), attachment.post.board).refusal_to_pay())
    headers = {
        "Content-Type": uploads.safe_content_type(attachment.file.name.rpartition(".")[2]),
        "Content-Disposition": "inline",
        "Cache-Control": "private, no-cache",  # asks again, and is told that nothing has changed
    }
    return send_file(request, attachment.file, headers)


@require_safe
def download_file(request: HttpRequest, pk: int) -> HttpResponse:
    """A file under its own name, always to be saved and never shown by the browser."""
    kinds = set(Attachment.Kind) - {Attachment.Kind.PICTURE}
    attachment = _find(request, pk, *kinds)
    _require_download(request, attachment)
    post = attachment.post
    if post is not None and _is_unpaid(request, attachment):
        return ask_price(request, post, -post.board.download_points, attachment)
    headers = {
        "Content-Type": uploads.safe_content_type(uploads.extension_of(attachment.name)),
        "Content-Disposition": uploads.content_disposition(attachment.name),
        "Cache-Control": "private, no-store",
    }
    response = send_file(request, attachment.file, headers)
    if response.status_code in (200, 206) and _is_new(request, attachment):
        is_counted = count_download(file=attachment, member=member_of(request))
        if is_counted and request.user.is_authenticated and post is not None:
            _give_for_download(request, attachment)
    return response


def _require_paid(request: HttpRequest, post: Post) -> None:
    """Raises Refused where the post itself is yet to be paid for: its files are part of it."""
    can = access(visitor_of(request), post.board)
    if can.must_pay(post):
        raise Refused(can.refusal_to_pay(), back=post.get_absolute_url())


def _is_new(request: HttpRequest, attachment: Attachment) -> bool:
    """Is it the beginning of a download that may count?

    A member's are told apart by count_download; a guest's counts once a day.
    """
    if request.method != "GET" or is_continuation(request.headers.get("Range", "")):
        return False
    if request.user.is_authenticated:
        return True
    key = f"download:{attachment.pk}:{visitor_key(request)}"
    return is_person(request) and is_first_today(key)


def find_download(request: HttpRequest, pk: int) -> Attachment:
    """A file of a post that this visitor may have, paid or not; 404, or Refused."""
    file = _find(request, pk, *(set(Attachment.Kind) - {Attachment.Kind.PICTURE}))
    if file.post is None:
        raise Http404(_("파일이 없습니다."))
    _require_download(request, file)
    return file


def _is_unpaid(request: HttpRequest, file: Attachment) -> bool:
    post = file.post
    if post is None:
        return False
    return bool(access(visitor_of(request), post.board).unpaid_files(post, [file]))


def _give_for_download(request: HttpRequest, file: Attachment) -> None:
    board = file.post.board
    if board.download_points > 0 and not access(request.user, board).wrote(file.post):
        file_downloaded(file=file, member=request.user)


def _require_download(request: HttpRequest, attachment: Attachment) -> None:
    """Raises Refused for who may see the post, its files by name, but not have them."""
    post = attachment.post
    if post is not None and not access(visitor_of(request), post.board).may_download(post):
        raise Refused(REFUSALS["download"], back=post.get_absolute_url())
    if post is not None:
        _require_paid(request, post)


def _find(request: HttpRequest, pk: int, *kinds: str) -> Attachment:
    """The attachment, if this visitor may see those of its post; else 404, as if it did not exist, or
    410 where its post is gone that every guest could read."""
    attachment = (
        Attachment.objects.select_related("post__board__group", "post__author")
        .filter(pk=pk)
        .first()
    )
    if attachment is None or attachment.kind not in kinds:
        raise Http404(_("파일이 없습니다."))
    if not _may_see(request, attachment):
        refusal = Gone if _was_public(attachment.post) else Http404
        raise refusal(_("파일이 없습니다."))
    return attachment


def _may_see(request: HttpRequest, attachment: Attachment) -> bool:
    post = attachment.post
    if post is None:  # still being written
        return request.user.is_authenticated and attachment.uploader_id == request.user.pk
    return access(visitor_of(request), post.board).may_see_files(post)


def _was_public(post: Post | None) -> bool:
    if post is None or post.is_published or post.is_secret:
        return False
    return access(AnonymousUser(), post.board).is_public


def _picture(request: HttpRequest, file: FieldFile) -> HttpResponse:
    headers = {
        "Content-Type": "image/gif" if file.name.endswith(".gif") else "image/webp",
        "Content-Disposition": "inline",
        # Kept by this browser only and for an hour: a picture that was hidden must go.
        "Cache-Control": "private, max-age=3600",
    }
    return send_file(request, file, headers)
