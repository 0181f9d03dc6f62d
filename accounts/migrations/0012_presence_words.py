from django.db import migrations, models


class Migration(migrations.Migration):
    """The switch also rules the list of who is here now. Words alone: the database does nothing."""

    dependencies = [("accounts", "0011_members_by_time")]

    operations = [
        migrations.AlterField(
            model_name="member",
            name="shows_presence",
            field=models.BooleanField(
                db_default=True,
                default=True,
                help_text="마지막 접속일, 지금 접속해 있는지, 어느 게시판을 보는지가 다른 분들에게 보입니다.",
                verbose_name="접속 상태 공개",
            ),
        ),
    ]
