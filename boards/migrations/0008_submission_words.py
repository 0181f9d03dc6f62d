import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    """Rows of a day at most: those that are there count as said with other words."""

    dependencies = [("boards", "0007_moderation_deeds")]

    operations = [
        migrations.AddField(
            model_name="submission",
            name="words",
            field=models.UUIDField(default=uuid.uuid4),
            preserve_default=False,
        ),
    ]
