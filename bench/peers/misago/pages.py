"""Which addresses of a filled Misago are measured, as JSON.

Its lists go on from the last post of the page before, so a far page costs no more than the first.
The page of a search is empty until a script asks for its answer, which is what is measured here.
"""

import json

import django


def main() -> None:
    django.setup()
    print(json.dumps(found()))


def found() -> dict:
    import misago
    from misago.categories.models import Category
    from misago.threads.models import Thread

    from bench import choosing, database

    category = Category.objects.get(slug="first-category")
    here = f"/c/{category.slug}/{category.pk}/"
    count = Thread.objects.count()
    oldest = Thread.objects.order_by("last_post_id").values_list("last_post_id", flat=True)
    far = oldest[30 : 30 + max(1, count // 10)][:: max(1, count // 10 // choosing.FEW)]
    posts = choosing.posts(count)
    return {
        "about": f"Misago {misago.__version__}, Django {django.__version__}, {database.about()}, Redis",
        "pages": {
            "list, page 1": [here],
            "list, far page": [f"{here}?start={pk}" for pk in far],
            **{name: [f"/t/t/{key}/" for key in keys] for name, keys in posts.items()},
            **choosing.searches("/api/search/threads/?q="),
        },
        "size": database.size(),
        "note": "Lists go on from a post, not from a page's number; a search is its API's answer.",
    }


if __name__ == "__main__":
    main()
