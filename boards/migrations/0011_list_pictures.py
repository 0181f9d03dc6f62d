from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("boards", "0010_index_comments_of_a_post"),
    ]

    operations = [
        migrations.AddField(
            model_name="board",
            name="lists_pictures",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="글의 대표 사진을 제목 앞에 작게 보여 줍니다. 줄이 높아집니다.",
                verbose_name="목록에 사진 보이기",
            ),
        ),
    ]
