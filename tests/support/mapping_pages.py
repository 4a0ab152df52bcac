"""What tests of the pages about mappings begin with: an application, people, and forms as the pages have them."""

from datetime import UTC, datetime

from provisor.core import objects, schema
from provisor.core.identifiers import ApplicationId

NOW = datetime(2026, 11, 24, tzinfo=UTC)
PEOPLE = (("Zoë Durand", "Paris", "IT"), ("Ada Moss", "Lyon", "Sales"), ("Bo Li", "Paris", "Sales"))


def add_application(administrator, name="RingCentral", template="ringcentral"):
    """The address of a new application's mappings."""
    added = administrator.post(f"/applications/new/{template}", {"name": name})
    return f"{added.path.removeprefix('/portal')}/mappings"


def add_people(portal, people=PEOPLE):
    """Put people into the directory; their ids by name."""
    batch = [
        objects.ImportedObject(
            object_type=objects.ObjectType.USER,
            anchor=name,
            attributes={
                "displayName": name,
                "givenName": name.split()[0],
                "surname": name.split()[-1],
                "userPrincipalName": f"{name.split()[0].lower()}@example.com",
                "mail": f"{name.split()[0].lower()}@example.com",
                "city": city,
                "department": department,
            },
        )
        for name, city, department in people
    ]
    with portal.store.write() as unit:
        unit.directory.save("test", batch, NOW)
        found = unit.directory.changed(objects.ObjectType.USER, 0, 10**9, 100)
    return {item.display_name: item.id for item in found}


def application_id(mappings):
    return ApplicationId(mappings.split("/")[2])


def saved(portal, mappings):
    """The schema in force, as a document."""
    with portal.store.read() as unit:
        return unit.applications.schema(application_id(mappings))


def users(document):
    """The object mapping of users, parsed."""
    return schema.parse(document).object_mappings[objects.ObjectType.USER]


def form(target, /, **fields):
    """The form of an attribute mapping, kept in the draft unless told otherwise."""
    return {
        "replacing": target,
        "target": target,
        "type": "expression",
        "flow_type": "Always",
        "precedence": "0",
        "do": "keep",
        **fields,
    }


def edit(administrator, mappings, target, /, **fields):
    """Send the form of an attribute mapping."""
    return administrator.post(f"{mappings}/users/attribute", form(target, **fields))


def save(administrator, mappings, **fields):
    """Save the draft from the page that shows its effect."""
    seen = administrator.get(f"{mappings}/effect").page.find("input", name="seen")[0]["value"]
    return administrator.post(f"{mappings}/effect", {"seen": seen, **fields})


def value(page, name):
    """What a field of a page holds."""
    areas = page.find("textarea", name=name)
    if areas:
        return "".join(areas[0].children).removeprefix("\n")
    chosen = [option for select in page.find("select", name=name) for option in select.find("option")]
    if chosen:
        return next(option["value"] for option in chosen if "selected" in option.attributes)
    return page.find("input", name=name)[-1]["value"]
