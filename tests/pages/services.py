"""What tests of search engines, statistics and advertising share."""

from boardsite.models import OneRow
from pages.models import Ad, ServiceSettings
from tests.page import Page

SETTINGS = "/admin/pages/servicesettings/1/change/"
NAVER, GOOGLE, BING = "n4ver" * 8, "G-o_gle" * 6, "B1D6" * 8
GA, UMAMI = "G-AB12CD34EF", "94db1cb1-74f4-4a40-ad6c-962362670409"


def use(**fields) -> ServiceSettings:
    """The owner's settings, in use at once."""
    known, _is_new = ServiceSettings.objects.update_or_create(pk=1, defaults=fields)
    OneRow.forget()
    return known


def place(kind: str = "html", **fields) -> Ad:
    """An advertisement."""
    units = {"adsense": "1234567890", "adfit": "DAN-u4hXk2mQ8sVt"}
    given = {
        "name": f"{kind} 광고",
        "place": "list_top",
        "kind": kind,
        "unit": units.get(kind, ""),
        "html": "" if kind in units else "<b>봄맞이 할인</b>",
        "width": 300,
        "height": 250,
    }
    return Ad.objects.create(**given | fields)


def save(client, **fields):
    """Submits the owner's form with what it shows and `fields`."""
    ServiceSettings.load()  # as the list does, which leads to the form
    page = Page(client.get(SETTINGS).content)
    form = page.one("form", id="servicesettings_form")
    data = {
        each["name"]: each.attributes.get("value", "on" if each["type"] == "checkbox" else "")
        for each in form.all("input")
        if each.attributes.get("name")
        and each.attributes["type"] not in ("submit", "file")
        and (each["type"] != "checkbox" or "checked" in each.attributes)
    }
    data |= {each["name"]: each.text for each in form.all("textarea")}
    data["no_ads_from_level"] = ServiceSettings.load().no_ads_from_level
    return client.post(SETTINGS, data | fields)


def errors(answer) -> str:
    """The errors of the form; "" if it was saved."""
    if answer.status_code == 302:
        return ""
    return " ".join(each.text for each in Page(answer.content).all("ul", class_="errorlist"))


def script(answer, name: str) -> dict[str, str] | None:
    """The attributes of our script of that name; None if the page has none."""
    page = Page(answer.content)
    found = [each for each in page.all("script") if f"/{name}." in each.attributes.get("src", "")]
    return found[0].attributes if found else None
