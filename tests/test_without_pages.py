"""The site works without 사이트 꾸미기."""

from tests.programs import NEW_SITE, output_of

PROGRAM = (
    NEW_SITE
    + """
assert "pages" not in settings.INSTALLED_APPS

from accounts.models import Member

owner = Member.objects.create_superuser("owner", "owner@example.com", "x", nickname="운영자")
client = Client(headers={"host": "localhost"})
for address in ("/", "/search/", "/accounts/signup/"):
    assert client.get(address).status_code == 200, address
client.force_login(owner)
for address in ("/", "/search/", "/admin/"):
    answer = client.get(address)
    assert answer.status_code == 200, address
    assert "사이트 꾸미기" not in answer.text, address
assert not [name for name in sys.modules if name.split(".")[0] == "pages"]
print("done")
"""
)


def test_the_site_runs_without_the_pages(tmp_path):
    assert output_of("import sys\n" + PROGRAM, tmp_path, PAGES="off").strip().endswith("done")
