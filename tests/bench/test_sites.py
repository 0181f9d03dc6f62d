"""The settings of the measured site."""

import pytest

from bench import sites
from tests.sources import ROOT


@pytest.mark.parametrize("name", [*sites.SERVED, *sites.UNCACHED])
def test_each_setting_is_one_of_the_site(name):
    assert f"`{name}`" in (ROOT / "docs" / "settings.md").read_text()
