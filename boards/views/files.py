"""Pictures and files. Every request checks the permission to read the post."""

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import UploadedFile
from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
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
from boards.views.finding import find_board
from boards.views.guests import member_of, visitor_of
from boards.views.prices import ask_price
from boards.views.sending import send_file
from boardsite.databases.optional_writes import write_if_free
from boardsite.limits.rate_limit import TooMany, is_first_today
from boardsite.limits.uploading import count_upload
from boardsite.views.refusals import Gone
from boardsite.visitors.identity import is_person, visitor_key


@require_POST
def upload_picture(request: HttpRequest, slug: str) -> JsonResponse:
    """A picture pasted or dropped into the editor: 201 with `location`, or a `message`.

    Only its uploader sees it until it is published in a post.
    """

    def keep(upload: UploadedFile, board: Board) -> Attachment:
        uploads.check_file(upload, board.upload_bytes)
        return store_picture(
            uploader=request.user,  # type: ignore[arg-type] # only members upload
            upload=upload,
            is_inline=True,
            types=board.upload_types,
            keeps_original=board.keeps_originals,
        )

    def described(attachment: Attachment) -> dict:
        size = {"width": attachment.width, "height": attachment.height}
        return {"location": attachment.url, **size}

    return _take(request, slug, keep, described)


@require_POST
def upload_file(request: HttpRequest, slug: str) -> JsonResponse:
    """A file of an unpublished form: 201 with `id`, or a `message`.

    The form sends the id in `kept_files`; until then only its uploader can use it.
    """

    def keep(upload: UploadedFile, board: Board) -> Attachment:
        if not board.upload_count:
            raise uploads.BadUpload(_("이 게시판은 첨부파일을 받지 않습니다."))
        return store_file(
            uploader=request.user,  # type: ignore[arg-type] # only members upload
            upload=upload,
            limit=board.upload_bytes,
            types=board.upload_types,
            keeps_original=board.keeps_originals,
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
    """Stores the one file of the request and describes it; 403, 422, 429 and 503 with a `message`.

    Pictures and files count together (boardsite.limits.uploading), refused ones included.
    """
    board = find_board(slug)
    if not access(request.user, board).upload:
        return JsonResponse({"message": str(REFUSALS["upload"])}, status=403)
    try:
        count_upload(request.user.pk)  # type: ignore[arg-type] # as below
        upload = request.FILES.get("file")
        if upload is None:
            raise uploads.BadUpload(_("파일이 오지 않았습니다. 다시 올려 주세요."))
        attachment = keep(upload, board)
    except TooMany as refusal:
        wait = {"Retry-After": str(refusal.retry_after)}
        return JsonResponse({"message": refusal.message}, status=refusal.status, headers=wait)
    except uploads.BadUpload as problem:
        return JsonResponse({"message": str(problem)}, status=422)
    return JsonResponse(described(attachment), status=201)


@require_safe
def show_picture(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A picture in the size for pages."""
    attachment = _find(request, pk, Attachment.Kind.PICTURE)
    if attachment.post is not None:
        _require_paid(request, attachment.post)
    return _picture(request, attachment.file)


@require_safe
def show_thumb(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A picture in the size for lists."""
    attachment = _find(request, pk, Attachment.Kind.PICTURE)
    return _picture(request, attachment.thumb)


@require_safe
def download_original(request: HttpRequest, pk: int) -> HttpResponseBase:
    """An uploaded picture without its metadata, if the board keeps originals. Always an attachment.

    Allowed for everybody who may download files of the post; costs no points.
    """
    attachment = _find(request, pk, Attachment.Kind.PICTURE)
    post = attachment.post
    if not attachment.original or post is None or not post.board.keeps_originals:
        raise Http404(_("파일이 없습니다."))
    _require_download(request, attachment)
    headers = {
        "Content-Type": uploads.safe_content_type(""),
        "Content-Disposition": uploads.content_disposition(attachment.name),
        "Cache-Control": "private, no-store",
    }
    return send_file(request, attachment.original, headers)


@require_safe
def play_media(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A video or audio for the player in the page, which requests ranges."""
    attachment = _find(request, pk, Attachment.Kind.VIDEO, Attachment.Kind.AUDIO)
    _require_download(request, attachment)
    post = attachment.post
    if post is not None and _is_unpaid(request, attachment):
        raise Refused(access(visitor_of(request), post.board).refusal_to_pay())
    headers = {
        "Content-Type": uploads.safe_content_type(str(attachment.file).rpartition(".")[2]),
        "Content-Disposition": "inline",
        "Cache-Control": "private, no-cache",  # the browser revalidates, and gets 304
    }
    return send_file(request, attachment.file, headers)


@require_safe
def download_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file under its own name, always as an attachment."""
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
    may_count = post is None or post.is_published
    if may_count and response.status_code in (200, 206):
        write_if_free(lambda: _count(request, attachment))
    return response


def _count(request: HttpRequest, attachment: Attachment) -> None:
    if not _is_new(request, attachment):
        return
    is_counted = count_download(file=attachment, member=member_of(request))
    if is_counted and request.user.is_authenticated and attachment.post is not None:
        _give_for_download(request, attachment)


def _require_paid(request: HttpRequest, post: Post) -> None:
    """Raises Refused if the visitor still has to pay for the post, because its files belong to it."""
    can = access(visitor_of(request), post.board)
    if can.must_pay(post):
        raise Refused(can.refusal_to_pay(), back=post.get_absolute_url())


def _is_new(request: HttpRequest, attachment: Attachment) -> bool:
    """Whether this request starts a download that may count.

    count_download filters repeated downloads by members; a guest's counts once a day.
    """
    if request.method != "GET" or is_continuation(request.headers.get("Range", "")):
        return False
    if request.user.is_authenticated:
        return True
    key = f"download:{attachment.pk}:{visitor_key(request)}"
    return is_person(request) and is_first_today(key)


def find_download(request: HttpRequest, pk: int) -> tuple[Attachment, Post]:
    """A file of a post that this visitor may download, paid or not; 404, or Refused."""
    file = _find(request, pk, *(set(Attachment.Kind) - {Attachment.Kind.PICTURE}))
    if file.post is None:
        raise Http404(_("파일이 없습니다."))
    _require_download(request, file)
    return file, file.post


def _is_unpaid(request: HttpRequest, file: Attachment) -> bool:
    post = file.post
    if post is None:
        return False
    return bool(access(visitor_of(request), post.board).unpaid_files(post, [file]))


def _give_for_download(request: HttpRequest, file: Attachment) -> None:
    post, member = file.post, request.user
    if post is None or not member.is_authenticated or post.board.download_points <= 0:
        return
    if not access(member, post.board).wrote(post):
        file_downloaded(file=file, member=member)


def _require_download(request: HttpRequest, attachment: Attachment) -> None:
    """Raises Refused for visitors who may see the post and the names of its files, but not download
    them."""
    post = attachment.post
    if post is not None and not access(visitor_of(request), post.board).may_download(post):
        raise Refused(REFUSALS["download"], back=post.get_absolute_url())
    if post is not None:
        _require_paid(request, post)


def _find(request: HttpRequest, pk: int, *kinds: str) -> Attachment:
    """The attachment, if this visitor may see those of its post.

    Else 404, as if it did not exist, or 410 if its post was removed and every guest could read it.
    """
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
    if post is None:  # not published yet
        return request.user.is_authenticated and attachment.uploader_id == request.user.pk
    return access(visitor_of(request), post.board).may_see_files(post)


def _was_public(post: Post | None) -> bool:
    if post is None or post.is_published or post.is_secret:
        return False
    return access(AnonymousUser(), post.board).is_public


def _picture(request: HttpRequest, file: FieldFile) -> HttpResponseBase:
    headers = {
        "Content-Type": "image/gif" if str(file).endswith(".gif") else "image/webp",
        "Content-Disposition": "inline",
        # Cached by the browser only and for an hour, because a picture may be hidden later.
        "Cache-Control": "private, max-age=3600",
    }
    return send_file(request, file, headers)
