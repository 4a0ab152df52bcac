"""Mapping users with RingCentral's schema and five nested expressions, on one core.

Wanted: at least 20,000 users a second. The baseline is Python written by hand for the same attributes, and gives the same
values; the ratio says what the freedom to type expressions costs.
"""

import copy
import itertools
import re
import time
from datetime import UTC, datetime

from benchmarks import company
from provisor import gallery
from provisor.core import expressions, mapping, objects, schema

USERS = 20_000
NESTED = {
    "nickName": 'ToLower(Join(".", Left(NormalizeDiacritics([givenName]), 1), StripSpaces([surname])))',
    "displayName": 'Join(" ", PCase([givenName]), ToUpper(Replace([surname], "-", , , " ", , )))',
    "title": 'IIF(IsPresent([jobTitle]), Append([jobTitle], Switch([country], "", "FR", " (France)", "CA", " (Canada)")), "None")',
    'phoneNumbers[type eq "work"].value': r'Replace([mobile], , "^\\+33(?<rest>\\d+)$", , "0${rest}", , )',
    "locale": 'Coalesce([preferredLanguage], Join("-", IIF([city] = "Paris", "fr", "en"), ToUpper([country])))',
}
TELEPHONE = re.compile(r"^\+33(?P<rest>\d+)$")
HERE = expressions.Circumstances(now=datetime(2026, 11, 24, tzinfo=UTC), seed="bench")


def compiled_mapping():
    document = copy.deepcopy(gallery.template("ringcentral").schema)
    mappings = document["synchronizationRules"][0]["objectMappings"][0]["attributeMappings"]
    mappings[:] = [item for item in mappings if item["targetAttributeName"] not in NESTED]
    for name, text in NESTED.items():
        mappings.append({"targetAttributeName": name, "source": {"type": "Function", "expression": text}})
    return mapping.compile_mapping(schema.parse(document).object_mappings[objects.ObjectType.USER])


def people(count):
    for number in range(count):
        made = company.user(number)
        yield objects.DirectoryObject(
            id=made.anchor,
            object_type=made.object_type,
            source="bench",
            anchor=made.anchor,
            display_name=made.display_name,
            account_enabled=True,
            lifecycle=objects.Lifecycle.ACTIVE,
            attributes=made.attributes,
            manager_id=None,
            sequence=number,
        )


def by_expressions(compiled, person):
    view = mapping.source_attributes(person, soft_deleted=False, roles=(), circumstances=HERE)
    return mapping.evaluate(compiled.always, view)


def by_hand(person):
    """What the expressions say, for people whose names are letters that `ORDINARY` knows."""
    get = person.attributes.get
    given, family, mobile = get("givenName") or "", get("surname") or "", get("mobile") or ""
    country = get("country") or ""
    values = {
        "userName": get("mail") or get("userPrincipalName"),
        "externalId": get("objectId"),
        "active": True,
        'emails[type eq "work"].value': get("mail") or get("userPrincipalName"),
        'addresses[type eq "work"].country': get("country"),
        'addresses[type eq "work"].region': get("state"),
        'addresses[type eq "work"].locality': get("city"),
        'addresses[type eq "work"].postalCode': get("postalCode"),
        'addresses[type eq "work"].streetAddress': get("streetAddress"),
        "name.givenName": given,
        "name.familyName": family,
        'phoneNumbers[type eq "mobile"].value': mobile,
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department": get("department"),
        "nickName": f"{given.translate(ORDINARY)[:1]}.{family.replace(' ', '')}".lower(),
        "displayName": f"{given.title()} {family.replace('-', ' ').upper()}",
        "title": get("jobTitle") + {"FR": " (France)", "CA": " (Canada)"}.get(country, "")
        if get("jobTitle")
        else "None",
        'phoneNumbers[type eq "work"].value': TELEPHONE.sub(r"0\g<rest>", mobile),
        "locale": get("preferredLanguage") or f"{'fr' if get('city') == 'Paris' else 'en'}-{country.upper()}",
    }
    return {name: value for name, value in values.items() if value is not None}


ORDINARY = str.maketrans("éèêëàâçîïôöùûü", "eeeeaaciioouuu")


def rate(work, subjects):
    began = time.process_time()
    for person in subjects:
        work(person)
    return len(subjects) / (time.process_time() - began)


def measure(users=USERS, rounds=5):
    compiled, subjects = compiled_mapping(), list(people(users))
    for person in itertools.islice(subjects, 50):
        assert by_expressions(compiled, person) == by_hand(person), (
            by_expressions(compiled, person),
            by_hand(person),
        )
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(rate(lambda person: by_expressions(compiled, person), subjects))
        theirs.append(rate(by_hand, subjects))
    return {
        "attributes a user": len(compiled.always),
        "users/s by expressions": round(max(ours)),
        "users/s by hand-written Python": round(max(theirs)),
        "ratio": round(max(ours) / max(theirs), 2),
    }
