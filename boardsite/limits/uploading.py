"""Limits the files and pixels that one member may upload.

Both are counted before decoding (boardsite.limits.decoding), whether decoding succeeds or not."""

from boardsite.limits.rate_limit import hit_or_refuse

FILES, FILES_SECONDS = 120, 600
WORK, WORK_SECONDS = 1_000_000_000, 3600  # pixels; those of a JPEG count as a quarter


def count_upload(member: int) -> None:
    """Counts a file of the member with this id, before the file is examined."""
    hit_or_refuse(f"upload:{member}", limit=FILES, seconds=FILES_SECONDS)


def spend_pixels(member: int, size: tuple[int, int], format: str | None) -> None:
    """Charges the picture's pixels to the member with this id. Raises TooMany beyond the hourly
    limit."""
    pixels = size[0] * size[1] // (4 if format in ("JPEG", "MPO") else 1)
    thousands = -(-pixels // 1000)  # the column holds 31 bits
    hit_or_refuse(f"pixels:{member}", limit=WORK // 1000, seconds=WORK_SECONDS, amount=thousands)
