from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("boardsite", "0003_chore_runs"),
    ]

    operations = [
        migrations.CreateModel(
            name="ScopeVersion",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "scope",
                        "xact",
                        "moment",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("scope", models.IntegerField()),
                ("xact", models.BigIntegerField(default=0)),
                ("moment", models.BigIntegerField(default=0)),
                ("number", models.BigIntegerField()),
            ],
            options={
                "verbose_name": "바뀐 횟수",
                "verbose_name_plural": "바뀐 횟수",
            },
        ),
    ]
