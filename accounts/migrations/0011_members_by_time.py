from django.db import migrations, models

from boardsite.online import AddIndexOnline


class Migration(migrations.Migration):
    """By which those who joined or left on a day are counted, and those who wait for a yes found."""

    atomic = False
    dependencies = [("accounts", "0010_old_messages_and_shut_out_mail")]

    operations = [
        AddIndexOnline(
            model_name="member",
            index=models.Index(models.F("date_joined"), name="member_joined"),
        ),
        AddIndexOnline(
            model_name="member",
            index=models.Index(
                models.F("left_at"),
                name="member_left",
                condition=models.Q(left_at__isnull=False),
            ),
        ),
        AddIndexOnline(
            model_name="member",
            index=models.Index(
                models.F("id"), name="member_pending", condition=models.Q(is_pending=True)
            ),
        ),
    ]
