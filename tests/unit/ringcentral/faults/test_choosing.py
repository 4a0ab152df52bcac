"""Which requests a fault strikes."""

import pytest

from provisor.ringcentral.faults import choosing, parsing
from provisor.ringcentral.faults.board import FaultBoard
from provisor.ringcentral.faults.choosing import Tally
from provisor.ringcentral.faults.model import FaultScript


def struck(text, *, requests, seed=0, seconds_between=0.0):
    """The numbers of the requests that the fault strikes, of so many."""
    fault = parsing.fault(text)
    tally = Tally(since=100.0)
    numbers = []
    for number in range(1, requests + 1):
        counted = choosing.count(fault, tally, seed=seed, now=100.0 + (number - 1) * seconds_between)
        tally = counted.tally
        if counted.strikes:
            numbers.append(number)
    assert (tally.seen, tally.struck) == (requests, len(numbers))
    return numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("503", [1, 2, 3, 4, 5, 6, 7, 8]),
        ("503, every 3rd request", [3, 6]),
        ("503, every 3 requests, from request 3", [5, 8]),
        ("503, request 4", [4]),
        ("503, request 4, 2 times", [4, 5]),
        ("503, requests 4 to 6", [4, 5, 6]),
        ("503, first 2 requests", [1, 2]),
        ("503, from request 7", [7, 8]),
        ("503, at most 3 times", [1, 2, 3]),
        ("503, 0%", []),
    ],
)
def test_requests_are_struck_by_their_number(text, numbers):
    assert struck(text, requests=8) == numbers


def test_a_fault_that_lasts_ends_so_long_after_its_first_strike():
    assert struck("expired token from request 3 for 10 s", requests=9, seconds_between=4.0) == [3, 4, 5]


def test_a_fault_between_two_moments_counts_them_from_when_it_was_set():
    assert struck("503, between 8 s and 16 s", requests=6, seconds_between=4.0) == [3, 4]


def test_the_same_seed_strikes_the_same_requests_and_another_one_others():
    once, again = (struck("503, 20% of requests", requests=400, seed=7) for _ in range(2))

    assert once == again
    assert 50 < len(once) < 110
    assert struck("503, 20% of requests", requests=400, seed=8) != once


def test_a_fault_draws_the_same_whatever_stands_beside_it():
    alone = FaultBoard(FaultScript(faults=(parsing.fault("503 on GET, 30%"),), seed=3))
    both = FaultBoard(
        FaultScript(faults=(parsing.fault("500, 50%"), parsing.fault("503 on GET, 30%")), seed=3)
    )
    wanted = parsing.fault("503 on GET, 30%")

    def hits(board):
        return [wanted in board.in_force.striking("GET", "/Users", 0.0) for _ in range(50)]

    assert hits(alone) == hits(both)


def test_a_board_without_faults_has_nothing_in_force():
    board = FaultBoard()
    assert board.in_force is None
    board.set(FaultScript(faults=(parsing.fault("503"),)))
    assert board.in_force is not None
    board.clear()
    assert board.in_force is None


def test_a_fault_that_stays_keeps_its_counts_and_a_new_one_begins_to_count():
    moments = iter([10.0, 20.0, 30.0])
    board = FaultBoard(clock=lambda: next(moments))
    lasting, added = parsing.fault("503, first 2 requests"), parsing.fault("html page, once")
    board.set(FaultScript(faults=(lasting,)))
    board.in_force.striking("GET", "/Users", 21.0)
    board.set(FaultScript(faults=(added, lasting)))

    assert [(report.text, report.seen, report.struck) for report in board.reports()] == [
        ("html page before commit with status 200, once", 0, 0),
        ("503 before commit, first 2 requests", 1, 1),
    ]


def test_the_same_fault_twice_counts_once():
    board = FaultBoard(FaultScript(faults=(parsing.fault("503"), parsing.fault("kind=status,status=503"))))
    board.in_force.striking("GET", "/Users", 0.0)

    assert [(report.seen, report.struck) for report in board.reports()] == [(1, 1)]
