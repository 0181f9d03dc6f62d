"""Reads `.env`, and changes single lines of it."""

import os
import re
from pathlib import Path

import environ
from django.conf import settings


def read(path: Path) -> None:
    """Puts the variables of `.env` into the environment, where there is one. Ends the process if it
    cannot be read: without it the site would use another database."""
    try:
        environ.Env.read_env(path)
        if path.is_file():
            path.open().close()  # read_env does not tell
    except (OSError, ValueError) as error:
        # In the settings, before there are translations.
        words = f"설정 파일을 읽을 수 없습니다: {path} ({error}). 글로 된 파일인지, 권한이 맞는지 확인해 주세요."
        raise SystemExit(words) from None


def set_variable(name: str, value: str, *, comment: str = "") -> bool:
    """Sets the variable, below a line of `comment`, or removes it with its comment where `value` is
    empty. Returns False, and changes nothing, where there is no `.env` or it cannot be written."""
    path = (Path(settings.BASE_DIR) / ".env").resolve()  # a link stays one
    if not os.access(path, os.R_OK | os.W_OK) or not os.access(path.parent, os.W_OK):
        return False
    above = f"(# {re.escape(comment)}\n)?" if comment else ""
    text = re.sub(rf"(?m)^{above}{name}=.*\n?", "", path.read_text("utf-8"))
    if value:
        text = text if text.endswith("\n") or not text else f"{text}\n"
        text += f"# {comment}\n" if comment else ""
        text += f"{name}={value}\n"
    unfinished = path.with_name(f".env.{os.getpid()}")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(handle, "w", encoding="utf-8") as file:
        os.fchmod(handle, path.stat().st_mode & 0o777)
        file.write(text)
        file.flush()
        os.fsync(handle)
    unfinished.replace(path)
    return True
