from django.db import migrations, models

from boardsite.online import AddIndexOnline


class Migration(migrations.Migration):
    """Indexes of big tables; and Member.agreed_at goes, now that Consent has it."""

    atomic = False
    dependencies = [("accounts", "0008_fill_members")]

    operations = [
        AddIndexOnline(
            model_name="member",
            index=models.Index(models.F("nickname_shape"), name="member_nickname_shape"),
        ),
        AddIndexOnline(
            model_name="notification",
            index=models.Index(
                models.F("mail"),
                models.F("member"),
                condition=~models.Q(mail=""),
                name="notification_mail_due",
            ),
        ),
        migrations.RemoveField(model_name="member", name="agreed_at"),
    ]
