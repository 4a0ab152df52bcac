"""One cycle in a process of its own, to be killed: `python cycle_process.py DATABASE_URL KEY_FILE APPLICATION`."""

import asyncio
import pathlib
import sys

from provisor import bootstrap
from provisor.core import plan
from provisor.core.job import Retries
from provisor.engine import applications, cycle
from provisor.settings import Settings


def main(database_url, key_file, name):
    with bootstrap.services(Settings(database_url=database_url, key_file=pathlib.Path(key_file))) as services:
        with services.store.read() as unit:
            application = applications.find(unit, name)
        asyncio.run(
            cycle.run(
                services,
                application.id,
                origin=plan.Origin.SCHEDULE,
                retries=Retries.DUE,
                progress=lambda *_: None,
            )
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
