from django.db import migrations, models

from boardsite.online import AddIndexOnline


class Migration(migrations.Migration):
    """By which the comments of a day are counted."""

    atomic = False
    dependencies = [("boards", "0018_watching")]

    operations = [
        AddIndexOnline(
            model_name="comment",
            index=models.Index(
                models.F("created_at"),
                name="comment_created",
                condition=models.Q(state="published"),
            ),
        ),
    ]
