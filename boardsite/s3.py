"""Files in S3-compatible storage, for a site of several machines (docs/decisions/0036).

The bucket is private and nobody is ever sent there: the site asks itself whether somebody may have a
file, as with files on disk, fetches it, and sends it with its own headers.
"""

import shutil
import tempfile
from typing import Any, BinaryIO

from botocore.config import Config
from storages.backends.s3 import S3Storage
from storages.utils import clean_name

IN_MEMORY = 256 * 1024  # bytes; what is larger waits for its reader on disk


class S3Files(S3Storage):
    """django-storages' S3, with limits of time, that can fetch a part of a file."""

    def __init__(self, **settings: Any):
        settings.setdefault("max_memory_size", IN_MEMORY)
        # A bucket as a part of the host name is Amazon's way; others know it in the path.
        style = "path" if settings.get("endpoint_url") else "auto"
        settings.setdefault(
            "client_config",
            Config(
                signature_version="s3v4",
                s3={"addressing_style": style},
                connect_timeout=3,
                read_timeout=30,
                retries={"mode": "standard", "total_max_attempts": 2},
                # Newer sums than that are not understood by all who offer S3.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )
        super().__init__(**settings)

    def open_part(self, name: str, first: int, last: int) -> BinaryIO:
        """The bytes `first` to `last`, both of them, as a file of their own.

        Whole and here before anything is sent: a slow reader then waits for the server's loop, which
        has time, and not for a thread that waits for the bucket.
        """
        stored = self.bucket.Object(self._normalize_name(clean_name(name)))
        part = tempfile.SpooledTemporaryFile(max_size=self.max_memory_size)  # noqa: SIM115 (who gets it closes it)
        with stored.get(Range=f"bytes={first}-{last}")["Body"] as body:
            shutil.copyfileobj(body, part)
        part.seek(0)
        return part
