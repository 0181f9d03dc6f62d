from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("boardsite", "0006_add_first_steps"),
    ]

    operations = [
        migrations.CreateModel(
            name="SiteIdentity",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("site", models.CharField(max_length=32)),
                ("generation", models.PositiveIntegerField(default=1)),
                ("replaced_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "사이트 식별 번호",
                "verbose_name_plural": "사이트 식별 번호",
                "default_permissions": (),
            },
        ),
    ]
