from django.db import migrations, models

from boardsite.databases.online import AddIndexOnline


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("boards", "0009_delete_boards"),
    ]

    operations = [
        AddIndexOnline(
            model_name="comment",
            index=models.Index(models.F("post"), models.F("id"), name="comment_of_post"),
        ),
    ]
