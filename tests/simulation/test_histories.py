"""A few random histories with every run; `make simulate` goes on for as long as wanted."""

import pytest

from simulation import history
from simulation.__main__ import live

pytestmark = pytest.mark.slow


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", [3, 5, 8])
async def test_a_random_history_converges_and_nobody_is_disabled_against_the_rules(seed, empty_sqlite):
    lived = await live(seed, empty_sqlite, chapters=6)

    assert lived.cycles >= 6


async def test_the_judge_sees_somebody_lose_an_account_without_cause(empty_sqlite, monkeypatch):
    monkeypatch.setattr(history.oracle, "belongs", lambda _company, _name: True)

    with pytest.raises(history.WrongError, match=r"lost the account|has no account"):
        await live(3, empty_sqlite, chapters=8)
