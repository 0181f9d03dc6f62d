from django.db import migrations


class Migration(migrations.Migration):
    """What accounts.MemberSettings and accounts.LegalText hold now."""

    dependencies = [("boardsite", "0001_initial"), ("accounts", "0008_fill_members")]

    operations = [
        migrations.RemoveField(model_name="sitesettings", name=name)
        for name in ("terms", "privacy", "signup_open")
    ]
