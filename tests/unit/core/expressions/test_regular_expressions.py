import contextlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisor.core.expressions import pattern_dialect
from provisor.core.expressions.regular_expressions import (
    TIME_LIMIT_SECONDS,
    PatternSyntaxError,
    PatternTooCostlyError,
    compile_pattern,
)

REPLACEMENTS = [
    # pattern, text, replacement, result
    (r"\+(?<isdCode>\d* )(?<phoneNumber>\d{10})", "+91 9998887777", "${phoneNumber}", "9998887777"),
    (
        r"(?<suffix>@(.)*)",
        "js@contoso.com",
        "<$1|$2|$0|$&|$$>",
        "js<m|@contoso.com|@contoso.com|@contoso.com|$>",
    ),
    (r"(?<word>[a-z]+)-(\d)", "ab-7", "$1${word}$9${none}", "7ab$9${none}"),
    (r"(?'q'a)b", "ab", "[${q}]", "[a]"),
    (r"(?<x>a)\k<x>(b)\1", "aabb", "_", "_"),
    (r"(?<x>a)|(?<x>b)", "ab", "[${x}]", "[a][b]"),
    (r"(a)|b", "b", "[$1]", "[]"),
    (r"(?<=a)b", "abb", "_", "a_b"),
    (r"(?<!a)b", "abb", "_", "ab_"),
    (r"(?<x>a)?(?(x)b|c)", "abc", "_", "__"),
    (r"[a-z-[aeiou]]+", "hello", "_", "_e_o"),
    (r"[\w-[\d_]]+", "a1b_", "*", "*1*_"),
    ("[[:alpha:]]", "a:]", "_", "a_"),
    ("[a--]", "ab-", "_", "_b_"),
    ("[]a]", "a]b", "_", "__b"),
    ("[^]a]", "a]b", "_", "a]_"),
    (r"[\]\-[]", "a]-[", "_", "a___"),
    ("a{,3}", "aaa a{,3}", "_", "aaa _"),
    ("x{}", "x{}", "_", "_"),
    ("(?i)ab(?-i)C", "ABC ABc", "_", "_ ABc"),
    ("a((?i)b)c", "aBc aBC", "_", "_ aBC"),
    ("(?s:a.)b.", "a\nb\n", "_", "a\nb\n"),
    (r"a\Z", "a\n", "_", "_\n"),
    (r"a\z", "a\n", "_", "a\n"),
    (r"\e\x41\u0042\cJ", "\x1bAB\n", "_", "_"),
    (r"\p{Lu}+", "ABc", "_", "_c"),
    ("(?#a (remark)a(b)", "ab", "$1", "b"),
    ("x*", "abc", "-", "-a-b-c-"),
    ("x*", "xx", "-", "--"),
    (r"\d+", "no digits", "_", "no digits"),
]


@pytest.mark.parametrize(
    ("pattern", "text", "replacement", "result"), REPLACEMENTS, ids=[row[0] for row in REPLACEMENTS]
)
def test_a_pattern_of_net_does_here_what_it_does_there(pattern, text, replacement, result):
    assert compile_pattern(pattern).replace(text, replacement) == result


def test_only_the_part_of_a_group_can_be_replaced():
    pattern = compile_pattern(r"(?<number>^\d*)(?<rest>.*)")
    assert (
        pattern.replace_group("545 Tremont Street", "number", "${rest}") == " Tremont Street Tremont Street"
    )
    assert compile_pattern("a(?<x>b)?").replace_group("ac ab", "x", "_") == "ac a_"


def test_a_match_tells_its_place_and_its_groups():
    match = compile_pattern(r"(?<user>[^@]+)(@)(?<nobody>x)?").search("<jane@contoso.com>")
    assert (match.start, match.end, match.text) == (0, 6, "<jane@")
    assert (match.group("user"), match.group("1"), match.group("nobody")) == ("<jane", "@", None)
    assert (match.span("1"), match.span("nobody")) == ((5, 6), None)
    assert compile_pattern("x").search("jane") is None


def test_a_whole_match_leaves_nothing_before_or_behind():
    pattern = compile_pattern("[a-c]+")
    assert pattern.matches_whole("abc")
    assert not pattern.matches_whole("abcd")


REFUSALS = [
    ("(a", "a parenthesis is never closed"),
    ("a)", "closed that was never opened"),
    ("[a", "a bracket is never closed"),
    ("[]", "a bracket is never closed"),
    ("[a\\", "a bracket is never closed"),
    ("[z-a]", "bad character range"),
    ("*a", "* follows nothing"),
    ("a++", "+ follows nothing"),
    ("a{2}{3}", "{3} follows nothing"),
    ("a\\", "ends with a backslash"),
    (r"\m", r"\m is no escape"),
    (r"(a)\2", "there is no group 2"),
    (r"\k<x>", "there is no group x"),
    ("(?P<a>b)", "written (?<a>…), without P"),
    ("(?<1>b)", "no name of a group"),
    ("(?<a-b>c)", "balancing groups such as (?<a-b>…) are not available"),
    ("(?'-b'c)", "balancing groups such as (?'-b'…) are not available"),
    ("(?x) a", "i, m and s are available"),
    ("(?R)", "are available"),
    ("(?&a)", "opens no group of .NET"),
    ("(?|a)", "opens no group of .NET"),
    ("(a{3000}){3000}", "more than 5000"),
    ("((((a{100}){100}){100}){100})", "more than 5000"),
    ("(" * 60 + ")" * 60, "more than 50 groups"),
    ("a" * 1_001, "it has 1001 characters, 1000 are allowed"),
]


@pytest.mark.parametrize(("pattern", "reason"), REFUSALS, ids=[row[0][:20] for row in REFUSALS])
def test_a_pattern_that_cannot_be_used_is_refused_with_the_reason(pattern, reason):
    with pytest.raises(PatternSyntaxError) as refusal:
        compile_pattern(pattern)
    assert reason in str(refusal.value)
    assert pattern[:60] in str(refusal.value)


HOSTILE = [
    ("(?:a|aa)+$", "a" * 60 + "b"),
    ("(x+x+)+y", "x" * 5_000),
    ("((a{1,1000}){1,1000}){1,1000}b", "a" * 3_000),
    ("a?" * 333 + "a" * 333, "a" * 333),
    ("(?=(a+))*(?:a|a)+$", "a" * 80 + "b"),
    (r"(.*)(.*)(.*)\1\2\3x", "ab" * 200),
]


@pytest.mark.parametrize(("pattern", "text"), HOSTILE, ids=[row[0][:20] for row in HOSTILE])
def test_a_hostile_pattern_ends_in_time(pattern, text):
    compiled = compile_pattern(pattern)
    began = time.process_time()
    with contextlib.suppress(PatternTooCostlyError):
        compiled.replace(text, "")
    assert time.process_time() - began < 10 * TIME_LIMIT_SECONDS


def test_a_pattern_that_runs_out_of_time_says_so():
    with pytest.raises(PatternTooCostlyError, match=r"\(\?:a\|aa\)\+\$ took longer than 0\.2 seconds"):
        compile_pattern("(?:a|aa)+$").search("a" * 60 + "b")


def test_a_replacement_that_grows_without_end_is_stopped():
    with pytest.raises(PatternTooCostlyError, match="more than 100000 characters"):
        compile_pattern(".").replace("x" * 1_000, "$0" * 1_000)


@settings(max_examples=300, deadline=None)
@given(
    st.text(alphabet=r"ab1()[]{}?*+|\<>=!:-^$.,'&~kZ", max_size=25), st.text(alphabet="ab1-[]", max_size=15)
)
def test_any_pattern_is_used_or_refused(pattern, text):
    try:
        compiled = compile_pattern(pattern)
        compiled.replace(text, "$1${a}")
        compiled.matches_whole(text)
    except (PatternSyntaxError, PatternTooCostlyError):
        return
    assert compiled.groups >= {"0"}


@given(st.text(alphabet="ab.*[]()-^$\\{}|?+ é", max_size=20))
def test_an_escaped_text_matches_itself(text):
    escaped = "".join("\\" + each if not each.isalnum() else each for each in text)
    assert compile_pattern(escaped).matches_whole(text)


def test_groups_without_a_name_are_counted_before_those_with_one():
    groups = pattern_dialect.translate(r"(?<first>a)(b)(?:c)(?<second>d(e))").groups
    assert groups == {"0": 0, "1": 2, "2": 4, "3": 1, "4": 3, "first": 1, "second": 3}
