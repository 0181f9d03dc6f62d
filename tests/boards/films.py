"""Minimal video and audio files that begin as the files of browsers do."""

import io
import wave

from django.core.files.uploadedfile import SimpleUploadedFile

MP4 = (
    b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41"
    b"\x00\x00\x08\x08mdat" + bytes(range(256)) * 8
)


def film(name: str = "봄나들이.mp4", content: bytes = MP4) -> SimpleUploadedFile:
    """A file cut off after its header: it is recognised as a video, but no player plays it."""
    return SimpleUploadedFile(name, content, "application/octet-stream")


def sound(name: str = "새소리.wav", seconds: float = 0.1) -> SimpleUploadedFile:
    """A playable file that contains silence."""
    file = io.BytesIO()
    with wave.open(file, "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(8_000)
        wav.writeframes(bytes(int(16_000 * seconds)))
    return SimpleUploadedFile(name, file.getvalue(), "application/octet-stream")
