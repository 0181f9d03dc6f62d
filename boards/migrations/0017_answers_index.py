from django.db import migrations, models

from boardsite.online import AddIndexOnline


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("boards", "0016_points")]

    operations = [
        AddIndexOnline(
            model_name="post",
            index=models.Index(
                models.F("board"),
                models.F("thread"),
                condition=models.Q(("path__gt", "")),
                name="post_answers",
            ),
        ),
    ]
