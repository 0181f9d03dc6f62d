"""Cleans the texts of the next batch in a second process while this one writes a batch, so that an import uses two
processors (docs/decisions/0089)."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from typing import TypeVar

from importer.reading.cleaning import Cleaned, Text, clean_all

FEW = 100  # texts of a batch for which the second process is not started
LONGEST = 600.0  # seconds that a batch may take

Batch = TypeVar("Batch")


def cleaned_ahead(
    batches: Iterable[tuple[Batch, Sequence[Text]]],
) -> Iterator[tuple[Batch, Sequence[Cleaned | None]]]:
    """Yields each batch with its cleaned texts. The caller cleans those that are None: the texts of a small
    batch, of one in which a text cannot be cleaned, so that it fails where its row is known, and all that follow if the
    second process is killed."""
    with ExitStack() as stack:
        process: ProcessPoolExecutor | None = None
        before: tuple[Batch, Sequence[Text], Future[list[Cleaned]] | None] | None = None
        for batch, texts in batches:
            future = None
            if len(texts) >= FEW:
                process = process or stack.enter_context(_second_process())
                future = _submitted(process, texts)
            if before is not None:
                yield _finished(*before)
            before = batch, texts, future
        if before is not None:
            yield _finished(*before)


def _submitted(
    process: ProcessPoolExecutor, texts: Sequence[Text]
) -> "Future[list[Cleaned]] | None":
    try:
        return process.submit(clean_all, texts)
    except BrokenProcessPool:  # it was killed, such as for want of memory; the import goes on alone
        return None


def _finished(
    batch: Batch, texts: Sequence[Text], future: "Future[list[Cleaned]] | None"
) -> tuple[Batch, Sequence[Cleaned | None]]:
    if future is None or future.exception(LONGEST) is not None:
        return batch, [None] * len(texts)
    return batch, future.result()


def _second_process() -> ProcessPoolExecutor:
    """It is a new interpreter, which inherits no connection of this one."""
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(1, mp_context=context, initializer=_end_with_parent)


def _end_with_parent() -> None:
    """A parent that is killed cannot end this process, which would wait for texts forever."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the parent
    threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
