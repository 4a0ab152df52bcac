"""One situation, killed at one moment after another and gone on with by a new process."""

import contextlib
import os
import shutil
import socket

from provisor.core import plan
from provisor.core.job import Retries
from provisor.engine import cycle
from provisor.store.database import Database
from provisor.store.secrecy import open_keyring
from provisor.store.unit_of_work import SqlStore
from support import company_story, mortality, provisioning


async def one_cycle(services, company):
    """A cycle as an operator runs it."""
    await cycle.run(
        services,
        company.application.id,
        origin=plan.Origin.PERSON,
        retries=Retries.ALL,
        progress=lambda *_: None,
    )


def nothing(_company):
    """The target is all there is to see."""


def _reused_process_id(series):
    """A process of this machine that is gone: its id belongs to one that was started at another time."""
    return f"{socket.gethostname()}:{os.getpid()}:{series}"


class Sweep:
    """One situation, killed at one moment after another."""

    def __init__(self, peer, folder, empty_sqlite, *, work=one_cycle, seen=nothing):
        """`work` is what is killed and then finished, `seen` what must be the same in the end beside the target."""
        self._work = work
        self._seen = seen
        self._peer = peer
        self._folder = folder
        self._now, self._before = folder / "now.db", folder / "before.db"
        shutil.copy(empty_sqlite, self._now)

    @contextlib.contextmanager
    def company(self, series=0):
        """The company on the database as it is now, driven by another process than before."""
        database = Database(f"sqlite:///{self._now}")
        store = SqlStore(database, open_keyring(None, self._folder / "key"))
        try:
            yield provisioning.Provisioning(
                store=store,
                peer=self._peer,
                new_id=provisioning.Ids(series),
                process=_reused_process_id(series),
            )
        finally:
            store.close()

    def keep(self):
        """From here on every attempt begins."""
        shutil.copy(self._now, self._before)
        self._content = company_story.content_of(self._peer)

    def begin_again(self):
        for file in self._folder.glob("now.db*"):
            file.unlink()
        shutil.copy(self._before, self._now)
        company_story.reset(self._peer, self._content)

    async def killed(self, at, series):
        """The moments passed until the process died, or until it was through."""
        death = mortality.Death(at)
        with self.company(series) as company:
            services = mortality.mortal(company.services, death)
            try:
                await self._work(services, company)
            except mortality.DeathError:
                pass
            except BaseExceptionGroup as group:
                if group.split(mortality.DeathError)[1] is not None:
                    raise
        return death.moments

    async def recovered(self, series):
        """The target once a new process has nothing left to do; every link leads to an account."""
        with self.company(series) as company:
            if self._work is not one_cycle:
                await self._work(company.services, company)
            for _ in range(4):
                outcome = await company.run()
                applied = outcome.applied if isinstance(outcome, cycle.Held) else outcome
                if applied is None or isinstance(applied, cycle.NothingToDo):
                    break
                assert isinstance(applied, cycle.Applied)
                assert applied.failures == 0
            else:
                raise AssertionError("the job does not come to rest")
            application_id = company.application.id
            with company.store.read() as unit:
                links = unit.links(application_id)
                kinds = {"User": self._peer.users, "Group": self._peer.groups}
                for kind, count in links.count_by_type().items():
                    owners = links.owners(kind, list(kinds[kind]))
                    assert len(owners) == count, "a link points to nothing"
                assert unit.escrows(application_id).count() == 0
            seen = self._seen(company)
        return company_story.picture(self._peer), seen

    async def survives_every_moment(self):
        """Kill at the first moment, the second and so on, until the cycle is through before it is killed."""
        expected_moments = await self.killed(None, 1)
        expected = await self.recovered(2)
        assert all(len(found) == 1 for found in expected[0].values())
        for at in range(1, len(expected_moments) + 1):
            self.begin_again()
            moments = await self.killed(at, 3)
            what = f"killed at moment {at}: {moments[-1]}, after {moments[-4:-1]}"
            try:
                assert await self.recovered(4) == expected, what
            except BaseException as error:
                error.add_note(what)
                raise
        return len(expected_moments), *expected
