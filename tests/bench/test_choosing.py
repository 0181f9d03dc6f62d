"""The choice of URLs to request, which is the same in each run."""

from collections import Counter

from bench import choosing


def test_posts_are_chosen_as_by_people_and_by_robots():
    chosen = choosing.posts(1_000_000)
    assert all(1 <= number <= 1_000_000 for numbers in chosen.values() for number in numbers)
    assert len(set(chosen["post, of 500"])) == choosing.FEW
    assert len(set(chosen["post, any"])) == choosing.MANY
    read = Counter(chosen["post, Zipf"])
    assert read[1_000_000] > 20 * read[1_000_000 - 50] > 0  # the newest most often
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
