"""One call of the command line: its settings, the services it opens, and the event loop it runs cycles on."""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import os
from collections.abc import Coroutine, Iterator
from typing import Any, TypeVar

import typer
import uvloop

from provisor import bootstrap
from provisor.core.application import Application
from provisor.core.audit import Actor
from provisor.engine import applications, cycle
from provisor.settings import Settings

Result = TypeVar("Result")

ACTOR_VARIABLE = "PROVISOR_ACTOR"


def prepare(context: typer.Context, database_url: str | None) -> None:
    """Keep the settings of this call; `database_url` overrides the environment."""
    context.obj = Settings(database_url=database_url) if database_url else Settings()


def settings(context: typer.Context) -> Settings:
    """The settings of this call."""
    found = context.find_object(Settings)
    if found is None:
        raise AssertionError("the root command prepares every call")
    return found


@contextlib.contextmanager
def services(context: typer.Context) -> Iterator[cycle.Services]:
    """The services on the store that this call names."""
    with bootstrap.services(settings(context)) as opened:
        yield opened


@contextlib.contextmanager
def application(context: typer.Context, name_or_id: str) -> Iterator[tuple[cycle.Services, Application]]:
    """The services and the application a command is about. Raises `NotFoundError` naming those there are."""
    with services(context) as opened:
        with opened.store.read() as unit:
            found = applications.find(unit, name_or_id)
        yield opened, found


def complete(work: Coroutine[Any, Any, Result]) -> Result:
    """The result of asynchronous work, run to its end."""
    bootstrap.ease_collection()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


def actor() -> Actor:
    """Who gives this command, for the audit log: the variable PROVISOR_ACTOR, else the user of the machine."""
    named = os.environ.get(ACTOR_VARIABLE, "").strip()
    if named:
        return Actor(named)
    try:
        return Actor(getpass.getuser())
    except (KeyError, OSError):  # a user id that has no name, as in some containers
        return Actor(f"user {os.getuid()}")
