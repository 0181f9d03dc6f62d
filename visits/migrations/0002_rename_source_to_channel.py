from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("visits", "0001_initial")]

    operations = [
        migrations.RenameField("dayvisitor", old_name="source", new_name="channel"),
    ]
