"""The searches identity providers send are answered from an index."""

import pytest
import sqlalchemy
from scim2_models import ScimFilter, SearchRequest
from sqlalchemy import select

from provisor.ringcentral.resources.full import EnterpriseUser, User
from provisor.ringcentral.storage import filter_sql, paging, tables

MODEL = User[EnterpriseUser]
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


@pytest.mark.parametrize(
    "text",
    [
        'userName eq "ann"',
        'externalId eq "hr-1"',
        'emails[type eq "work"].value eq "ann@x.example"',
        'emails.value eq "ann@x.example"',
        f'{ENTERPRISE}:employeeNumber eq "7" and userName eq "ann"',
    ],
)
def test_an_equality_is_looked_up_by_its_key(text):
    engine = sqlalchemy.create_engine("sqlite://")
    condition = filter_sql.condition(ScimFilter[MODEL](text), "User", MODEL)
    query = select(tables.resources).where(tables.resources.c.type == "User", condition)
    statement = query.compile(engine, compile_kwargs={"literal_binds": True})

    with engine.connect() as connection:
        tables.metadata.create_all(connection)
        plan = [row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")]
    engine.dispose()

    assert any("provider_values_by_key (type=? AND path=? AND key=?)" in step for step in plan)
    assert not any(step.startswith("SCAN") for step in plan)
    assert plan[0] == (
        "SEARCH provider_resources USING INDEX provider_resources_in_order (type=? AND sequence=? AND rowid=?)"
    )


@pytest.mark.parametrize("direction", paging.Direction)
def test_a_page_of_a_sorted_search_reads_the_sort_value_of_each_resource_by_its_own_rows(direction):
    engine = sqlalchemy.create_engine("sqlite://")
    order = paging.Order({"User": MODEL}, SearchRequest[MODEL](sort_by="userName"))
    position = paging.Position(direction=direction, keyset=(0, 0.0, "ann", 7))
    query = order.from_position(order.select(tables.resources.c.type == "User"), position).limit(100)
    statement = query.compile(engine, compile_kwargs={"literal_binds": True})

    with engine.connect() as connection:
        tables.metadata.create_all(connection)
        plan = [row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")]
    engine.dispose()

    assert any("provider_values_by_resource (resource=? AND path=?)" in step for step in plan)
    assert not any(step.startswith("SCAN") for step in plan)
