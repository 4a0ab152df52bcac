"""In what order a cycle writes: nobody is referred to before there is an account, and who leaves goes last."""

import pytest


@pytest.fixture
async def ready(company):
    company.directory.users = {"ada": {}, "bob": {"jobTitle": "Poet"}, "cyd": {}}
    company.directory.groups = {"Sales": [], "Staff": []}
    company.import_directory()
    company.add_application()
    await company.run()
    return company


async def test_users_come_before_groups_and_references_and_leavers_after_them(ready):
    ready.directory.users["bob"] = {"jobTitle": "Painter"}
    ready.directory.users["ada"] = {"accountEnabled": False}
    ready.directory.users["dan"] = {"manager": "bob"}
    ready.directory.groups = {"Staff": ["dan"], "Works": ["dan"]}
    ready.import_directory()
    ready.hard_delete("cyd")
    ready.peer.requests.clear()

    await ready.run()

    written = [
        f"{request.method} {request.path.split('/')[1]}"
        for request in ready.peer.requests
        if request.method != "GET"
    ]
    phases = (written[:2], written[2:3], written[3:6], written[6:7], written[7:])
    assert [sorted(phase) for phase in phases] == [
        ["PATCH Users", "POST Users"],
        ["POST Groups"],
        ["PATCH Groups", "PATCH Groups", "PATCH Users"],
        ["PATCH Users"],
        ["DELETE Groups", "DELETE Users"],
    ]
