from django.db import migrations
from django.utils import timezone


def keep_todays_visitors(apps, schema_editor):
    """Who has been counted today is not counted again; what else is known of him begins now."""
    database, now = schema_editor.connection.alias, timezone.now()
    DayVisitor = apps.get_model("visits", "DayVisitor")
    keys = apps.get_model("visits", "VisitorKey").objects.using(database)
    today = timezone.localdate(timezone=timezone.get_default_timezone())
    rows = (
        DayVisitor(day=day, key=key, first_at=now, last_at=now)
        for day, key in keys.filter(day=today).values_list("day", "key").iterator()
    )
    DayVisitor.objects.using(database).bulk_create(rows, batch_size=500, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("visits", "0002_day_visitors")]
    operations = [migrations.RunPython(keep_todays_visitors, migrations.RunPython.noop)]
