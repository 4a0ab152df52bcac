"""The pictures of the console in docs/images: a service provider with people in it, looked at by a browser.

Run with `make screenshots`; the clock is told, so that only what changed gives another picture.
"""

import json
import pathlib
import tempfile
import unicodedata
import urllib.request
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

from provisor.ringcentral import background, serving
from provisor.ringcentral.account.throttling import Throttling
from provisor.ringcentral.console import mounting
from provisor.ringcentral.request_log.entry import Retention
from support import chromium
from support.told_clock import ToldClock

IMAGES = pathlib.Path(__file__).parent.parent / "docs" / "images"
PASSWORD = "only for the pictures"
PEOPLE = (
    "Amélie Laurent", "Noah Fischer", "Chloé Dubois", "Liam O'Brien", "Zoë Müller", "Ravi Patel", "Inès Moreau",
    "Jonas Weber", "Léa Rousseau", "Oliver Smith", "Camille Girard", "Emma Johansson", "Hugo Bernard", "Mei Tanaka",
    "Louis Fontaine", "Sofia Rossi", "Arthur Lefèvre", "Nina Kowalska", "Gabriel Mercier", "Jules Caron",
)  # fmt: skip
TITLES = ("Account manager", "Support engineer", "Buyer", "Head of sales", "Accountant")
PICTURES = (
    # name, page, language, colours, width and height
    ("overview", "/", "en", "light", (1280, 860)),
    ("user", "/users/1600000103", "en", "light", (1280, 860)),
    ("directory-integration", "/directory", "fr", "light", (1280, 860)),
    ("seats", "/seats", "fr", "dark", (1280, 860)),
    ("request-log-phone", "/log", "fr", "dark", (390, 780)),
)


def main():
    IMAGES.mkdir(exist_ok=True)
    clock = ToldClock()
    with (
        tempfile.TemporaryDirectory() as folder,
        background.running_provider(
            database_url=f"sqlite:///{folder}/provider.db",
            profile="ringcentral",
            throttling=Throttling(light=300, heavy=1000),
            seats=30,
            console=serving.Console.ON,
            retention=Retention(),
            clock=clock.now,
        ) as provider,
    ):
        invitation = mounting.invite_administrator(
            f"sqlite:///{folder}/provider.db", mounting.Invitation.ALWAYS, clock.now
        )
        fill(provider, clock)
        take(provider, invitation)


def fill(provider, clock):
    """People who came, left and were refused."""
    for number, name in enumerate(PEOPLE):
        clock.tell(7)
        given, family = name.split(" ", 1)
        plain = unicodedata.normalize("NFKD", f"{given[0]}.{family}").encode("ascii", "ignore").decode()
        email = f"{plain.lower().replace(chr(39), '')}@example.com"
        ask(provider, "POST", "/Users", {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": email,
            "externalId": f"hr-{1000 + number}",
            "name": {"givenName": given, "familyName": family},
            "title": TITLES[number % len(TITLES)],
            "emails": [{"type": "work", "value": email}],
            "phoneNumbers": [{"type": "mobile", "value": f"+336123400{number:02}"}],
            "addresses": [{"type": "work", "streetAddress": "12 rue de la Paix", "locality": "Paris",
                           "postalCode": "75002", "country": "FR"}],
            "active": number % 6 != 4,
        })  # fmt: skip
    leaver = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "path": "active", "value": False}],
    }
    for user_id in (1600000103, 1600000109):
        clock.tell(3)
        ask(provider, "PATCH", f"/Users/{user_id}", leaver)
    ask(provider, "GET", "/Users?filter=userName%20eq%20%22a.laurent@example.com%22")
    ask(provider, "GET", "/Users/1600000999")
    ask(provider, "DELETE", "/Users/1600000107")


def ask(provider, method, path, body=None):
    request = urllib.request.Request(
        f"{provider.base_url}{path}",
        method=method,
        headers={**provider.headers, "Content-Type": "application/scim+json", "User-Agent": "Provisor"},
        data=json.dumps(body).encode() if body is not None else None,
    )
    try:
        with urllib.request.urlopen(request) as response:
            response.read()
    except urllib.error.HTTPError as error:
        error.close()


def take(provider, invitation):
    parts = urlsplit(provider.base_url)
    origin = f"{parts.scheme}://{parts.netloc}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.executable(), args=["--no-sandbox"])
        context = browser.new_context(base_url=origin)
        page = context.new_page()
        page.goto(invitation)
        for label in ("Password", "The same password again"):
            page.get_by_label(label, exact=True).fill(PASSWORD)
        page.get_by_label("User name").fill("ada")
        page.get_by_role("button", name="Make the administrator").click()
        page.wait_for_url("**/admin/")
        page.reload()
        state = context.storage_state()
        for name, path, language, colours, (width, height) in PICTURES:
            window = browser.new_context(
                base_url=origin, storage_state=state, locale=language, color_scheme=colours,
                viewport={"width": width, "height": height}, timezone_id="Europe/Paris",
            )  # fmt: skip
            page = window.new_page()
            page.goto(f"/admin{path}")
            page.screenshot(path=IMAGES / f"console-{name}.png")
            window.close()
        browser.close()


if __name__ == "__main__":
    main()
