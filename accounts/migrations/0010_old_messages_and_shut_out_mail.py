from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_member_indexes")]

    operations = [
        migrations.CreateModel(
            name="ShutOutMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("mail_hash", models.CharField(max_length=64, unique=True)),
                ("until", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.AddField(
            model_name="membersettings",
            name="message_days",
            field=models.PositiveSmallIntegerField(
                db_default=0,
                default=0,
                help_text="받은 사람이 읽은 지 이만큼 지난 쪽지는 두 쪽지함에서 지웁니다. "
                "0이면 지우지 않습니다.",
                verbose_name="쪽지 보관 기간(일)",
            ),
        ),
    ]
