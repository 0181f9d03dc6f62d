from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("boards", "0001_initial")]

    operations = [
        migrations.RenameField("moderationentry", old_name="deed", new_name="operation"),
    ]
