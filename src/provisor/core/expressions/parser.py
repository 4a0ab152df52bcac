"""Turns the text of an expression into a tree, by the grammar of the mapping language.

    expression := call | attribute | text
    call       := NAME "(" [ argument { "," argument } ] ")"
    argument   := [ operand [ operator operand ] ]              an empty argument is omitted
    operand    := call | attribute | text | number | keyword

Only the shape is judged here; whether functions exist and are used rightly is for `checking`.
Source: Entra "Reference for writing expressions for attribute mappings".
"""

from __future__ import annotations

from provisor.core.expressions import lexer
from provisor.core.expressions.errors import START, ExpressionSyntaxError
from provisor.core.expressions.functions import FUNCTIONS
from provisor.core.expressions.lexer import Token, TokenKind
from provisor.core.expressions.spelling import did_you_mean
from provisor.core.expressions.tree import (
    Attribute,
    Call,
    Comparison,
    Constant,
    Keyword,
    Node,
    Omitted,
    Operator,
    Word,
)

LONGEST_EXPRESSION = 10_000
"""Characters, as typed (Entra: expressions are limited to 10,000 characters)."""

DEEPEST_NESTING = 100
"""Calls inside calls; ours, so that no expression can exhaust the stack."""

_ARGUMENT_ENDS = (TokenKind.COMMA, TokenKind.CLOSE)
_HERITAGE_WORDS = ("true", "false", "null")
_CONJUNCTIONS = ("and", "or", "not", "xor")


def expression(text: str) -> Node:
    """The tree of a whole expression. Raises `ExpressionSyntaxError`."""
    return _Parser(text).whole_expression()


def argument(text: str) -> Node:
    """The tree of what may stand as one argument: an expression, a number, a keyword or a comparison."""
    return _Parser(text).whole_argument()


class _Parser:
    def __init__(self, text: str) -> None:
        if len(text) > LONGEST_EXPRESSION:
            raise ExpressionSyntaxError(
                f"The expression has {len(text)} characters, {LONGEST_EXPRESSION} are allowed",
                position=START,
            )
        self._tokens = list(lexer.tokens(text))
        self._next = 0
        self._depth = 0

    def whole_expression(self) -> Node:
        first = self._peek()
        if first.kind is TokenKind.END:
            raise ExpressionSyntaxError(
                "The expression is empty",
                position=first.position,
                hint='Write a function call, an [attribute] or a "text".',
            )
        node = self._operand()
        self._end()
        if first.kind is TokenKind.NUMBER or isinstance(node, Keyword):
            raise ExpressionSyntaxError(
                f"{node if isinstance(node, Keyword) else first.text} cannot stand alone",
                position=first.position,
                hint=f'As a constant, write it between quotes: "{first.text}".',
            )
        return node

    def whole_argument(self) -> Node:
        node = self._argument()
        self._end()
        return node

    def _peek(self) -> Token:
        return self._tokens[self._next]

    def _take(self) -> Token:
        token = self._tokens[self._next]
        self._next += 1
        return token

    def _end(self) -> None:
        token = self._peek()
        if token.kind is TokenKind.OPERATOR:
            raise ExpressionSyntaxError(
                "A comparison cannot stand alone",
                position=token.position,
                hint='Put it into IIF, for example IIF([country] = "US", "True", "False").',
            )
        if token.kind is not TokenKind.END:
            raise ExpressionSyntaxError(
                f"The expression was complete before {token.text}",
                position=token.position,
                hint=_after_the_end_hint(token),
            )

    def _operand(self) -> Node:
        token = self._take()
        match token.kind:
            case TokenKind.TEXT:
                return Constant(value=lexer.text_of(token), position=token.position)
            case TokenKind.NUMBER:
                return Constant(value=token.text, position=token.position)
            case TokenKind.ATTRIBUTE:
                return Attribute(name=token.text[1:-1], position=token.position)
            case TokenKind.NAME if self._peek().kind is TokenKind.OPEN:
                return self._call(token)
            case TokenKind.NAME:
                return _keyword(token)
            case _:
                raise _no_operand(token)

    def _call(self, name: Token) -> Call:
        opening = self._take()
        self._depth += 1
        if self._depth > DEEPEST_NESTING:
            raise ExpressionSyntaxError(
                f"More than {DEEPEST_NESTING} calls inside one another",
                position=name.position,
                hint="A Switch with many keys often replaces nested IIFs.",
            )
        arguments: list[Node] = []
        if self._peek().kind is TokenKind.CLOSE:
            self._take()
        else:
            arguments.append(self._argument())
            while self._separator(name, opening).kind is TokenKind.COMMA:
                arguments.append(self._argument())
        self._depth -= 1
        return Call(name=name.text, arguments=_spread(name.text, arguments), position=name.position)

    def _argument(self) -> Node:
        first = self._peek()
        if first.kind in _ARGUMENT_ENDS:
            return Omitted(position=first.position)
        left = self._operand()
        if self._peek().kind is not TokenKind.OPERATOR:
            return left
        operator = self._take()
        return Comparison(
            left=left,
            operator=Operator(operator.text),
            right=self._operand(),
            position=operator.position,
        )

    def _separator(self, name: Token, opening: Token) -> Token:
        token = self._take()
        if token.kind in _ARGUMENT_ENDS:
            return token
        if token.kind is TokenKind.END:
            raise ExpressionSyntaxError(
                f"The parenthesis of {name.text} is never closed",
                position=opening.position,
                hint=f"The expression ends at {token.position} where , or ) is expected.",
            )
        raise ExpressionSyntaxError(
            f"A comma or ) is expected before {token.text}",
            position=token.position,
            hint=_between_arguments_hint(token),
        )


def _spread(name: str, arguments: list[Node]) -> tuple[Node, ...]:
    """The arguments, with the one that the short form of the function leaves out put in its place."""
    function = FUNCTIONS.get(name)
    if function is None or function.unless_short is None or len(arguments) != len(function.parameters) - 1:
        return tuple(arguments)
    place = function.unless_short
    following = arguments[place].position
    return (*arguments[:place], Omitted(position=following), *arguments[place:])


def _keyword(token: Token) -> Keyword:
    for word in Word:
        if word.value == token.text:
            return Keyword(word=word, position=token.position)
    if token.text in FUNCTIONS:
        hint = f"A function is called with parentheses: {token.text}(…)."
    elif token.text.casefold() in _HERITAGE_WORDS:
        spelling = (
            '"", or leave the argument out'
            if token.text.casefold() == "null"
            else f'"{token.text.capitalize()}"'
        )
        hint = f"Write {spelling}."
    else:
        hint = did_you_mean(token.text, [word.value for word in Word])
        hint = hint or f'An attribute is written [{token.text}], text is written "{token.text}".'
    raise ExpressionSyntaxError(f"Unknown word {token.text}", position=token.position, hint=hint)


def _no_operand(token: Token) -> ExpressionSyntaxError:
    match token.kind:
        case TokenKind.OPEN:
            hint = f"A parenthesis only follows the name of a function. {lexer.NESTED_CONDITIONS}"
        case TokenKind.OPERATOR:
            hint = "A comparison is written with one of = <> > >= < <= between two values."
        case _:
            hint = ""
    found = "the end of the expression" if token.kind is TokenKind.END else token.text
    return ExpressionSyntaxError(
        f'A function call, an [attribute] or a "text" is expected, not {found}',
        position=token.position,
        hint=hint,
    )


def _after_the_end_hint(token: Token) -> str:
    if token.kind is TokenKind.CLOSE:
        return "Remove it, or open a parenthesis for it."
    if token.kind is TokenKind.COMMA:
        return "Only the arguments of a function are separated by commas."
    return _between_arguments_hint(token) or lexer.CONCATENATION


def _between_arguments_hint(token: Token) -> str:
    if token.text.casefold() in _CONJUNCTIONS:
        return lexer.NESTED_CONDITIONS
    if token.kind is TokenKind.OPERATOR:
        return "A condition compares two values only; nest IIF to compare more."
    return ""
