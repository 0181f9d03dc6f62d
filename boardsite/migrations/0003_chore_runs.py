from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("boardsite", "0002_member_settings_move")]

    operations = [
        migrations.CreateModel(
            name="ChoreRun",
            fields=[
                (
                    "name",
                    models.CharField(
                        max_length=60, primary_key=True, serialize=False, verbose_name="이름"
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True, verbose_name="마지막으로 잘 끝난 때")),
                (
                    "took",
                    models.FloatField(default=0, verbose_name="걸린 시간(초)"),
                ),
                ("failed_at", models.DateTimeField(null=True, verbose_name="마지막으로 실패한 때")),
                (
                    "error",
                    models.CharField(blank=True, max_length=500, verbose_name="실패한 까닭"),
                ),
            ],
            options={
                "verbose_name": "정기 작업",
                "verbose_name_plural": "정기 작업",
                "ordering": ["name"],
            },
        ),
    ]
