"""The site works without backups, checks and updates of its own."""

from tests.programs import NEW_SITE, output_of

PROGRAM = (
    NEW_SITE
    + """
assert "upkeep" not in settings.INSTALLED_APPS
assert "backup" not in get_commands()

from accounts.models import Member

owner = Member.objects.create_superuser("owner", "owner@example.com", "x", nickname="운영자")
client = Client(headers={"host": "localhost"})
client.force_login(owner)
for address in ("/", "/search/", "/admin/", "/admin/first-steps/"):
    assert client.get(address).status_code == 200, address
assert not [name for name in sys.modules if name.split(".")[0] == "upkeep"]
print("done")
"""
)


def test_the_site_runs_without_upkeep(tmp_path):
    assert output_of("import sys\n" + PROGRAM, tmp_path, UPKEEP="off").strip().endswith("done")
