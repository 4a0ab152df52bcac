import dataclasses
from datetime import UTC, datetime

import pytest

from provisor.core import deciding, mapping, schema
from provisor.core.application import ApplicationSettings, OutOfScopeDeletions
from provisor.core.changes import Create, Disable, Modification
from provisor.core.deciding import AskMatch, Unmatched
from provisor.core.errors import InvalidInputError
from provisor.core.expressions import Circumstances, without_circumstances
from provisor.core.identifiers import ObjectId, Sequence, TargetId
from provisor.core.links import Link, LinkOrigin, LinkState
from provisor.core.objects import DirectoryObject, Lifecycle, ObjectType
from provisor.core.scoping import InScope, OutOfScope, OutOfScopeReason
from provisor.engine.application_settings import with_setting

NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
HERE = Circumstances(now=NOW, seed="a seed", default_domain="contoso.com")
ADA = DirectoryObject(
    id=ObjectId("oid-ada"),
    object_type=ObjectType.USER,
    source="csv",
    anchor="ada",
    display_name="Ada",
    account_enabled=True,
    lifecycle=Lifecycle.ACTIVE,
    attributes={"mailNickname": "ada", "employeeLeaveDateTime": "2026-11-23"},
    manager_id=None,
    sequence=Sequence(7),
)


def _mapping(**expressions):
    document = {
        "synchronizationRules": [
            {
                "objectMappings": [
                    {
                        "sourceObjectName": "User",
                        "attributeMappings": [
                            {
                                "targetAttributeName": name,
                                "source": {"expression": text},
                                "matchingPriority": int(name == "userName"),
                            }
                            for name, text in expressions.items()
                        ],
                    }
                ]
            }
        ]
    }
    return mapping.compile_mapping(schema.parse(document).object_mappings[ObjectType.USER])


def _case(compiled, subject=ADA, circumstances=HERE):
    return deciding.Case(
        subject=subject,
        verdict=InScope(roles=(), conditions=None),
        link=None,
        mapping=compiled,
        out_of_scope_deletions=OutOfScopeDeletions.DISABLE,
        deprovisioning=ApplicationSettings().deprovisioning,
        now=NOW,
        circumstances=circumstances,
        unchanged=False,
    )


def test_an_expression_knows_the_time_and_the_default_domain_of_the_application():
    compiled = _mapping(userName='Join("@", [mailNickname], DefaultDomain())', nickName="Now()")
    assert deciding.consider(_case(compiled)) == AskMatch((("userName", "ada@contoso.com"),))
    created = deciding.after_match(_case(compiled), Unmatched())
    assert isinstance(created, Create)
    assert created.values["nickName"] == "11/24/2026 8:30:00 AM"


def test_chance_is_the_same_for_one_object_in_one_plan_and_different_for_others():
    compiled = _mapping(userName="RandomString(20, 0, 0, 0, 0)", nickName="RandomString(20, 0, 0, 0, 0)")
    case, other = _case(compiled), _case(compiled, dataclasses.replace(ADA, id=ObjectId("oid-bob")))
    searched = deciding.consider(case).values
    created = deciding.after_match(case, Unmatched()).values
    assert searched == (("userName", created["userName"]),)
    assert created["nickName"] != created["userName"]
    assert deciding.consider(other).values != searched
    later = _case(compiled, circumstances=dataclasses.replace(HERE, seed="another seed"))
    assert deciding.consider(later).values != searched


def test_an_account_can_be_disabled_by_an_expression_that_looks_at_the_clock():
    compiled = _mapping(
        userName="[mailNickname]",
        active='IIF(DateDiff("h", Now(), [employeeLeaveDateTime]) < 0, "False", Not([IsSoftDeleted]))',
        title='Switch([IsSoftDeleted], , "False", "here", "True", Now())',
    )
    link = Link(
        object_id=ADA.id,
        object_type=ObjectType.USER,
        target_id=TargetId("7"),
        state=LinkState.ACTIVE,
        disabled_because=None,
        version=1,
        origin=LinkOrigin.CREATED,
    )
    gone = OutOfScope(OutOfScopeReason.NOT_ASSIGNED, None)
    decision = deciding.consider(dataclasses.replace(_case(compiled), link=link, verdict=gone))
    assert isinstance(decision, Disable)
    assert decision.modifications == (
        Modification(path="active", old="False", new="False"),
        Modification(path="title", old="here", new="11/24/2026 8:30:00 AM"),
    )


def test_without_a_default_domain_the_object_fails_and_the_message_says_what_to_set():
    compiled = _mapping(userName="DefaultDomain()")
    failed = deciding.consider(_case(compiled, circumstances=dataclasses.replace(HERE, default_domain="")))
    assert "provisor app set APP defaultDomain=example.com" in failed.message


def test_the_default_domain_is_a_setting_of_the_application():
    settings = with_setting(ApplicationSettings(), "defaultDomain", "contoso.com")
    assert settings.default_domain == "contoso.com"
    assert with_setting(settings, "defaultDomain", "").default_domain == ""
    with pytest.raises(InvalidInputError, match="it must be a domain such as example"):
        with_setting(settings, "defaultDomain", "https://contoso")


def test_what_a_person_is_shown_of_an_object_holds_no_circumstances():
    seen = deciding.view(_case(_mapping(userName="[mailNickname]")))
    shown = without_circumstances(seen)
    assert not [name for name in shown if name.startswith("]")]
    assert shown["mailNickname"] == "ada"
    assert shown.keys() < seen.keys()
