"""Faults as a person writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from provisor.ringcentral.faults import model, parsing, readings, telling
from provisor.ringcentral.faults.model import (
    READS,
    WRITES,
    Choice,
    DelayedVisibility,
    Dropped,
    ExpiredToken,
    Fault,
    HtmlPage,
    IgnoredPatch,
    Method,
    RepeatedPage,
    Selection,
    ShortPage,
    SlowBody,
    SlowHeaders,
    Status,
    Throttled,
    TruncatedBody,
    When,
    WrongContentType,
    WrongTotal,
)
from provisor.ringcentral.faults.wording import FaultSyntaxError


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("429", Throttled()),
        ("429, retry-after 2", Throttled(retry_after=2)),
        ("429 with penalty 60 s", Throttled(retry_after=60, penalty=60.0)),
        ("429 without retry-after, penalty 1 min", Throttled(penalty=60.0)),
        ("503", Status(status=503)),
        ("500 after commit", Status(status=500, when=When.AFTER)),
        ("503 before commit, retry-after 7 s", Status(status=503, retry_after=7)),
        ("slow headers by 1.5 s", SlowHeaders(seconds=1.5)),
        ("slow body by 300 ms", SlowBody(seconds=0.3)),
        ("drop before commit", Dropped(when=When.BEFORE)),
        ("drop connection after commit", Dropped(when=When.AFTER)),
        ("drop during body", Dropped(when=When.DURING_BODY)),
        ("repeat page", RepeatedPage()),
        ("duplicate page", RepeatedPage()),
        ("shrink page to 3", ShortPage(size=3)),
        ("short page of 0", ShortPage(size=0)),
        ("wrong total by -3", WrongTotal(shift=-3)),
        ("wrong total by 4", WrongTotal(shift=4)),
        ("wrong total of 0", WrongTotal(total=0)),
        ("ignore PATCH", IgnoredPatch()),
        ("delay visibility by 2 min", DelayedVisibility(seconds=120.0)),
        ("expired token", ExpiredToken()),
        ("html page", HtmlPage()),
        ("HTML page after commit with status 502", HtmlPage(status=502, when=When.AFTER)),
        ("wrong content type text/plain", WrongContentType(content_type="text/plain")),
        ("truncate body at 40%", TruncatedBody(kept=0.4)),
        ("kind=status,status=429,retry-after=none,penalty=5", Throttled(penalty=5.0)),
        ("kind=status,status=503,when=after", Status(status=503, when=When.AFTER)),
        ("kind=drop, when=during-body".replace("during-body", "during"), Dropped(when=When.DURING_BODY)),
        ("kind=wrong_total,shift=-1", WrongTotal(shift=-1)),
        ("kind=content-type,type=text/html", WrongContentType(content_type="text/html")),
    ],
)
def test_each_kind_has_its_words(text, kind):
    assert parsing.fault(text) == Fault(kind=kind)


@pytest.mark.parametrize(
    ("words", "pairs", "selection", "choice"),
    [
        (
            "on POST /Users, 5% of requests",
            "method=POST,path=/Users,rate=0.05",
            Selection(methods=frozenset({Method.POST}), path="/Users"),
            Choice(share=0.05),
        ),
        (
            "on PUT or PATCH, every 3rd request",
            "method=PUT|PATCH,every=3",
            Selection(methods=frozenset({Method.PUT, Method.PATCH})),
            Choice(every=3),
        ),
        ("on writes, once", "method=writes,count=1", Selection(methods=WRITES), Choice(most=1)),
        (
            "on reads, at most 4 times",
            "method=reads,count=4",
            Selection(methods=READS),
            Choice(most=4),
        ),
        ("on /Groups, request 3", "path=/Groups,nth=3", Selection(path="/Groups"), Choice(first=3, most=1)),
        ("request 3, 2 times", "nth=3,count=2", Selection(), Choice(first=3, most=2)),
        ("requests 3 to 5", "from=3,to=5", Selection(), Choice(first=3, last=5)),
        ("between requests 3 and 5", "between=3-5", Selection(), Choice(first=3, last=5)),
        ("first 4 requests", "to=4", Selection(), Choice(last=4)),
        ("first request", "to=1", Selection(), Choice(last=1)),
        ("from request 20 for 10 s", "from=20,for=10", Selection(), Choice(first=20, lasting=10.0)),
        (
            "between 10 s and 1 min",
            "between=10s..60s",
            Selection(),
            Choice(between=(10.0, 60.0)),
        ),
    ],
)
def test_words_and_pairs_choose_the_same_requests(words, pairs, selection, choice):
    wanted = Fault(kind=Status(status=503), selection=selection, choice=choice)

    assert parsing.fault(f"503 {words}") == wanted
    assert parsing.fault(f"kind=status,status=503,{pairs}") == wanted


def test_the_two_examples_of_the_documentation_are_read():
    assert parsing.fault("429 on POST /Users, 5% of requests, retry-after 2") == Fault(
        kind=Throttled(retry_after=2),
        selection=Selection(methods=frozenset({Method.POST}), path="/Users"),
        choice=Choice(share=0.05),
    )
    assert parsing.fault("rate=0.05,method=POST,path=/Users,kind=status,status=503,when=after") == Fault(
        kind=Status(status=503, when=When.AFTER),
        selection=Selection(methods=frozenset({Method.POST}), path="/Users"),
        choice=Choice(share=0.05),
    )


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("429 on PSOT /Users", 8, "'PSOT' is no method. Did you mean POST?"),
        ("dorp after commit", 1, "'dorp after' is no fault. There are: slow headers,"),
        ("slow haeders by 2 s", 1, "'slow haeders' is no fault. Did you mean slow headers?"),
        ("drop", 5, "when is missing. Write before commit, after commit or during body."),
        ("503 on POST /Users, evry 3 requests", 21, "'evry' is not understood. Did you mean every?"),
        ("503 on", 5, "a method or a path is expected after 'on'. Write on POST /Users."),
        ("503, 120%", 6, "'120%' is no share. Write 5%, or 0.05."),
        ("503, 7", 6, "it is not said what 7 counts. Write 7% of requests, at most 7 times,"),
        ("slow body by 2 days", 16, "'days' is not understood."),
        (
            "slow body by 2d",
            14,
            "'2d' is no length of time of at most a day. Write 2 s, 500 ms, 2 min or 1 h.",
        ),
        ("999", 1, "'999' is no whole number from 400 to 599"),
        ("503, requests 5 to 3", 20, "3 comes before 5"),
        ("503 & 504", 5, "'&' begins no word, number or path"),
        ("503 after", 10, "'commit' is expected after 'after'"),
        ("429 after commit", 5, "a request answered 429 is never carried out"),
        ("503, penalty 5 s", 14, "only 429 has a penalty"),
        ("503, once, twice", 12, "'twice' is not understood. There are: on, before,"),
        ("503, once, at most 2 times", 20, "count is given twice"),
        ("ignore patch on GET", 17, "this fault strikes only PATCH"),
        ("wrong total on POST", 1, "it is not said how the total is wrong. Write by -3 or of 0."),
        ("drop after commit by 3 s", 19, "drop knows no amount 'by'"),
        ("expired token, retry-after 3", 28, "retry-after makes no sense with expired-token"),
        ("kind=staus,status=503", 6, "'staus' is no fault. Did you mean status?"),
        ("kind=status,stat=503", 18, "stat makes no sense with status. Did you mean status?"),
        ("kind=status,status=503,method=GTE", 31, "'GTE' is no method. Did you mean GET?"),
        ("kind=status,status=503,soon", 24, "name=value is expected here."),
        ("status=503", 11, "kind is missing. There are: status,"),
        ("kind=status,status=503,path=Users", 29, "'Users' is no path below /scim/v2"),
        ("503, retry-after 0.5 s", 18, "Retry-After counts whole seconds"),
        ("wrong content type text", 20, "'text' is not understood."),
        ("", 1, "a fault is expected"),
        (f"503, request {'9' * 5000}", 14, "is no whole number from 1 to 1000000000"),
    ],
)
def test_a_mistake_is_told_with_its_column_and_what_to_write(text, column, message):
    with pytest.raises(FaultSyntaxError) as refused:
        parsing.fault(text)

    assert refused.value.column == column, str(refused.value)
    assert message in str(refused.value)
    assert f"column {column}: " in str(refused.value)


def shares():
    return some.floats(min_value=0, max_value=1)


def durations():
    return some.floats(min_value=0, max_value=readings.LONGEST)


def numbers(least=1):
    return some.integers(min_value=least, max_value=10**9)


def kinds():
    when = some.sampled_from([When.BEFORE, When.AFTER])
    waits = some.none() | some.integers(min_value=0, max_value=86400)
    return some.one_of(
        some.builds(Throttled, retry_after=waits, penalty=some.none()),
        some.builds(Throttled, retry_after=waits, penalty=durations()),
        some.builds(
            Status,
            status=some.integers(min_value=400, max_value=599).filter(lambda code: code != 429),
            when=when,
            retry_after=waits,
        ),
        some.builds(SlowHeaders, seconds=durations()),
        some.builds(SlowBody, seconds=durations()),
        some.builds(Dropped, when=some.sampled_from(When)),
        some.builds(RepeatedPage),
        some.builds(ShortPage, size=some.integers(min_value=0, max_value=10_000)),
        some.builds(WrongTotal, shift=some.integers(min_value=-999, max_value=999).filter(bool)),
        some.builds(WrongTotal, total=numbers(0)),
        some.builds(IgnoredPatch),
        some.builds(DelayedVisibility, seconds=durations()),
        some.builds(ExpiredToken),
        some.builds(HtmlPage, status=some.integers(min_value=200, max_value=599), when=when),
        some.builds(WrongContentType, content_type=some.sampled_from(["text/plain", "application/json"])),
        some.builds(TruncatedBody, kept=shares()),
    )


@some.composite
def faults(draw):
    kind = draw(kinds())
    methods = {
        RepeatedPage: READS,
        ShortPage: READS,
        WrongTotal: READS,
        IgnoredPatch: {Method.PATCH},
        DelayedVisibility: {Method.POST},
    }.get(type(kind), set(Method))
    first = draw(numbers())
    last = draw(some.none() | some.integers(min_value=first, max_value=10**9))
    begin = draw(durations())
    end = draw(durations())
    return Fault(
        kind=kind,
        selection=Selection(
            methods=frozenset(draw(some.sets(some.sampled_from(sorted(methods))))),
            path=draw(some.none() | some.sampled_from(["/Users", "/Users/*", "/", "/Me"])),
        ),
        choice=Choice(
            share=draw(shares()),
            every=draw(numbers()),
            first=first,
            last=last,
            most=draw(some.none() | numbers()),
            lasting=draw(some.none() | durations()),
            between=(begin, end) if begin < end else None,
        ),
    )


@given(faults())
def test_a_fault_that_is_told_is_read_back(fault):
    assert parsing.fault(telling.told(fault)) == fault


@given(some.text(max_size=60))
def test_any_text_is_a_fault_or_is_refused_with_a_column_inside_it(text):
    assert 1 <= column_of_mistake(text) <= len(text) + 1


def column_of_mistake(text):
    """The column; 1 where there is no mistake."""
    try:
        parsing.fault(text)
    except FaultSyntaxError as refused:
        return refused.column
    return 1


def test_a_path_covers_what_is_below_it_and_a_star_stands_for_one_segment():
    below_users = parsing.fault("503 on /Users")
    single_users = parsing.fault("503 on /Users/*")

    assert model.concerns(below_users, "GET", "/Users")
    assert model.concerns(below_users, "PATCH", "/Users/7")
    assert not model.concerns(below_users, "GET", "/UsersAndMore")
    assert model.concerns(single_users, "GET", "/Users/7")
    assert not model.concerns(single_users, "GET", "/Users")


def test_a_search_is_a_read_and_no_post():
    assert not model.concerns(parsing.fault("503 on POST /Users"), "POST", "/Users/.search")
    assert not model.concerns(parsing.fault("503 on writes"), "POST", "/.search")
    assert model.concerns(parsing.fault("503 on reads"), "POST", "/.search")
    assert model.concerns(parsing.fault("503 on SEARCH"), "POST", "/Users/.search")


def test_faults_of_lists_leave_single_resources_alone():
    fault = parsing.fault("wrong total by 2")

    assert model.concerns(fault, "GET", "/Users")
    assert model.concerns(fault, "POST", "/Users/.search")
    assert not model.concerns(fault, "GET", "/Users/7")
