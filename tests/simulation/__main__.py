"""Random histories for as long as wanted: `python -m simulation --minutes 10 --seed 1` in the folder `tests`.

A history that goes wrong is told event by event, with the seed that brings it back.
"""

from __future__ import annotations

import argparse
import asyncio
import pathlib
import sys
import tempfile
import time

from provisor.store.database import Database
from provisor.store.migrations import upgrade
from simulation.history import History
from support import scripted_target

CHAPTERS, _REST_EVERY = 12, 3


async def live(seed: int, empty: pathlib.Path, *, chapters: int = CHAPTERS) -> History:
    """One whole history. Raises what went wrong, with the history told as a note."""
    async with scripted_target.scripted_target() as peer:
        with tempfile.TemporaryDirectory() as folder:
            history = History(peer, pathlib.Path(folder), seed)
            try:
                history.begin(empty)
                for chapter in range(1, chapters + 1):
                    await history.chapter()
                    if chapter % _REST_EVERY == 0:
                        await history.come_to_rest()
            except BaseException as error:
                error.add_note(f"seed {seed}:\n" + "\n".join(history.journal))
                raise
    return history


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument(
        "--seed", type=int, default=1, help="the first history's seed; the next ones count on"
    )
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        empty = pathlib.Path(folder) / "empty.db"
        database = Database(f"sqlite:///{empty}")
        upgrade(database)
        database.dispose()
        end, seed = time.monotonic() + said.minutes * 60, said.seed
        cycles = kills = faults = 0
        while time.monotonic() < end:
            history = asyncio.run(live(seed, empty))
            cycles, kills = cycles + history.cycles, kills + history.kills
            faults += sum(history.target.happened.values())
            seed += 1
            sys.stdout.write(
                f"\r{seed - said.seed} histories, {cycles} cycles, {kills} killed, {faults} faults"
            )
            sys.stdout.flush()
    sys.stdout.write(": all converged, nobody twice, nobody disabled against the rules\n")


if __name__ == "__main__":
    main()
