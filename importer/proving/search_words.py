"""인기검색어: how many visitors searched for a word on a day."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

from django.utils import timezone

from boards.models import SearchWord
from boards.text.search_words import search_word
from importer.proving.proof import Proof
from importer.proving.texts import plain
from importer.proving.there import day

KIND = "인기검색어"
BATCH = 200
NOT_COUNTED = "개인정보처럼 보이거나 너무 길어서, 이 사이트에서는 세지 않는 검색어입니다."
NO_DAY = "날짜가 올바르지 않습니다."
SEARCHED = "옮긴 뒤에 이 사이트에서도 찾은 말입니다."
OVER = "검색어는 이 사이트에서 180일 동안만 둡니다."
DAYS = 180


def check_search_words(proof: Proof) -> Iterator[int]:
    with closing(sqlite3.connect("")) as scratch:  # SQLite's name for a file that deletes itself
        scratch.execute(
            "CREATE TABLE searched (at TEXT, word TEXT, who TEXT, PRIMARY KEY (at, word, who))"
        )
        for batch in proof.there.rows("popular"):
            for row in batch:
                at, word = day(row["pp_date"]), search_word(plain(row["pp_word"]))
                if at is None or not word:
                    why = NO_DAY if at is None else NOT_COUNTED
                    proof.findings.differ(
                        KIND, "세지 않는 검색어입니다", row["pp_date"], row["pp_word"], "", why
                    )
                else:
                    values = (str(at.date()), word, row.get("pp_ip", ""))
                    scratch.execute("INSERT OR IGNORE INTO searched VALUES (?, ?, ?)", values)
            yield len(batch)
        counts = scratch.execute(
            "SELECT at, word, count(*) FROM searched GROUP BY at, word ORDER BY at, word"
        )
        while some := counts.fetchmany(BATCH):
            _compare(proof, some)


def _compare(proof: Proof, counts: list[tuple[str, str, int]]) -> None:
    find = proof.findings
    rows = SearchWord.objects.filter(
        day__in={at for at, _word, _count in counts}, word__in={word for _at, word, _c in counts}
    )
    here = {(str(row.day), row.word): row.visitors for row in rows}
    oldest = str(timezone.localdate() - timedelta(days=DAYS))
    ended = str(timezone.localdate(proof.here.ended_at))
    for at, word, there in counts:
        ours = here.get((at, word), 0)
        find.count(KIND, there=1, here=ours > 0)
        find.add("검색한 사람", there, ours)
        if ours != there:
            reason = SEARCHED if ours > there and at >= ended else ""
            reason = OVER if not ours and at < oldest else reason
            find.differ(KIND, "검색한 사람의 수가 다릅니다", f"{at} {word}", there, ours, reason)
