"""Moments as the provider's tables hold them: microseconds since 1970, in UTC."""

from __future__ import annotations

import datetime as dt

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def microseconds(moment: dt.datetime) -> int:
    """The number a moment is stored as; it must have a time zone."""
    return (moment - _EPOCH) // dt.timedelta(microseconds=1)


def moment(stored: int) -> dt.datetime:
    """The moment a number stands for, in UTC."""
    return _EPOCH + dt.timedelta(microseconds=stored)
