"""Which addresses of a filled Spirit are measured, as JSON. Its search is for members only."""

import json

import django


def main() -> None:
    django.setup()
    print(json.dumps(found()))


def found() -> dict:
    import spirit
    from spirit.category.models import Category
    from spirit.topic.models import Topic

    from bench import choosing, database
    from bench.peers.spirit.fill import CATEGORY, INDEXED_POSTS

    here = Category.objects.get(slug=CATEGORY).get_absolute_url()
    count = Topic.objects.count()
    posts = choosing.posts(count)
    found = {
        "about": f"Spirit {spirit.__version__}, Django {django.__version__}, {database.about()}",
        "pages": {
            "list, page 1": [here],
            "list, far page": [f"{here}?page={page}" for page in choosing.far_pages(count // 20)],
            **{name: [f"/topic/{key}/t/" for key in keys] for name, keys in posts.items()},
        },
        "size": database.size(),
        "note": "Its search, for members only, is built by Whoosh for small sites alone.",
    }
    if count <= INDEXED_POSTS:
        found["members"] = choosing.searches("/search/?q=")
        found["cookies"] = [log_in()]
    return found


def log_in() -> str:
    """The cookie of a member."""
    from django.contrib.auth.models import User

    from bench.members import session_cookie

    return session_cookie(User.objects.first())


if __name__ == "__main__":
    main()
