"""An initial cycle against a target with limits, beside the time that the limits alone allow.

Wanted: a ratio of at most 1.05, and no 429 provoked. The target counts in windows of one second, the strictest reading
of a limit a minute.
"""

import time

from benchmarks import company, stage
from provisor import gallery

READS, WRITES = 6_000, 20_000
USERS = WRITES // 3


def measure(users=USERS):
    with stage.sink(READS, WRITES) as url, stage.fresh_services() as services:
        company.fill(services, users)
        application = company.application(
            services,
            gallery.template("ringcentral"),
            url,
            readsPerMinute=str(READS),
            writesPerMinute=str(WRITES),
            concurrency="16",
        )
        began = time.perf_counter()
        stage.run_cycle(services, application)
        seconds = time.perf_counter() - began
        counts = stage.counts(url)
    allowed = 60 * users / WRITES
    return {
        "seconds": round(seconds, 1),
        "seconds the limits allow": round(allowed, 1),
        "ratio": round(seconds / allowed, 3),
        "429s provoked": counts.get("429", 0),
    }
