"""The rules: what is deferred, what each sentence says, and that all are said at once."""

import copy
import pickle
from collections import UserDict, UserList
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from sagemaker_endpoint import InputError
from sagemaker_endpoint.rules import checks
from sagemaker_endpoint.rules.limits import Number, Text

import pytest
from cdktf import Fn, TerraformVariable, Token

from tests.examples import stack, variable

Findings = Iterable[checks.Finding]
NAME = Text(min_length=1, max_length=4, pattern="[a-z]+")
COUNT = Number(minimum=1, maximum=3)
TOKENS = ["${TfToken[TOKEN.0]}", "#{TfToken[TOKEN.0]}", "&{TfToken[TOKEN.0]}"]


def told(findings: Findings) -> list[str]:
    """Give the sentences of what is wrong for certain."""
    return [each for each in findings if isinstance(each, str)]


def later(findings: Findings) -> list[str]:
    """Give the sentences of what Terraform is to find out."""
    return [each.sentence for each in findings if isinstance(each, checks.Deferred)]


# What is deferred.


def test_a_variable_of_each_type_is_deferred() -> None:
    scope = stack()
    assert checks.deferred(variable(scope, "string", "a").string_value)
    assert checks.deferred(variable(scope, "number", "b").number_value)
    assert checks.deferred(variable(scope, "bool", "c").boolean_value)
    assert checks.deferred(variable(scope, "list(string)", "d").list_value)
    assert checks.deferred(Token.as_string_map(variable(scope, "map(string)", "e").value))


@pytest.mark.parametrize("raw", ["${var.a}", "s3://${var.bucket}/model.tar.gz", 'a${lookup({a = "b"}, "a")}', *TOKENS])
def test_raw_interpolation_is_deferred(raw: str) -> None:
    assert checks.deferred(raw)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "a",
        "$a",
        "{a}",
        "$${a}",
        "%{a}",
        0,
        -1,
        -(10**300),
        -1e300,
        -8e298,
        1.5,
        True,
        False,
        None,
        [],
        {},
        ["a", "b"],
        {"a": "b"},
    ],
)
def test_a_plain_value_is_not_deferred(value: object) -> None:
    assert not checks.deferred(value)


@pytest.mark.parametrize("number", [float("inf"), float("-inf"), float("nan")])
def test_a_number_that_is_none_is_not_deferred(number: float) -> None:
    assert not checks.deferred(number)


@pytest.mark.parametrize("value", [object(), {"a"}, b"a", Path("a"), iter("a")])
def test_what_cdktf_does_not_know_is_not_deferred(value: object) -> None:
    assert not checks.deferred(value)


def test_a_variable_itself_is_not_deferred_only_its_values_are() -> None:
    assert not checks.deferred(variable(stack()))


def test_a_list_or_map_with_a_token_in_it_is_not_deferred_as_a_whole() -> None:
    token = variable(stack()).string_value
    assert not checks.deferred([token])
    assert not checks.deferred(["a", token])
    assert not checks.deferred({"a": token})


# What the sentences say.


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("abcde", "name must have 1 to 4 characters, got 5: 'abcde'"),
        ("", "name must have 1 to 4 characters, got 0: ''"),
        ("a1", "name must look like 'ab' (pattern [a-z]+), got 'a1'"),
        ("ab\n", "name must look like 'ab' (pattern [a-z]+), got 'ab\\n'"),
        (None, "name must be a string such as 'ab', got None"),
        (5, "name must be a string such as 'ab', got 5"),
        (["a"], "name must be a string such as 'ab', got ['a']"),
        (["#{TfToken[TOKEN.0]}"], "name must be a string such as 'ab', got ['#{TfToken[TOKEN.0]}']"),
    ],
)
def test_a_wrong_text_is_told(value: object, sentence: str) -> None:
    assert [*checks.text("name", value, NAME, example="ab")] == [sentence]


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("%{level} x", "name holds '%{', which begins a Terraform directive: write '%%{', got '%{level} x'"),
        ("5 ${ a", "name holds '${', which begins a Terraform expression that never ends: write '$${', got '5 ${ a'"),
    ],
)
def test_what_terraform_would_take_for_its_own_is_told(value: str, sentence: str) -> None:
    assert [*checks.text("name", value, Text(min_length=0, max_length=99, pattern=None), example="ab")] == [sentence]


@pytest.mark.parametrize(
    "value", ["%%{level}", "$${HOME", "100 %", "{a}", "${var.a}", "%{ if true }${var.a}%{ endif }"]
)
def test_what_is_escaped_or_meant_for_terraform_is_accepted(value: str) -> None:
    assert told(checks.text("name", value, Text(min_length=0, max_length=99, pattern=None), example="ab")) == []


def test_a_text_that_its_pattern_wants_is_told_with_its_true_least() -> None:
    limit = Text(min_length=0, max_length=4, pattern="[a-z]+")
    assert [*checks.text("name", "", limit, example="ab")] == ["name must have 1 to 4 characters, got 0: ''"]


def test_a_text_without_a_greatest_length_is_told_its_least() -> None:
    limit = Text(min_length=2, max_length=None, pattern=None)
    assert [*checks.text("name", "a", limit, example="ab")] == ["name must have at least 2 characters, got 1: 'a'"]
    assert [*checks.text("name", "a" * 9999, limit, example="ab")] == []


@pytest.mark.parametrize("value", ["a", "abcd"])
def test_a_right_text_is_accepted(value: object) -> None:
    assert [*checks.text("name", value, NAME, example="ab")] == []


def test_of_a_deferred_text_terraform_asks_the_same() -> None:
    assert later(checks.text("name", "${var.a}", NAME, example="ab")) == [
        "name must look like 'ab' (pattern [a-z]+)",
        "name must have 1 to 4 characters",
    ]


@pytest.mark.parametrize("value", ["abcdefg", "A", "", 5, ["s3cret"], "${s3cret", "%{s3cret}"])
def test_a_secret_is_refused_without_its_value(value: object) -> None:
    [sentence] = told(checks.text("name", value, NAME, example="ab", secret=True))
    assert sentence.startswith("name ")
    assert "abcdefg" not in sentence
    assert "s3cret" not in sentence
    assert [
        each.got
        for each in checks.text("n", "${var.a}", NAME, example="a", secret=True)
        if isinstance(each, checks.Deferred)
    ] == [None, None]


@pytest.mark.parametrize(
    "value", [0, 4, -1, 2.0, 2.5, True, None, "2", "${var.n}", [2], float("nan"), float("inf"), float("-inf")]
)
def test_a_wrong_whole_number_is_told(value: object) -> None:
    (sentence,) = map(str, checks.number("count", value, COUNT))
    assert sentence.startswith(f"count must be a whole number, 1 to 3, got {value!r}")


@pytest.mark.parametrize("value", [-0.1, -(10**400), True, None, "2", float("nan"), float("inf"), float("-inf")])
def test_a_wrong_number_is_told(value: object) -> None:
    found = [*checks.number("weight", value, Number(minimum=0, maximum=None), whole=False)]
    assert found == [f"weight must be a number, at least 0, got {value!r}"]


def test_a_right_number_is_accepted() -> None:
    assert [found for value in (1, 3) for found in checks.number("count", value, COUNT)] == []
    weight = Number(minimum=0, maximum=None)
    assert [found for value in (0, 0.0, 0.5, 1e9) for found in checks.number("w", value, weight, whole=False)] == []
    token = variable(stack(), "number").number_value
    assert told(checks.number("count", token, COUNT)) == []
    assert later(checks.number("count", token, COUNT)) == ["count must be a whole number, 1 to 3"]


@pytest.mark.parametrize("value", ["false", "${var.a}", 0, 1, None, []])
def test_what_is_no_boolean_is_told(value: object) -> None:
    (sentence,) = map(str, checks.flag("isolated", value))
    assert sentence.startswith(f"isolated must be True or False, got {value!r}")
    assert [*checks.known_flag("isolated", value)] == [
        f"isolated must be True or False, known at synthesis, got {value!r}"
    ]


def test_a_boolean_may_be_deferred_unless_synthesis_needs_it() -> None:
    token = variable(stack(), "bool").boolean_value
    assert [*checks.flag("isolated", True), *checks.flag("isolated", False)] == []
    assert told(checks.flag("isolated", token)) == []
    assert later(checks.flag("isolated", token)) == ["isolated must be True or False"]
    assert [*checks.known_flag("isolated", True), *checks.known_flag("isolated", False)] == []
    assert len([*checks.known_flag("isolated", token)]) == 1


@pytest.mark.parametrize("value", ["abc", "${var.ids}", b"abc", None, 5, {"a", "b"}, iter(["a"])])
def test_what_is_no_list_is_told(value: object) -> None:
    (sentence,) = map(str, checks.members("ids", value, COUNT))
    assert sentence.startswith(f"ids must be a list, got {value!r}")


def test_a_list_or_mapping_that_a_token_stands_for_takes_no_further_members() -> None:
    ids, tags = "#{TfToken[TOKEN.0]}", "&{TfToken[TOKEN.0]}"
    assert told(checks.members("ids", [ids, "a"], COUNT)) == [
        "ids must not mix a token with other members: give Token.as_list(Fn.concat([...])) instead"
    ]
    assert told(checks.tags("tags", {tags: "", "a": "b"})) == [
        "tags must not mix a token with other members: give Token.as_string_map(Fn.merge([...])) instead"
    ]


def test_a_list_that_is_too_short_or_too_long_or_repeats_itself_is_told() -> None:
    assert [*checks.members("ids", [], COUNT)] == ["ids must have 1 to 3 members, got 0"]
    assert [*checks.members("ids", ["a", "b", "a", "a"], COUNT)] == [
        "ids must have 1 to 3 members, got 4",
        "ids must not name a member twice, got 'a' 3 times",
    ]


@pytest.mark.parametrize("value", [["a"], ("a", "b"), UserList(["a"]), ["a", "${var.b}"], ["#{TfToken[TOKEN.0]}"]])
def test_any_sequence_is_a_list(value: object) -> None:
    assert told(checks.members("ids", value, COUNT)) == []


@pytest.mark.parametrize("value", [None, "a", ["a"], {"&{TfToken[TOKEN.0]}": "String Map Token Value"}])
def test_names_must_be_known_at_synthesis(value: object) -> None:
    assert [*checks.names("egress", value)] == [
        f"egress must be a mapping whose names are known at synthesis (its values need not be), got {value!r}"
    ]
    assert [*checks.named(value)] == []


@pytest.mark.parametrize("key", ["", "a b", "-a", "a.b", "ä", 5, "${var.a}"])
def test_a_name_that_can_be_no_construct_id_is_told(key: object) -> None:
    assert [*checks.names("egress", {key: 1})] == [f"egress must have names of letters, digits, - and _, got {key!r}"]


def test_names_may_have_letters_digits_hyphens_and_underscores() -> None:
    assert [*checks.names("egress", {"https": 1, "S3_gateway-2": 2})] == []
    assert [*checks.named({"https": 1})] == [("https", 1)]


@pytest.mark.parametrize(
    ("tags", "sentence"),
    [
        (None, "tags must be a mapping of tag keys to values, got None"),
        ([("a", "b")], "tags must be a mapping of tag keys to values, got [('a', 'b')]"),
        ({"a": None}, "tags['a'] must be a string such as 'ml-platform', got None"),
        ({5: "a"}, "tags key must be a string such as 'team', got 5"),
        ({"": "a"}, "tags key must have 1 to 128 characters, got 0: ''"),
        ({"AWS:a": "b"}, "tags key must not start with 'aws:', which AWS keeps for itself, got 'AWS:a'"),
        ({str(each): "" for each in range(51)}, "tags must have at most 50 tags, got 51"),
        (
            {"Team": "a", "team": "b", "c": "d"},
            (
                "tags must not have keys that differ by upper and lower case alone, which IAM takes for the same, "
                "got ['Team', 'team']"
            ),
        ),
    ],
)
def test_wrong_tags_are_told(tags: object, sentence: str) -> None:
    assert [*checks.tags("tags", tags)] == [sentence]


def test_a_tag_that_is_too_long_or_has_other_characters_is_told() -> None:
    [value, key] = told(checks.tags("tags", {"a": "b" * 257, "50%": "c"}))
    assert value.startswith("tags['a'] must have 0 to 256 characters, got 257: 'bbb")
    assert key.startswith("tags key must look like 'team' (pattern ")


@pytest.mark.parametrize(
    "tags",
    [
        {},
        {"team": ""},
        {"Kostenstelle": "Zürich 5"},
        MappingProxyType({"a": "b"}),
        UserDict({"a": "b"}),
        {"a": "${var.a}"},
        {"&{TfToken[TOKEN.0]}": "String Map Token Value"},
        {str(each): "" for each in range(50)},
    ],
)
def test_right_tags_are_accepted(tags: object) -> None:
    assert told(checks.tags("tags", tags)) == []


@pytest.mark.parametrize("value", [2, "1", None, True, 1.5, float("-inf"), [1], "${var.n}"])
def test_what_is_none_of_a_few_is_told(value: object) -> None:
    (sentence,) = map(str, checks.one_of("days", value, (0, 1, 3)))
    assert sentence.startswith(f"days must be one of 0, 1, 3, got {value!r}")


def test_one_of_a_few_is_accepted() -> None:
    assert [*checks.one_of("days", 3, (0, 1, 3))] == []
    token = variable(stack(), "number").number_value
    assert told(checks.one_of("days", token, (0, 1, 3))) == []
    assert later(checks.one_of("days", token, (0, 1, 3))) == ["days must be one of 0, 1, 3"]


# How they are told.


@dataclass(frozen=True)
class Parcel:
    weight: float

    def problems(self, at: str) -> Iterator[checks.Finding]:
        yield from checks.number(f"{at}.weight", self.weight, COUNT)


def test_a_part_is_asked_for_its_own_problems() -> None:
    assert [*checks.part("parcel", Parcel(5), Parcel)] == ["parcel.weight must be a whole number, 1 to 3, got 5"]
    assert [*checks.part("parcel", Parcel(3), Parcel)] == []


@pytest.mark.parametrize("value", [None, "a", 3, Parcel])
def test_what_is_no_part_is_told(value: object) -> None:
    assert [*checks.part("parcel", value, Parcel)] == [f"parcel must be Parcel(...), got {value!r}"]


def test_a_number_that_python_does_not_write_is_told() -> None:
    assert told(checks.number("count", 10**5000, COUNT)) == [
        "count must be a whole number, 1 to 3, got one of thousands of digits"
    ]
    assert checks.brief(-(10**5000)) == "one of thousands of digits"


def test_a_mapping_in_anothers_place_may_be_an_environment_and_is_not_shown() -> None:
    given = {"HF_TOKEN": "s3cret"}
    found = [
        *checks.number("name", given, COUNT),
        *checks.text("name", given, NAME, example="ab"),
        *checks.texts("name", given, COUNT, NAME, example="ab"),
        *checks.one_of("name", given, [1]),
        *checks.flag("name", given),
    ]
    assert len(found) == 5
    assert [each for each in map(str, found) if not each.endswith(", got one of type dict")] == []


def test_an_assignment_in_the_place_of_a_secrets_name_is_told_without_its_value() -> None:
    found = checks.mapping(
        "environment", {"TOKEN=s3cret": ""}, COUNT, what="variables", key=(NAME, "a"), value=(NAME, "b"), secret=True
    )
    sentences = told(found)
    assert sentences[0] == "environment key must have 1 to 4 characters, got 9: 'TOKEN=...'"
    assert "s3cret" not in str(sentences)


def test_what_may_hold_a_secret_is_told_by_its_kind() -> None:
    assert [*checks.part("parcel", {"weight": "s3cret"}, Parcel)] == ["parcel must be Parcel(...), got dict"]


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(InputError) as raised:
        checks.require(lambda: "stack/Endpoint", ["a is wrong"], [], iter(["b is wrong", "c is wrong"]))
    assert raised.value.problems == ("a is wrong", "b is wrong", "c is wrong")
    assert str(raised.value) == (
        "stack/Endpoint: 3 problems with the inputs\n  - a is wrong\n  - b is wrong\n  - c is wrong"
    )


def test_one_problem_is_told_in_the_singular() -> None:
    with pytest.raises(InputError, match=r"^stack/Endpoint: 1 problem with the inputs\n  - a is wrong$"):
        checks.require(lambda: "stack/Endpoint", ["a is wrong"])


def test_an_input_error_is_a_value_error() -> None:
    assert issubclass(InputError, ValueError)


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))])  # noqa: S301 - what the line itself has pickled
def test_an_input_error_can_be_copied_and_pass_between_processes(copied: Callable[[InputError], InputError]) -> None:
    error = InputError("stack/Endpoint", ["a is wrong", "b is wrong"])
    again = copied(error)
    assert (again.where, again.problems, str(again)) == ("stack/Endpoint", ("a is wrong", "b is wrong"), str(error))


def test_without_problems_nothing_happens() -> None:
    checks.require(lambda: "stack/Endpoint", [], iter(()))


def test_a_variable_in_place_of_its_value_is_told() -> None:
    value: TerraformVariable = variable(stack())
    [sentence] = told(checks.text("image", value, NAME, example="ab"))
    assert sentence.startswith("image must be a string such as 'ab', got <cdktf.TerraformVariable object")


@pytest.mark.parametrize(
    ("check", "way"),
    [
        (
            lambda value: checks.text("image", value, NAME, example="ab"),
            "string(...) of it, or a variable's string_value",
        ),
        (lambda value: checks.number("count", value, COUNT), "number(...) of it, or a variable's number_value"),
        (lambda value: checks.one_of("days", value, [1]), "number(...) of it, or a variable's number_value"),
        (lambda value: checks.members("ids", value, COUNT), "list(...) of it, or a variable's list_value"),
        (lambda value: checks.tags("tags", value), "string_map(...) of it"),
        (lambda value: checks.flag("isolated", value), "any(...) of it, or a variable's boolean_value"),
    ],
)
def test_a_token_of_unknown_type_is_told_the_way_out(check: Callable[[object], Iterator[str]], way: str) -> None:
    for token in (variable(stack()).value, Fn.conditional(True, "a", "b")):
        (sentence,) = check(token)
        assert sentence.endswith(f"got a token, whose type is not known: give Token.as_{way}")


def test_a_text_token_is_no_list_and_no_number() -> None:
    token = Fn.slice(["a", "b"], 0, 1)
    (sentence,) = map(str, checks.members("ids", token, COUNT))
    assert sentence.startswith(f"ids must be a list, got {token!r}, whose type is not known: give Token.as_list(...)")
    (sentence,) = map(str, checks.number("count", "${local.count}", COUNT))
    assert sentence.endswith(
        "got '${local.count}', whose type is not known: give Token.as_number(...) of it, or a variable's number_value"
    )


def test_the_way_out_is_one() -> None:
    token = variable(stack()).value
    findings = [
        *checks.text("image", Token.as_string(token), NAME, example="ab"),
        *checks.number("count", Token.as_number(token), COUNT),
        *checks.members("ids", Token.as_list(token), COUNT),
        *checks.tags("tags", Token.as_string_map(token)),
        *checks.flag("isolated", Token.as_any(token)),
    ]
    assert [each for each in findings if not isinstance(each, checks.Deferred)] == []


@pytest.mark.parametrize(
    "value",
    [
        "https://me:hush@models.s3.amazonaws.com/a",
        "https://me:hu/sh@models.s3.amazonaws.com/a",
        "a?X-Amz-Signature=hush",
        "a?AWSAccessKeyId=A&Expires=1&Signature=hush",
        "a?sv=1&sig=hush",
        "a?private_token=hush",
        "me:hush@h/x",
        "me:hush@h",
    ],
)
def test_credentials_in_a_url_are_not_shown(value: str) -> None:
    [sentence] = told(checks.text("name", value, NAME, example="ab", hint=lambda text: text))
    assert "name must " in sentence
    assert "hush" not in sentence
    assert "hu/sh" not in sentence
    assert sentence.endswith(", got one with credentials in it, which is not shown")


def test_an_arn_in_the_place_of_something_shorter_is_not_called_too_long() -> None:
    arn = f"arn:aws:iam::111122223333:role/{'x' * 100}"
    assert told(checks.text("name", arn, NAME, example="ab")) == [
        f"name must look like 'ab' (pattern {NAME.pattern}), got {arn!r}"
    ]


def test_a_pattern_that_nobody_would_read_is_left_out() -> None:
    long = Text(min_length=0, max_length=None, pattern="|".join(["abc"] * 100))
    assert told(checks.text("name", "x", long, example="abc")) == ["name must look like 'abc', got 'x'"]


def test_a_number_that_terraform_alone_knows_is_one_in_a_text_too() -> None:
    number = variable(stack(), "number").number_value
    assert checks.deferred(f"v{number}")
    assert not checks.deferred("-8.1e+298")
    [sentence] = told(checks.text("name", number, NAME, example="ab"))
    assert sentence.endswith("got a number's token: give Token.as_string(...) of it, or a variable's string_value")
    [sentence] = told(checks.known_flag("on", Token.as_any("${var.on}")))
    assert sentence == "on must be True or False, known at synthesis, got a token"


def test_half_a_character_is_refused() -> None:
    text = Text(min_length=0, max_length=None, pattern=r"[\S\s]*")
    [sentence] = told(checks.text("name", "a\ud800", text, example="ab"))
    assert sentence.startswith("name must hold whole characters")
