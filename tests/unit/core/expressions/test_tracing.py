from hypothesis import given

from provisor.core.expressions import (
    Drop,
    ExpressionError,
    Outcome,
    SkipObject,
    Step,
    compile_expression,
    parse,
    trace,
)
from support.expression_trees import objects, trees


def _trace(text, **attributes):
    return trace(parse(text), attributes)


def test_every_part_of_an_expression_tells_what_it_gave():
    step = _trace('Join("-", ToUpper([a]), [b])', a="x", b=("y", "z"))
    assert step == Step(
        expression='Join("-", ToUpper([a]), [b])',
        outcome=Outcome.VALUE,
        value="X-y-z",
        steps=(
            Step(
                expression="ToUpper([a])",
                outcome=Outcome.VALUE,
                value="X",
                steps=(Step(expression="[a]", outcome=Outcome.VALUE, value="x"),),
            ),
            Step(expression="[b]", outcome=Outcome.VALUE, value=("y", "z")),
        ),
    )


def test_a_branch_that_was_not_taken_is_not_reached():
    condition, taken, other = _trace('IIF([a] = "x", [b], Item([c], 9))', a="x", b="y").steps
    assert (condition.expression, condition.value) == ('[a] = "x"', "True")
    assert condition.steps == (Step(expression="[a]", outcome=Outcome.VALUE, value="x"),)
    assert (taken.outcome, taken.value) == (Outcome.VALUE, "y")
    assert other.outcome is Outcome.NOT_REACHED
    assert [step.outcome for step in other.steps] == [Outcome.NOT_REACHED]


def test_what_failed_says_why_and_so_does_everything_around_it():
    step = _trace('Append("a", Item([c], 9))', c=("1", "2"))
    assert step.outcome is step.steps[0].outcome is Outcome.FAILED
    assert "there is no value 9" in step.error
    assert step.steps[0].steps[0].value == ("1", "2")


def test_what_does_not_flow_is_told_from_null():
    assert _trace("IgnoreFlowIfNullOrEmpty([a])").outcome is Outcome.DROPPED
    assert _trace('IIF([a] = "", IgnoreObjectFlow, [a])').outcome is Outcome.SKIPPED
    assert _trace("[a]") == Step(expression="[a]", outcome=Outcome.VALUE, value=None)


def _told(step):
    match step.outcome:
        case Outcome.VALUE:
            return step.value
        case Outcome.DROPPED:
            return Drop
        case Outcome.SKIPPED:
            return SkipObject
        case _:
            return step.error


def _evaluated(expression, attributes):
    try:
        return expression.evaluate(attributes)
    except ExpressionError as failure:
        return str(failure)


@given(trees, objects)
def test_a_trace_ends_with_what_the_evaluation_gives(tree, attributes):
    expression = compile_expression(str(tree))
    if not expression.volatile:
        assert _told(trace(expression.tree, attributes)) == _evaluated(expression, attributes)
