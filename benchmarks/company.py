"""A directory of any size, made straight in a store."""

from provisor.core import objects
from provisor.engine import application_settings, applications

CITIES = (("Lyon", "FR"), ("Paris", "FR"), ("Montréal", "CA"), ("Oakland", "US"), ("Berlin", "DE"))


def user(number):
    city, country = CITIES[number % len(CITIES)]
    return objects.ImportedObject(
        object_type=objects.ObjectType.USER,
        anchor=f"e{number:06}",
        attributes={
            "userPrincipalName": f"user{number}@bench.example",
            "mail": f"user{number}@bench.example",
            "displayName": f"Zoé Dupont-{number}",
            "givenName": "Zoé",
            "surname": f"Dupont-{number}",
            "jobTitle": f"Engineer {number % 7}",
            "department": f"Department {number % 40}",
            "mobile": f"+3360000{number % 100000:05}",
            "streetAddress": f"{number} rue de la Paix",
            "city": city,
            "postalCode": f"{number % 100000:05}",
            "country": country,
            "objectId": f"e{number:06}",
        },
    )


def fill(services, count, *, first=0):
    """Save `count` users; returns nothing, as the directory is the result."""
    for begin in range(first, first + count, 5000):
        batch = [user(number) for number in range(begin, min(begin + 5000, first + count))]
        with services.store.write() as unit:
            unit.directory.save("bench", batch, services.clock.now())


def application(services, template, url, **settings):
    """An application that everybody is in scope of."""
    made = applications.add(
        services.store, template, template.display_name, clock=services.clock, new_id=services.new_id
    )
    applications.enter_credentials(services.store, made, url, "token")
    chosen = made.settings
    for key, value in {
        "scope": "all",
        "readsPerMinute": "unlimited",
        "writesPerMinute": "unlimited",
        **settings,
    }.items():
        chosen = application_settings.with_setting(chosen, key, value)
    applications.change_settings(services.store, made, chosen)
    with services.store.read() as unit:
        return applications.find(unit, made.id)
