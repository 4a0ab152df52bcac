"""An initial cycle into a sink, beside the same HTTP client posting the same bodies ready-made.

Wanted: a ratio of at least 0.5 (0.7 would be a feat), and at most 1.02 requests per created user.
"""

import time

import orjson

from benchmarks import company, stage
from provisor import gallery
from provisor.core.objects import ObjectType
from provisor.engine import concurrently
from provisor.scim import resources
from provisor.targets import connection

USERS = 10_000
AT_ONCE = 16


async def post_bodies(url, bodies):
    """Seconds that the target's own HTTP client takes to post bodies that are ready, and to read the answers."""
    client = connection.Connection(
        token=connection.BearerToken("token"), concurrency=AT_ONCE, connect_timeout=10.0, read_timeout=60.0
    )
    try:

        async def post(body):
            answer = await client.exchange("POST", f"{url}/Users", body)
            assert answer.status == 201

        began = time.perf_counter()
        await concurrently.each(bodies, post, at_once=AT_ONCE)
        return time.perf_counter() - began
    finally:
        await client.aclose()


def bodies_of_plan(services, application):
    """The creation bodies that the cycle sent."""
    with services.store.read() as unit:
        made = unit.plans.of(application.id, ["applied"], 1)[0]
        rows = unit.plans.rows(made.id, limit=USERS)
    return [
        orjson.dumps(
            resources.build(
                [(item.path, item.new) for item in row.row.details.modifications],
                resource_type=ObjectType.USER,
            )
        )
        for row in rows
    ]


def measure(users=USERS):
    with stage.sink() as url, stage.fresh_services() as services:
        company.fill(services, users)
        application = company.application(
            services, gallery.template("ringcentral"), url, concurrency=str(AT_ONCE)
        )
        began = time.perf_counter()
        stage.run_cycle(services, application)
        cycle_seconds = time.perf_counter() - began
        asked = sum(stage.counts(url).values())
        bodies = bodies_of_plan(services, application)
        client_seconds = min(stage.run(post_bodies(url, bodies)) for _ in range(2))
    return {
        "initial cycle, users/s": round(users / cycle_seconds),
        "same client, ready-made bodies/s": round(users / client_seconds),
        "ratio": round(client_seconds / cycle_seconds, 2),
        "requests per created user": round(asked / users, 4),
    }
