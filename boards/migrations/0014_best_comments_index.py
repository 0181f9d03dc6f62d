from django.db import migrations, models

from boardsite.online import AddIndexOnline


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("boards", "0013_votes_and_secret_comments")]

    operations = [
        AddIndexOnline(
            model_name="comment",
            index=models.Index(
                models.F("post"),
                models.OrderBy(models.F("like_count"), descending=True),
                condition=models.Q(("like_count__gt", 0)),
                name="comment_best",
            ),
        ),
    ]
