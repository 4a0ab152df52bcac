"""One member added to a group of 50,000.

Wanted: one request, and no more memory than for a group of 500.
"""

import tracemalloc

from benchmarks import company, stage
from provisor import gallery
from provisor.core import objects

SIZES = (500, 50_000)


def group(name):
    return objects.ImportedObject(
        object_type=objects.ObjectType.GROUP, anchor=name, attributes={"displayName": name, "objectId": name}
    )


def join(services, name, numbers):
    with services.store.write() as unit:
        ids = unit.imports.object_id
        unit.directory.save_memberships(
            [
                (
                    ids("bench", objects.ObjectType.GROUP, name),
                    ids("bench", objects.ObjectType.USER, f"e{number:06}"),
                    objects.ObjectType.USER,
                )
                for number in numbers
            ]
        )


def add_one(services, application, url, name, number):
    """Requests made and the peak of memory (KiB) of the cycle that adds one more member."""
    before = stage.counts(url)
    join(services, name, [number])
    tracemalloc.start()
    stage.run_cycle(services, application)
    peak = tracemalloc.get_traced_memory()[1] // 1024
    tracemalloc.stop()
    after = stage.counts(url)
    return {
        method: after[method] - before.get(method, 0)
        for method in after
        if after[method] != before.get(method)
    }, peak


def measure(sizes=SIZES):
    found = {}
    with stage.sink() as url, stage.fresh_services() as services:
        company.fill(services, max(sizes) + 1)
        with services.store.write() as unit:
            unit.directory.save("bench", [group(f"group of {size}") for size in sizes], services.clock.now())
        for size in sizes:
            for begin in range(0, size, 5000):
                join(services, f"group of {size}", range(begin, min(begin + 5000, size)))
        application = company.application(services, gallery.template("scim"), url)
        stage.run_cycle(services, application)
        for size in sizes:
            found[size] = add_one(services, application, url, f"group of {size}", size)
    small, large = sizes
    return {
        f"requests, group of {large:,}": found[large][0],
        f"peak KiB, group of {small:,}": found[small][1],
        f"peak KiB, group of {large:,}": found[large][1],
        "ratio of memory": round(found[large][1] / found[small][1], 2),
    }
