"""The search indexes find what LIKE would find, on both databases."""

import dataclasses
import random
import time
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from boards import search
from boards.search import Document, ask
from boardsite.text import korean

pytestmark = pytest.mark.django_db

NOUNS = """경제 정책 한국 학교 대학 대학생 학생 주식 시장 정부 영화 게임 사람 문제 경제학 부동산 아파트 김치 김치찌개
빵 빵집 커피 서울 부산 역사 한국사 배추 무 꽃 책 책상 정책실 제정 인터넷 컴퓨터 자전거 여행 사진 고양이""".split()
PARTICLES = ["", "이", "가", "을", "를", "은", "는", "에서", "으로", "의", "도", "만", "까지"]
LATIN = ["java", "javascript", "LG", "iPhone", "2024", "ＫＢＳ", "c"]
NAMES = ["홍길동", "길동이", "Minji99", "꽃", "수집기"]


def make_documents(number: int, seed: int = 1) -> list[Document]:
    rng = random.Random(seed)

    def text(words: int) -> str:
        return " ".join(
            rng.choice(LATIN)
            if rng.random() < 0.1
            else "".join(rng.choices(NOUNS, k=rng.choice([1, 1, 2]))) + rng.choice(PARTICLES)
            for _ in range(words)
        )

    return [
        Document(
            id=pk,
            board_id=rng.randint(1, 4),
            author_id=rng.choice([None, 1, 2, 3]),
            author_name=rng.choice(NAMES),
            title=text(rng.randint(1, 3)),
            text=text(rng.randint(0, 15)) + ".",
        )
        for pk in range(1, number + 1)
    ]


DOCUMENTS = make_documents(400)
QUERIES = [*NOUNS, *LATIN, *(a + b for a in NOUNS[:8] for b in NOUNS[:8])]
QUERIES += [
    "경제 학교",
    "경제가",
    "LG 주식",
    "한국경제가 java",
    "꽃 사진",
    "없는낱말",
    "경제를 한국은",
]


def like(
    documents, query, field="all", boards=None, without_boards=(), author_id=None
) -> list[int]:
    """Compute the expected result: syllables anywhere, Latin words whole, and a single syllable in
    titles only.
    """
    words = korean.query_words(query)
    titles_only = all(len(word) == 1 and korean.is_syllables(word) for word in words)

    def holds(document):
        if field == "author":
            text = document.author_name
        elif field == "title" or titles_only:
            text = document.title
        else:
            text = f"{document.title}\n{document.text}"
        return all(
            word in korean.fold(text) if korean.is_syllables(word) else word in korean.runs(text)
            for word in words
        )

    return [
        document.id
        for document in reversed(documents)
        if (boards is None or document.board_id in boards)
        and document.board_id not in without_boards
        and (author_id is None or document.author_id == author_id)
        and holds(document)
    ]


def loader(documents, field="all"):
    texts = {
        document.id: document.title + ("" if field == "title" else f"\n{document.text}")
        for document in documents
    }
    return lambda ids: {pk: texts[pk] for pk in ids if pk in texts}


def answer(query, documents=DOCUMENTS, page_size=1000, **where) -> list[int]:
    load = loader(documents, where.get("field", "all"))
    return search.find_verified(search.posts, ask(query, **where), load, page_size=page_size).ids


def fill(documents) -> int:
    """Index the posts that are not indexed yet; return how many there were."""
    return search.posts.renew(documents, set())


@pytest.fixture
def filled():
    search.posts.clear()
    fill(DOCUMENTS)


@pytest.mark.usefixtures("filled")
def test_results_equal_those_of_like():
    found = 0
    for query in QUERIES:
        expected = like(DOCUMENTS, query)
        assert answer(query) == expected, query
        found += len(expected)
    assert found > 3000


@pytest.mark.parametrize(
    "where",
    [
        {"field": "title"},
        {"boards": [2]},
        {"boards": {1, 3}, "field": "title"},
        {"author_id": 2},
        {"author_id": 3, "boards": [1, 4]},
        {"boards": range(2, 900)},
        {"without_boards": [2]},
        {"without_boards": {1, 4, 77}, "field": "title", "author_id": 1},
    ],
)
@pytest.mark.usefixtures("filled")
def test_results_are_restricted_to_the_given_boards(where):
    for query in QUERIES[:60]:
        assert answer(query, **where) == like(DOCUMENTS, query, **where), query


@pytest.mark.usefixtures("filled")
def test_without_visible_boards_nothing_is_found():
    assert answer("경제", boards=[]) == []
    assert search.posts.count(ask("경제", boards=[])) == (0, False)


@pytest.mark.usefixtures("filled")
def test_posts_are_found_by_the_name_of_their_author():
    for query in ["홍길동", "길동", "minji99", "꽃", "수집", "minji"]:
        assert answer(query, field="author") == like(DOCUMENTS, query, field="author"), query
    assert answer("minji", field="author") == []


def test_a_word_is_found_inside_longer_ones():
    documents = [
        Document(1, 1, None, "민지", "", "경제가 어렵다"),
        Document(2, 1, None, "민지", "한국경제", ""),
        Document(3, 1, None, "민지", "경리", "제경"),
        Document(4, 1, None, "민지", "경제 따로 제정 따로", "정책 따로"),
        Document(5, 1, None, "민지", "", "경제정책을 세웠다"),
    ]
    fill(documents)
    assert answer("경제", documents) == [5, 4, 2, 1]
    assert search.posts.find(ask("경제정책"), limit=10) == [5, 4]
    assert answer("경제정책", documents) == [5]


@pytest.mark.usefixtures("filled")
def test_pages_continue_each_other():
    for query in ["경제", "한국경제"]:
        whole = answer(query)
        pages, total = [], 0
        for page in range(1, 100):
            results = search.find_verified(
                search.posts, ask(query), loader(DOCUMENTS), page=page, page_size=7
            )
            assert results.total >= total
            total = results.total
            if not results.ids:
                break
            pages += results.ids
        assert pages == whole
        assert (results.total, results.is_capped) == (len(whole), False)


@pytest.mark.usefixtures("filled")
def test_counts_are_exact_up_to_a_limit():
    number = len(like(DOCUMENTS, "경제"))
    assert search.posts.count(ask("경제")) == (number, False)
    assert search.posts.count(ask("경제"), cap=number) == (number, False)
    assert search.posts.count(ask("경제"), cap=number - 1) == (number - 1, True)


@pytest.mark.usefixtures("filled")
def test_a_page_and_its_count_take_one_query():
    with CaptureQueriesContext(connection) as captured:
        results = search.find_verified(search.posts, ask("경제"), loader(DOCUMENTS))
    assert results.total == len(like(DOCUMENTS, "경제"))
    asked = [query["sql"] for query in captured if "MATCH" in query["sql"] or "@@" in query["sql"]]
    assert len(asked) == 1


ENDLESS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
    "postgresql": "SELECT pg_sleep(60)",
}


def test_the_database_cancels_a_slow_query(monkeypatch):  # case 81
    storage = search._storage()
    monkeypatch.setattr(storage, "PATIENCE", 0.05)
    began = time.monotonic()
    with pytest.raises(search.TooSlow), storage.asking() as cursor:
        cursor.execute(ENDLESS[connection.vendor])
    assert time.monotonic() - began < 30
    search.posts.add(DOCUMENTS[0])  # queries before and after are unaffected
    assert search.posts.find(ask(DOCUMENTS[0].title, field="title"), limit=1) == [DOCUMENTS[0].id]
    with connection.cursor() as cursor:  # no other query has a limit
        if connection.vendor == "postgresql":
            cursor.execute("SHOW statement_timeout")
            assert cursor.fetchone() == ("0",)
        else:
            cursor.execute(ENDLESS["sqlite"].replace("FROM n)", "FROM n WHERE i < 300000)"))
            assert cursor.fetchone() == (300_000,)


def test_checking_texts_stops_after_the_time_limit_with_the_results_so_far(monkeypatch):  # case 81
    fill(Document(pk, 1, None, "민지", "경제정책", "") for pk in range(1, 301))
    clock = iter(range(100))
    now = SimpleNamespace(monotonic=lambda: next(clock) * search.PATIENCE / 2)
    monkeypatch.setattr(search, "time", now)
    hits = iter([True] * 5 + [False] * 1_000)
    results = search.find_verified(
        search.posts,
        ask("경제정책"),
        lambda ids: {pk: "경제정책" if next(hits) else "" for pk in ids},
    )
    assert results == search.Results([300, 299, 298, 297, 296], 5, True)


def test_the_number_of_checked_candidates_is_limited(monkeypatch):
    monkeypatch.setattr(search, "CHECK_LIMIT", 250)
    fill(Document(pk, 1, None, "민지", "경제 제정 정책", "") for pk in range(1, 401))
    asked = []
    results = search.find_verified(
        search.posts, ask("경제정책"), lambda ids: asked.append(ids) or dict.fromkeys(ids, "")
    )
    assert [len(ids) for ids in asked] == [40, 100, 100, 10]
    assert results == search.Results([], 0, True)


def test_no_more_candidates_are_read_than_the_page_needs(monkeypatch):
    fill(Document(pk, 1, None, "민지", "경제 제정 정책", "") for pk in range(1, 101))
    limits, find = [], search.Index.find

    def counted(index, question, *, limit):
        limits.append(limit)
        return find(index, question, limit=limit)

    monkeypatch.setattr(search.Index, "find", counted)
    question = ask("경제정책")
    found = search.find_verified(search.posts, question, lambda ids: dict.fromkeys(ids, "경제정책"))
    assert found == search.Results([*range(100, 80, -1)], 40, True)
    assert limits == [41]
    found = search.find_verified(search.posts, question, lambda ids: dict.fromkeys(ids, ""))
    assert found == search.Results([], 0, False)
    assert limits == [41, 41, search.CHECK_LIMIT]


def test_posts_written_meanwhile_cause_no_duplicates_between_pages():
    fill(Document(pk, 1, None, "민지", "경제 제정 정책", "") for pk in range(1, 61))
    new = Document(61, 1, None, "민지", "경제 제정 정책", "")
    batches = []

    def texts(ids):
        if not batches:
            search.posts.add(new)
        batches.append(ids)
        return {pk: "경제정책" if pk <= 21 else "" for pk in ids}

    found = search.find_verified(search.posts, ask("경제정책"), texts)
    assert [len(ids) for ids in batches] == [
        40,
        21,
    ]  # number 21 was the last of one page and the first of the next
    assert found == search.Results([*range(21, 1, -1)], 21, False)


def test_many_at_once_are_indexed_as_one_by_one():
    documents = DOCUMENTS[:50]
    search.comments.add_many(documents)
    search.posts.clear()
    for each in documents:
        search.posts.add(each)
    assert search.comments.renew(documents, {each.id for each in documents}) == 0
    for query in QUERIES:
        question = ask(query)
        assert search.comments.find(question, limit=99) == search.posts.find(question, limit=99)


@pytest.mark.usefixtures("filled")
def test_an_edit_is_found_only_by_its_new_words():
    old = DOCUMENTS[150]
    new = dataclasses.replace(old, title="고슴도치", text="도롱뇽", board_id=9)
    search.posts.replace(old, new)
    documents = [*DOCUMENTS[:150], new, *DOCUMENTS[151:]]
    assert answer("고슴도치 도롱뇽", documents, boards=[9]) == [old.id]
    for query in QUERIES:
        assert answer(query, documents) == like(documents, query), query


@pytest.mark.usefixtures("filled")
def test_an_edit_without_new_words_writes_nothing():
    document = DOCUMENTS[0]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        search.posts.replace(document, dataclasses.replace(document, text=document.text + " ㅋㅋ!"))
    assert len(queries) == 0


@pytest.mark.usefixtures("filled")
def test_a_removed_document_leaves_nothing_behind():
    rng = random.Random(2)
    left = DOCUMENTS
    for document in rng.sample(DOCUMENTS, len(DOCUMENTS)):
        search.posts.remove(document)
        left = [other for other in left if other is not document]
        if len(left) in (300, 20):
            assert [answer(query, left) for query in QUERIES] == [
                like(left, query) for query in QUERIES
            ]
    for query in QUERIES:
        assert search.posts.find(ask(query), limit=10) == []
    assert fill(DOCUMENTS) == len(DOCUMENTS)
    assert answer("경제") == like(DOCUMENTS, "경제")


@pytest.mark.usefixtures("filled")
def test_a_document_is_indexed_once():
    with pytest.raises(IntegrityError), transaction.atomic():
        search.posts.add(DOCUMENTS[0])
    more = make_documents(410)
    assert fill(more) == 10
    assert fill([]) == 0
    search.posts.remove(dataclasses.replace(DOCUMENTS[0], id=5000))  # not indexed: no error
    assert answer("경제", more) == like([*DOCUMENTS, *more[400:]], "경제")


@pytest.mark.usefixtures("filled")
def test_a_rolled_back_transaction_indexes_nothing():
    with transaction.atomic():
        search.posts.add(Document(900, 1, None, "민지", "고슴도치", ""))
        search.posts.remove(DOCUMENTS[-1])
        assert answer("고슴도치", [Document(900, 1, None, "", "고슴도치", "")]) == [900]
        transaction.set_rollback(True)
    assert search.posts.find(ask("고슴도치"), limit=10) == []
    assert answer("경제") == like(DOCUMENTS, "경제")


@pytest.mark.usefixtures("filled")
def test_comments_have_an_index_of_their_own():
    search.comments.add(Document(1, 1, None, "민지", "", "고슴도치가 좋아요"))
    assert search.comments.find(ask("고슴도치"), limit=10) == [1]
    assert search.comments.find(ask("경제"), limit=10) == []
    assert search.posts.find(ask("고슴도치"), limit=10) == []
    search.comments.clear()
    assert search.comments.find(ask("고슴도치"), limit=10) == []


def test_the_newest_posts_are_found_across_ranges_of_ids():
    """PostgreSQL searches the newest ids first, then as many more as should suffice, then all."""
    ids = [1, 2, 40_000, 99_000, 99_001, 140_000, 140_001]
    fill(Document(pk, pk % 2, None, "민지", "경제", "") for pk in ids)
    assert search.posts.find(ask("경제"), limit=2) == [140_001, 140_000]
    assert search.posts.find(ask("경제"), limit=4) == [140_001, 140_000, 99_001, 99_000]
    assert search.posts.find(ask("경제"), limit=2, offset=5) == [2, 1]
    assert search.posts.find(ask("경제", boards=[0]), limit=9) == [140_000, 99_000, 40_000, 2]
    assert search.posts.count(ask("경제")) == (7, False)
    assert search.posts.count(ask("경제"), cap=1) == (1, True)
    far = [*ids, 32_768 * 40 + 5]
    search.posts.add(Document(far[-1], 0, None, "민지", "경제", ""))
    for limit in range(1, 9):
        assert search.posts.find(ask("경제"), limit=limit) == far[::-1][:limit]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        '"',
        "'; DROP TABLE boards_post; --",
        '경제" OR "학교',
        "경제 AND OR NOT NEAR(학교, 2)",
        "pieces:경제 ^경제 경제* -경제 {a b}: +",
        "경제 & 학교 | !사진 <-> 꽃:*",
        "\\' \\\\ %s %(x)s %%",
        "\0경\0제\0",
        "경제" * 5000,
        " ".join(f"낱말{number}" for number in range(200)),
        "a" * 10_000,
        "ㅋㅋㅋㅋ",
        "!?.,…~·",
        "\ud800",
        "ﷺ" * 100,
        "🙂",
    ],
)
@pytest.mark.usefixtures("filled")
def test_hostile_queries_do_no_harm(query):
    for field in ("all", "title", "author"):
        question = ask(query, field=field, boards=[1, 2])
        assert sum(map(len, question.clauses)) <= korean.QUERY_LIMIT + 3
        load = loader(DOCUMENTS, field)
        results = search.find_verified(search.posts, question, load)
        assert results.ids == like(DOCUMENTS, query, field, [1, 2])[:20] or not question.words
        if not question.words:
            assert results == search.Results([], 0, False)


@pytest.mark.usefixtures("filled")
def test_far_pages_cost_nothing():
    for query in ["경제", "한국경제"]:
        results = search.find_verified(
            search.posts, ask(query), loader(DOCUMENTS), page=10**30, page_size=20
        )
        assert results.ids == []
