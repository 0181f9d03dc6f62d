from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("boards", "0006_closed_and_binned_posts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="moderationentry",
            name="deed",
            field=models.CharField(
                choices=[
                    ("hide", "숨김"),
                    ("restore", "되살림"),
                    ("delete", "삭제"),
                    ("move", "옮김"),
                    ("category", "말머리 바꿈"),
                    ("notice", "공지로 올림"),
                    ("unnotice", "공지 내림"),
                    ("close", "댓글 잠금"),
                    ("open", "댓글 잠금 풂"),
                    ("uphold", "신고에 조치"),
                    ("dismiss", "신고에 문제 없음"),
                ],
                max_length=10,
                verbose_name="한 일",
            ),
        ),
    ]
