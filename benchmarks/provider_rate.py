"""The service provider's `full` profile with 100,000 users and a group of 50,000, one process, over HTTP.

Wanted: at least 1,000 creates and 3,000 reads by id a second; `userName eq` at 100,000 users within 1.5 times its time at
1,000; adding a member to the large group within twice the time of adding one to a small group. Beside it, scim2-server's
own server with its storage in memory and 1,000 users, in the same run.
"""

import asyncio
import itertools
import urllib.parse

from benchmarks import provider_stage as stage

SMALL, LARGE = 1_000, 100_000
GROUPS = (100, 50_000)
CREATES, READS, FILTERS, MEMBERS = 2_000, 5_000, 500, 40


def rate(count, seconds):
    return round(count / seconds)


def asked(token, requests, expect):
    seconds, _ = min(
        (asyncio.run(stage.ask(token, requests, expect=expect)) for _ in range(2)), key=lambda each: each[0]
    )
    return seconds


def filters(address, numbers):
    return [
        (
            "GET",
            f"{address}/Users?filter=" + urllib.parse.quote(f'userName eq "user{number}@example.com"'),
            None,
        )
        for number in numbers
    ]


def spread(total, count):
    return [number * total // count for number in range(count)]


def created(address, token, first):
    bodies = [("POST", f"{address}/Users", stage.document(first + number)) for number in range(CREATES)]
    seconds, _ = asyncio.run(stage.ask(token, bodies, expect=201))
    return seconds


def members_added(address, token, group, ids):
    requests = [("PATCH", f"{address}/Groups/{group}", stage.member_added(each)) for each in ids]
    seconds, _ = asyncio.run(stage.ask(token, requests, expect=204))
    return seconds / len(requests)


def library():
    """What scim2-server's own server does with a thousand users in memory: creates, reads and filters a second."""
    with stage.provider("library") as address:
        bodies = [("POST", f"{address}/Users", stage.document(number)) for number in range(SMALL)]
        seconds, answers = asyncio.run(stage.ask("none", bodies, expect=201))
        reads = [("GET", f"{address}/Users/{stage.orjson.loads(answer)['id']}", None) for answer in answers]
        read_seconds = asked("none", reads, 200)
        filter_seconds = asked("none", filters(address, spread(SMALL, 100)), 200)
    return SMALL / seconds, SMALL / read_seconds, 100 / filter_seconds


def measure(small=SMALL, large=LARGE, groups=GROUPS):
    with stage.ours(small) as (address, token, _ids, _groups):
        small_filter = asked(token, filters(address, spread(small, FILTERS)), 200) / FILTERS
    with stage.ours(large, groups) as (address, token, ids, (little, big)):
        large_filter = asked(token, filters(address, spread(large, FILTERS)), 200) / FILTERS
        reads = [("GET", f"{address}/Users/{ids[number]}", None) for number in spread(large, READS)]
        read_rate = READS / asked(token, reads, 200)
        numbers = itertools.count(large)
        create_rate = CREATES / created(address, token, next(numbers))
        outside = ids[max(groups) :]
        little_seconds = members_added(address, token, little, outside[:MEMBERS])
        big_seconds = members_added(address, token, big, outside[:MEMBERS])
    library_creates, library_reads, library_filters = library()
    return {
        "creates/s": round(create_rate),
        "reads by id/s": round(read_rate),
        f"userName eq, ms at {large:,} users": round(large_filter * 1000, 2),
        f"  relative to {small:,}": round(large_filter / small_filter, 2),
        f"one member to a group of {max(groups):,}, ms": round(big_seconds * 1000, 2),
        f"  relative to {min(groups):,}": round(big_seconds / little_seconds, 2),
        f"creates relative to scim2-server in memory, {small:,}": round(create_rate / library_creates, 2),
        f"reads relative to scim2-server in memory, {small:,}": round(read_rate / library_reads, 2),
        f"userName eq relative to it, {small:,}": round(1 / small_filter / library_filters, 2),
    }
