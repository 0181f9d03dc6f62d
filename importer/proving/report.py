"""The report for the owner: JSON for programs, and the same as a page."""

import json
import os
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from importer.proving.findings import Findings

FORMAT = 1
LONGEST = 16 << 20  # bytes of a report that is read again


def folder() -> Path:
    """Where the reports are: they quote texts and names, so only the site's own user may read them."""
    path = Path(settings.DATA_DIR) / "importer"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def write_report(findings: Findings, *, source: str, began: datetime, ended: datetime) -> Path:
    """Writes proof.json and proof.html; returns the path of the page."""
    report = report_of(findings, source=source, began=began, ended=ended)
    _write(folder() / "proof.json", json.dumps(report, ensure_ascii=False, indent=1) + "\n")
    path = folder() / "proof.html"
    style = finders.find("css/proof.css")
    css = Path(style).read_text("utf-8") if isinstance(style, str) else ""
    context = {"report": shown(report), "style": quote(css)}
    _write(path, render_to_string("importer/proof.html", context))
    return path


def report_of(
    findings: Findings, *, source: str, began: datetime, ended: datetime
) -> dict[str, Any]:
    """All that was found, as values that JSON knows."""
    return {
        "format": FORMAT,
        "source": source,
        "began_at": began.isoformat(timespec="seconds"),
        "ended_at": ended.isoformat(timespec="seconds"),
        "is_proved": not findings.unexplained,
        "unexplained": sum(each.count for each in findings.unexplained),
        "explained": sum(each.count for each in findings.explained),
        "rows": {kind: asdict(count) for kind, count in findings.counts.items()},
        "sums": {name: asdict(total) for name, total in findings.sums.items()},
        "texts": {
            kind: {name: f"{value:016x}" for name, value in asdict(texts).items()}
            for kind, texts in findings.texts.items()
        },
        "differences": [asdict(each) for each in findings],
        "notes": findings.notes,
    }


def read_report() -> dict[str, Any] | None:
    """The last report; None without one, or if it is damaged."""
    path = Path(settings.DATA_DIR) / "importer" / "proof.json"
    try:
        if path.stat().st_size > LONGEST:
            return None
        report = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return report if isinstance(report, dict) and report.get("format") == FORMAT else None


def shown(report: dict[str, Any]) -> dict[str, Any]:
    """The report with times as times, for a template."""
    times = {name: datetime.fromisoformat(report[name]) for name in ("began_at", "ended_at")}
    differences = report["differences"]
    return {
        **report,
        **times,
        "unexplained_differences": [each for each in differences if not each["reason"]],
        "explained_differences": [each for each in differences if each["reason"]],
    }


def _write(path: Path, text: str) -> None:
    """Replaces the file at once; nobody else may read it."""
    part = path.with_suffix(path.suffix + ".part")
    part.unlink(missing_ok=True)
    number = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(number, "w", encoding="utf-8") as file:
        file.write(text)
    part.replace(path)
