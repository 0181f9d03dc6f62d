"""Files in S3-compatible storage: sent to readers with permission, also in ranges, and deleted with
their rows.
"""

import logging

import pytest
from django.test import Client

from boards.actions.copying import copy_posts
from boards.actions.files import delete_file, store_file, store_picture
from boards.actions.posts import write_post
from boards.models import Attachment, Board
from boardsite.checks import check_files
from tests.boards.browsing import document, picture
from tests.services import missing

BUCKET = "boardsite-files"
KEYS = {"access_key": "tester", "secret_key": "only-for-tests"}
CONTENT = bytes(range(256)) * 4096  # 1 MiB, more than stays in memory


@pytest.fixture(scope="module")
def storage_server():
    """A server that speaks S3, with an empty bucket: its address, and a client."""
    try:
        import boto3
        from moto.server import ThreadedMotoServer
    except ImportError:
        missing("no moto here", required_by="REQUIRE_SERVICES")
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    client = boto3.client(
        "s3",
        endpoint_url=address,
        region_name="us-east-1",
        aws_access_key_id=KEYS["access_key"],
        aws_secret_access_key=KEYS["secret_key"],
    )
    client.create_bucket(Bucket=BUCKET)
    yield address, client
    server.stop()


@pytest.fixture
def stored(storage_server, settings):
    """Make the site store its files there; return `stored()`, the names of the stored files."""
    address, client = storage_server
    options = {"bucket_name": BUCKET, "endpoint_url": address, "region_name": "us-east-1", **KEYS}
    default = {"BACKEND": "boardsite.s3.S3Files", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "default": default}

    def names() -> set[str]:
        return {each["Key"] for each in client.list_objects_v2(Bucket=BUCKET).get("Contents", [])}

    for name in names():
        client.delete_object(Bucket=BUCKET, Key=name)
    return names


def written(author, board, **fields) -> Attachment:
    upload = document("자료.txt", CONTENT)
    file = store_file(uploader=author, upload=upload, limit=len(CONTENT))
    write_post(author=author, board=board, subject="자료", source="", files=[file], **fields)
    file.refresh_from_db()
    return file


def body(answer) -> bytes:
    return b"".join(answer)


@pytest.mark.django_db
def test_a_file_is_sent_whole_and_in_ranges(stored, settings, minji, board):
    file = written(minji, board)
    assert stored() == {file.file.name}
    assert not settings.MEDIA_ROOT.exists()
    guest = Client()
    whole = guest.get(file.url)
    assert (whole.status_code, body(whole) == CONTENT) == (200, True)
    assert whole.headers["Content-Length"] == str(len(CONTENT))
    assert whole.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    last = len(CONTENT) - 1
    for asked, content_range, part in (
        ("bytes=0-0", f"0-0/{len(CONTENT)}", CONTENT[:1]),
        ("bytes=300000-300009", f"300000-300009/{len(CONTENT)}", CONTENT[300000:300010]),
        ("bytes=-3", f"{last - 2}-{last}/{len(CONTENT)}", CONTENT[-3:]),
    ):
        answer = guest.get(file.url, headers={"range": asked})
        assert (answer.status_code, body(answer)) == (206, part)
        assert answer.headers["Content-Range"] == f"bytes {content_range}"
        assert answer.headers["Content-Length"] == str(len(part))
    assert guest.get(file.url, headers={"range": f"bytes={len(CONTENT)}-"}).status_code == 416
    tag = whole.headers["ETag"]
    assert guest.get(file.url, headers={"if-none-match": tag}).status_code == 304


@pytest.mark.django_db
def test_a_visitor_who_may_not_read_the_post_gets_no_byte(stored, as_junho, minji, board):
    minji.level = 5
    minji.save()
    closed = Board.objects.create(group=board.group, slug="closed", name="운영진", read_level=5)
    file = written(minji, closed)
    for browser in (Client(), as_junho):
        answer = browser.get(file.url, headers={"range": "bytes=0-9"})
        assert answer.status_code == 404
        assert "Location" not in answer.headers


@pytest.mark.django_db
def test_a_picture_has_both_sizes_and_its_copy_survives_a_deletion(
    stored, owner, minji, board, other_board, django_capture_on_commit_callbacks
):
    file = store_picture(uploader=minji, upload=picture(), is_inline=False)
    post = write_post(author=minji, board=board, subject="사진", source="", files=[file])
    assert len(stored()) == 2
    for address in (file.url, file.thumb_url):
        assert body(Client().get(address))[8:12] == b"WEBP"
    copy_posts(posts=[post], boards=[other_board], by=owner)
    assert len(stored()) == 4
    twin = Attachment.objects.exclude(pk=file.pk).get()
    with django_capture_on_commit_callbacks(execute=True):
        delete_file(Attachment.objects.get(pk=file.pk))
    assert stored() == {twin.file.name, twin.thumb.name}
    assert Client().get(twin.url).status_code == 200


@pytest.mark.django_db
def test_a_file_missing_from_the_bucket_is_not_found(stored, storage_server, minji, board):
    file = written(minji, board)
    storage_server[1].delete_object(Bucket=BUCKET, Key=file.file.name)
    assert Client().get(file.url).status_code == 404


def test_system_checks_report_incompatible_settings(settings, monkeypatch):
    assert check_files() == []
    settings.S3_BUCKET = BUCKET
    assert check_files() == []
    settings.ACCEL_REDIRECT = "/protected/"
    assert [error.id for error in check_files()] == ["boardsite.E002"]
    monkeypatch.setattr("boardsite.checks.find_spec", lambda name: None)
    assert [error.id for error in check_files()] == ["boardsite.E001", "boardsite.E002"]
