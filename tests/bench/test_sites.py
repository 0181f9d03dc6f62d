"""With which settings the site is measured."""

import pytest

from bench import sites
from tests.sources import ROOT


@pytest.mark.parametrize("name", [*sites.SERVED, *sites.ANEW])
def test_what_is_set_is_a_setting_of_the_site(name):
    assert f"`{name}`" in (ROOT / "docs" / "settings.md").read_text()
