from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("visits", "0003_keep_todays_visitors")]
    operations = [migrations.DeleteModel("VisitorKey")]
