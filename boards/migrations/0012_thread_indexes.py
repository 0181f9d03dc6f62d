from django.db import migrations, models

from boardsite.online import AddIndexOnline, RemoveIndexOnline

LISTED = models.Q(("is_notice", False), ("state", "published"))
THREADS = [models.F("board"), models.OrderBy(models.F("thread"), descending=True), models.F("path")]


class Migration(migrations.Migration):
    """Lists go by threads; the new indexes stand before the old ones go."""

    atomic = False
    dependencies = [("boards", "0011_fill_threads")]

    operations = [
        AddIndexOnline(
            model_name="post",
            index=models.Index(*THREADS, condition=LISTED, name="post_threads"),
        ),
        AddIndexOnline(
            model_name="post",
            index=models.Index(
                THREADS[0],
                models.F("category"),
                *THREADS[1:],
                condition=LISTED,
                name="post_threads_category",
            ),
        ),
        AddIndexOnline(
            model_name="post",
            index=models.Index(
                models.F("id"),
                condition=models.Q(("is_site_notice", True)),
                name="post_site_notices",
            ),
        ),
        AddIndexOnline(
            model_name="post",
            index=models.Index(
                models.F("deleted_at"),
                condition=models.Q(("deleted_at__isnull", False)),
                name="post_bin",
            ),
        ),
        RemoveIndexOnline(model_name="post", name="post_listed"),
        RemoveIndexOnline(model_name="post", name="post_listed_category"),
    ]
