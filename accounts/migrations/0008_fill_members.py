from django.db import migrations
from django.db.models import Max

from accounts.text.names import nickname_shape

CHUNK = 2_000
KINDS = ["terms", "privacy"]


def fill(apps, schema_editor):
    """In short transactions: the site is open meanwhile. Safe to begin again."""
    site = apps.get_model("boardsite", "SiteSettings").objects.filter(pk=1).first()
    texts = move_settings(apps, site) if site else {}
    members = apps.get_model("accounts", "Member").objects
    last = members.aggregate(last=Max("pk"))["last"] or 0
    for start in range(0, last + 1, CHUNK):
        chunk = list(members.filter(pk__gt=start, pk__lte=start + CHUNK, nickname_shape=""))
        for member in chunk:
            member.nickname_shape = nickname_shape(member.nickname)
        remember_consents(apps, chunk, texts)
        members.bulk_update(chunk, ["nickname_shape"])


def move_settings(apps, site) -> dict:
    """The owner's texts become the first versions; whether one may join moves too."""
    apps.get_model("accounts", "MemberSettings").objects.get_or_create(
        pk=1, defaults={"signup_open": site.signup_open}
    )
    texts = {}
    for kind in KINDS:
        if words := getattr(site, kind):
            texts[kind], _is_new = apps.get_model("accounts", "LegalText").objects.get_or_create(
                kind=kind, version=1, defaults={"text": words}
            )
    return texts


def remember_consents(apps, members, texts) -> None:
    """What Member.agreed_at said, as two rows."""
    consents = apps.get_model("accounts", "Consent").objects
    known = set(consents.filter(member__in=members).values_list("member", flat=True))
    consents.bulk_create(
        consents.model(
            member=member,
            kind=kind,
            text=texts.get(kind),
            given_at=member.agreed_at,
            confirmed_at=member.agreed_at,
        )
        for member in members
        if member.agreed_at and member.pk not in known
        for kind in KINDS
    )


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("accounts", "0007_member_fields"), ("boardsite", "0001_initial")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
