"""Files in S3-compatible storage, for a site of several machines (docs/decisions/0036).

The bucket is private and visitors are never redirected to it. As with files on disk, the site
checks the permission, fetches the file and sends it with its own headers."""

import shutil
import tempfile
from typing import IO, Any

from botocore.config import Config
from storages.backends.s3 import S3Storage
from storages.utils import clean_name

IN_MEMORY = 256 * 1024  # bytes; a larger file is buffered on disk for its reader


class S3Files(S3Storage):
    """django-storages' S3 storage with timeouts, which can also fetch a part of a file."""

    def __init__(self, **settings: Any):
        settings.setdefault("max_memory_size", IN_MEMORY)
        # Only Amazon expects the bucket as a part of the host name; other services expect it in the
        # path.
        style = "path" if settings.get("endpoint_url") else "auto"
        settings.setdefault(
            "client_config",
            Config(
                signature_version="s3v4",
                s3={"addressing_style": style},
                connect_timeout=3,
                read_timeout=10,  # both attempts together stay below the watchdog's limit (0045)
                retries={"mode": "standard", "total_max_attempts": 2},
                # Not all S3-compatible services understand newer checksums.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )
        super().__init__(**settings)

    def open_part(self, name: str, first: int, last: int) -> IO[bytes]:
        """The bytes from `first` to `last`, both included, as a file of their own.

        The part is fetched completely before anything is sent: a slow reader then occupies the
        server's event loop, and not a thread that waits for the bucket."""
        stored = self.bucket.Object(self._normalize_name(clean_name(name)))
        part = tempfile.SpooledTemporaryFile(max_size=self.max_memory_size)  # noqa: SIM115 (who gets it closes it)
        with stored.get(Range=f"bytes={first}-{last}")["Body"] as body:
            shutil.copyfileobj(body, part)
        part.seek(0)
        return part
