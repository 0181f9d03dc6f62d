from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("boardsite", "0009_add_read_only"),
    ]

    operations = [
        migrations.AddField(
            model_name="siteidentity",
            name="version",
            field=models.CharField(blank=True, db_default="", default="", max_length=32),
        ),
    ]
