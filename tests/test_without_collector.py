"""The site works without the collector."""

from tests.programs import NEW_SITE, output_of

PROGRAM = (
    NEW_SITE
    + """
assert "collector" not in settings.INSTALLED_APPS
assert "collect" not in get_commands()

from accounts.models import Member

owner = Member.objects.create_superuser("owner", "owner@example.com", "x", nickname="운영자")
client = Client(headers={"host": "localhost"})
client.force_login(owner)
for address in ("/", "/search/", "/admin/"):
    answer = client.get(address)
    assert answer.status_code == 200, address
    assert "수집" not in answer.text, address
assert client.get("/sources/1/complain/").status_code == 404
print("done")
"""
)


def test_the_site_runs_without_the_collector(tmp_path):
    assert output_of(PROGRAM, tmp_path, COLLECTOR="off").strip().endswith("done")
