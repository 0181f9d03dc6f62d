from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("visits", "0004_delete_visitor_key")]
    operations = [
        migrations.AddField(
            model_name="daycount",
            name="is_closed",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AlterField(
            model_name="dayvisitor",
            name="reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("pace", "1분에 100페이지 넘게 봄"),
                    ("speed", "읽을 수 없을 만큼 빨리 넘김"),
                    ("picture", "그림을 받지 않음"),
                ],
                max_length=20,
                verbose_name="까닭",
            ),
        ),
    ]
