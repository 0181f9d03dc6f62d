from django.db import migrations, models

from boardsite.online import AddIndexOnline, RemoveIndexOnline

NEWEST = models.OrderBy(models.F("id"), descending=True)


class Migration(migrations.Migration):
    """The bin of a board and what somebody wrote are counted in an index alone, whose rows say the
    state; the new indexes stand before the old ones go."""

    atomic = False
    dependencies = [
        ("boards", "0022_hub_pings"),
    ]

    operations = [
        migrations.CreateModel(
            name="LongRun",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("part", models.CharField(default="", max_length=20)),
                (
                    "place",
                    models.BigIntegerField(help_text="The id that the last step ended at."),
                ),
                ("at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "verbose_name": "LongRun",
                "verbose_name_plural": "LongRun",
            },
        ),
        AddIndexOnline(
            model_name="post",
            index=models.Index(
                models.F("board"),
                models.F("state"),
                models.OrderBy(models.F("deleted_at"), descending=True),
                models.OrderBy(models.F("number"), descending=True),
                name="post_gone",
                condition=models.Q(("state", "published"), _negated=True),
            ),
        ),
        AddIndexOnline(
            model_name="post",
            index=models.Index(
                models.F("author"), NEWEST, models.F("state"), name="post_of_author"
            ),
        ),
        AddIndexOnline(
            model_name="comment",
            index=models.Index(
                models.F("author"), NEWEST, models.F("state"), name="comment_of_author"
            ),
        ),
        RemoveIndexOnline(model_name="post", name="post_author"),
        RemoveIndexOnline(model_name="comment", name="comment_author"),
    ]
