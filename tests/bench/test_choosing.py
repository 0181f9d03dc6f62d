"""Which addresses are asked for: the same for the site and for its peers."""

from collections import Counter

from bench import choosing
from bench.peers.databases import postgresql
from bench.peers.threads import Threads
from bench.postgresql import address_of


def test_posts_are_chosen_as_people_and_as_robots_do():
    chosen = choosing.posts(1_000_000)
    assert all(1 <= number <= 1_000_000 for numbers in chosen.values() for number in numbers)
    assert len(set(chosen["post, of 500"])) == choosing.FEW
    assert len(set(chosen["post, any"])) == choosing.MANY
    read = Counter(chosen["post, Zipf"])
    assert read[1_000_000] > 20 * read[1_000_000 - 50] > 0  # the newest, most of all
    assert len(read) > choosing.MANY / 4  # and old ones
    assert len(set(chosen["post, one"])) == 1


def test_the_same_posts_are_chosen_each_time():
    assert choosing.posts(3_000) == choosing.posts(3_000)


def test_a_small_board_has_all_its_posts_chosen():
    assert sorted(choosing.posts(30)["post, any"]) == [*range(1, 31)]


def test_far_pages_are_in_the_last_tenth():
    assert all(900 <= page <= 1_000 for page in choosing.far_pages(1_000))
    assert set(choosing.far_pages(0)) == {1}


def test_searches_are_for_common_and_for_rare_words():
    found = choosing.searches("/search/?q=")
    assert len(found["search, common"]) == 20
    assert not {*found["search, common"]} & {*found["search, rare"]}
    assert all(path.isascii() for paths in found.values() for path in paths)


def test_a_peer_gets_as_many_threads_with_replies(monkeypatch):
    threads = list(Threads(400, seed=7))
    replies = sum(len(thread.texts) - 1 for thread in threads)
    assert len(threads) == 400
    assert 400 < replies < 1_200  # two each, on the average
    for thread in threads:
        times = [text.at for text in thread.texts]
        assert times == sorted(times)
    assert [thread.title for thread in Threads(400, seed=7)] == [each.title for each in threads]
    monkeypatch.setattr("bench.peers.threads.BATCH", 150)
    assert [len(batch) for batch in Threads(400, seed=7).batches()] == [150, 150, 100]


def test_a_peer_gets_a_database_of_its_own():
    address = address_of("postgres://me:p%40ss@db.example:5433/postgres", "bench_peer_10")
    assert address == "postgres://me:p%40ss@db.example:5433/bench_peer_10"
    database = postgresql(address)
    assert database["NAME"] == "bench_peer_10"
    assert (database["USER"], database["PASSWORD"]) == ("me", "p@ss")
    assert (database["HOST"], database["PORT"]) == ("db.example", "5433")
