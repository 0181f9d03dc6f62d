from django.db import migrations
from django.db.models import F, Max

CHUNK = 10_000


def fill(apps, schema_editor):
    """Every post opens its own thread. In short transactions: the site is open meanwhile."""
    posts = apps.get_model("boards", "Post").objects
    last = posts.aggregate(last=Max("pk"))["last"] or 0
    for start in range(0, last + 1, CHUNK):
        chunk = posts.filter(pk__gt=start, pk__lte=start + CHUNK, thread=0)
        chunk.update(thread=F("number"))


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("boards", "0010_answers_and_site_notices")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
