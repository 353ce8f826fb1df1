"""What a chat request may hold: every documented field decided knowingly, every other refused by name, tools found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_type_hints

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai.types.chat import completion_create_params as sdk

from avenant.errors import InputError
from avenant.gateway.limits import LIMITS
from avenant.gateway.wire.openai_chat import OPENAI_CHAT, ChatRequest
from avenant.gateway.wire.openai_fields import CHAT, KNOWN_REFUSED
from avenant.gateway.wire.shape import FREE, PLAIN, Field, Fields, Problem, Rows, problems

PLAIN_CALL: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": "words"}]}
NAMED = {"name": "pay", "parameters": {}}


def read(**more: Any) -> ChatRequest:
    """A plain call with more fields, read."""
    return OPENAI_CHAT.read(json.dumps({**PLAIN_CALL, **more}).encode())


def refused(**more: Any) -> list[tuple[str, str]]:
    """The codes and the messages with which a call is refused."""
    with pytest.raises(InputError) as raised:
        read(**more)
    found = getattr(raised.value, "errors", (raised.value,))
    return [(error.code, error.message) for error in found]


# ---- fields


def test_each_field_of_the_sdk_is_decided_knowingly() -> None:
    """A field that the official SDK knows goes up, or is on the list of those that do not; a new one fails here."""
    documented = set(sdk.CompletionCreateParamsStreaming.__annotations__)
    documented |= set(sdk.CompletionCreateParamsBase.__annotations__)
    assert set() == documented - CHAT.fields.keys() - KNOWN_REFUSED.keys()
    assert {"moderation"} == documented - CHAT.fields.keys()


ORDINARY: dict[str, Any] = {
    "temperature": 0.2,
    "top_p": 1,
    "n": 2,
    "stop": ["\n", "END"],
    "seed": 7,
    "logprobs": True,
    "top_logprobs": 3,
    "logit_bias": {"50256": -100},
    "max_tokens": 5,
    "max_completion_tokens": 5,
    "frequency_penalty": 0,
    "presence_penalty": None,
    "user": "u-1",
    "safety_identifier": "u-1",
    "metadata": {"team": "a"},
    "reasoning_effort": "low",
    "verbosity": "low",
    "service_tier": "auto",
    "parallel_tool_calls": False,
    "prompt_cache_key": "k",
    "prompt_cache_retention": "24h",
    "prompt_cache_options": {"mode": "explicit", "ttl": "30m"},
    "modalities": ["text", "audio"],
    "audio": {"voice": {"id": "v"}, "format": "wav"},
    "stream": True,
    "stream_options": {"include_usage": True, "include_obfuscation": False},
    "prediction": {"type": "content", "content": [{"type": "text", "text": "x"}]},
    "response_format": {
        "type": "json_schema",
        "json_schema": {"name": "n", "schema": {"type": "object", "any": [1]}, "strict": True},
    },
    "store": False,
    "web_search_options": {
        "search_context_size": "low",
        "user_location": {"type": "approximate", "approximate": {"country": "FR"}},
    },
}


def test_ordinary_calls_go_up_as_they_are() -> None:
    """All documented parameters together pass, and go up with the values that were sent."""
    asked = read(**ORDINARY)
    assert {**PLAIN_CALL, **ORDINARY} == msgspec.json.decode(asked.body)
    assert (True, ("web_search",)) == (asked.stream, asked.tools)


def test_a_conversation_as_the_sdk_hands_it_back() -> None:
    """Every role, an answer appended as the model gave it, parts with their marks: all of it passes."""
    messages: list[dict[str, Any]] = [
        {"role": "developer", "content": [{"type": "text", "text": "Be brief."}], "name": "d"},
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": [{"type": "text", "text": "x", "prompt_cache_breakpoint": {"mode": "explicit"}}]},
        {"role": "assistant", "content": None, "refusal": None, "annotations": [], "audio": None,
         "function_call": None, "reasoning_content": "hm",
         "tool_calls": [{"id": "1", "type": "function", "function": {"name": "look", "arguments": "{}"}}]},
        {"role": "tool", "tool_call_id": "1", "content": "found"},
        {"role": "function", "name": "old", "content": "found"},
    ]  # fmt: skip
    asked = read(messages=messages)
    assert messages == msgspec.json.decode(asked.body)["messages"]
    assert (("look", "old"), ()) == (asked.tools, asked.unread)


def test_what_the_absence_of_store_means_is_sent() -> None:
    """A call that says nothing of storing is sent with `store: false`; one that wants it is refused."""
    assert False is msgspec.json.decode(read().body)["store"]
    assert False is msgspec.json.decode(read(store=None).body)["store"]
    assert ["unknown_field"] == [code for code, _ in refused(store=True)]


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"fallbacks": ["banned"]}, "fallbacks"),
        ({"models": ["banned"]}, "models"),
        ({"Model": "banned"}, "Model"),
        ({"model ": "banned"}, "model "),
        ({"api_base": "http://x"}, "api_base"),
        ({"extra_body": {"models": []}}, "extra_body"),
        ({"previous_response_id": "r"}, "previous_response_id"),
        ({"moderation": {"model": "m"}}, "moderation"),
        ({"never_heard_of": None}, "never_heard_of"),
        ({"stream_options": {"mode": "x"}}, "stream_options.mode"),
        ({"response_format": {"type": "grammar", "grammar": "x"}}, "response_format.type"),
        ({"response_format": {"type": "text", "schema": {}}}, "response_format.schema"),
        ({"tools": [{"type": "computer_2030"}]}, "tools[0].type"),
        ({"tools": [{"type": "custom", "custom": NAMED, "function": {"name": "x"}}]}, "tools[0].function"),
        ({"tools": [{"type": "function", "function": NAMED, "custom": {"name": "x"}}]}, "tools[0].custom"),
        ({"tools": [{"type": "function", "name": "pay"}]}, "tools[0].name"),
        ({"tools": [{"type": "function", "function": {**NAMED, "Name": "x"}}]}, "tools[0].function.Name"),
        ({"messages": [{"role": "root", "content": "x"}]}, "messages[0].role"),
        ({"messages": [{"role": "user", "content": [{"type": "video", "video": "x"}]}]},
         "messages[0].content[0].type"),
        ({"messages": [{"role": "user", "content": "x", "prefix": True}]}, "messages[0].prefix"),
    ],
)  # fmt: skip
def test_what_is_not_known_is_refused_by_name(more: dict[str, Any], path: str) -> None:
    """A field or kind that is not on the list is named with its place, however deep it stands."""
    assert any(
        code == "unknown_field" and f"`{path}`" in message for code, message in refused(**more)
    )


@pytest.mark.parametrize(
    "more",
    [
        {"metadata": {"guardrails": ["none"]}},
        {"user": {"id": 1}},
        {"stop": [["x"]]},
        {"messages": [None]},
        {"messages": {"role": "user"}},
        {"tools": {"type": "function"}},
        {"tools": [{"type": "function"}]},
        {"tools": [{"type": "function", "function": {"name": 7}}]},
        {"tools": [{"type": "function", "function": {"name": ""}}]},
        {"functions": [{}]},
        {"tool_choice": {"type": "function", "function": {}}},
        {"model": None},
        {"stream": 1},
    ],
)
def test_what_is_not_of_the_form_is_refused(more: dict[str, Any]) -> None:
    """A known field that holds something else, and a tool without a name, cannot be read."""
    assert {"unreadable_request"} == {code for code, _ in refused(**more)}


@pytest.mark.parametrize(
    "body",
    [
        b'{"model":"a","messages":[],"model":"b"}',
        b'{"model":"a","messages":[{"role":"user","content":"x","role":"system"}]}',
        b'{"model":"a","messages":[],"tools":[{"function":{"name":"a","n\\u0061me":"b"}}]}',
    ],
)
def test_a_key_stands_once(body: bytes) -> None:
    """A key that stands twice in one object, however it is spelt, is refused: two readers may take either."""
    with pytest.raises(InputError) as raised:
        OPENAI_CHAT.read(body)
    assert ("unreadable_request", True) == (raised.value.code, "twice" in raised.value.message)


def test_all_faults_come_at_once_and_are_bounded() -> None:
    """Every fault is told with its remedy, up to a number; a long name is cut."""
    assert 2 == len(refused(fallbacks=[], temprature=1))
    many = refused(**{f"field-{number}": 1 for number in range(500)}, **{"x" * 100_000: 1})
    assert LIMITS.problems == len(many)
    assert 1000 > len(refused(**{"x" * 100_000: 1})[0][1])
    with pytest.raises(InputError) as raised:
        read(temprature=1)
    assert "`temperature`" in str(raised.value.hint)


@pytest.mark.parametrize(
    "more",
    [
        {"messages": [{"role": "user"}] * (LIMITS.messages + 1)},
        {"functions": [{"name": f"f{number}"} for number in range(LIMITS.tools + 1)]},
        {"functions": [{"name": "f" * (LIMITS.name_characters + 1)}]},
        {"model": "m" * 1_000_000},
    ],
)
def test_how_much_is_read(more: dict[str, Any]) -> None:
    """More messages or tools than the limits is refused, not read in part."""
    assert ["too_many"] == [code for code, _ in refused(**more)]


@given(st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text("ab", max_size=3),
    lambda deep: st.lists(deep, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "type"]), deep, max_size=3),
    max_leaves=12,
))  # fmt: skip
def test_no_value_breaks_the_reader(value: Any) -> None:
    """Whatever stands in a known field, the request is read or refused with a code."""
    for name in CHAT.fields:
        try:
            asked = read(**{name: value})
        except InputError as error:
            assert error.code in {"unknown_field", "unreadable_request"}  # noqa: PT017 - both are right
        else:
            assert isinstance(asked.model, str)


def test_shapes() -> None:
    """Problems are named by path and in order; what is free is not looked into."""
    shape = Fields({"a": Field(Rows(Fields({"b": Field(PLAIN, "")})), ""), "c": Field(FREE, "")})
    value = {"a": [{"b": 1}, {"b": [], "x": 1}], "c": {"anything": [1]}, "d": 1}
    assert [
        Problem("a[1].b", "shape"),
        Problem("a[1].x", "field"),
        Problem("d", "field"),
    ] == list(problems(shape, value))


# ---- tools, in every shape


@pytest.mark.parametrize(
    ("more", "names"),
    [
        ({"tools": [{"type": "function", "function": NAMED}]}, ("pay",)),
        ({"tools": [{"function": NAMED}]}, ("pay",)),
        ({"tools": [{"type": "custom", "custom": {"name": "pay"}}]}, ("pay",)),
        ({"functions": [NAMED]}, ("pay",)),
        ({"function_call": {"name": "pay"}}, ("pay",)),
        ({"function_call": "auto", "tool_choice": "required"}, ()),
        ({"tool_choice": {"type": "function", "function": {"name": "pay"}}}, ("pay",)),
        ({"tool_choice": {"type": "custom", "custom": {"name": "pay"}}}, ("pay",)),
        ({"tool_choice": {"type": "allowed_tools", "allowed_tools": {
            "mode": "auto", "tools": [{"type": "function", "function": {"name": "pay"}}]}}}, ("pay",)),
        ({"tools": [{"type": kind} for kind in ("web_search", "local_shell")]}, ("web_search", "local_shell")),
        ({"tools": [{"type": "code_interpreter", "container": {"type": "auto"}}]}, ("code_interpreter",)),
        ({"tools": [{"type": "file_search", "vector_store_ids": ["s"]}]}, ("file_search",)),
        ({"web_search_options": {}}, ("web_search",)),
        ({"tools": [{"type": "mcp", "server_label": "innocent", "server_url": "https://m/x"}]},
         ("mcp https://m/x",)),
        ({"tools": [{"type": "mcp", "server_label": "l", "server_url": "https://m", "allowed_tools": ["a", "b"]}]},
         ("mcp https://m a", "mcp https://m b")),
        ({"tools": [{"type": "mcp", "server_label": "l", "connector_id": "c",
                     "allowed_tools": {"tool_names": ["a"]}}]}, ("mcp c a",)),
        ({"tools": [{"type": "mcp", "server_label": "l", "connector_id": "c",
                     "allowed_tools": {"tool_names": ["a"], "read_only": True}}]}, ("mcp c",)),
        ({"tools": [{"type": "mcp", "server_label": "l", "server_url": "u", "connector_id": "c"}]},
         ("mcp u", "mcp c")),
        ({"messages": [{"role": "assistant", "tool_calls": [
            {"id": "1", "function": {"name": "pay", "arguments": "{}"}},
            {"id": "2", "type": "custom", "custom": {"name": "say", "input": ""}}]}]}, ("pay", "say")),
        ({"messages": [{"role": "assistant", "function_call": {"name": "pay", "arguments": ""}}]}, ("pay",)),
        ({"messages": [{"role": "tool", "tool_call_id": "1", "name": "pay", "content": ""}]}, ("pay",)),
        ({"messages": [{"role": "function", "name": "pay", "content": ""}]}, ("pay",)),
        ({"messages": [{"role": "user", "name": "pay", "content": ""}]}, ()),
        ({"tools": [{"type": "function", "function": {"name": name}} for name in ("pay", "Pay", "pay ", "pay")]},
         ("pay", "Pay", "pay ")),
    ],
)  # fmt: skip
def test_tools_are_read_in_every_shape(more: dict[str, Any], names: tuple[str, ...]) -> None:
    """The name by which the upstream acts is found wherever it stands, letter for letter, once."""
    assert names == read(**more).tools


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        ({"type": "image_url", "image_url": {"url": "data:,"}}, "image_url"),
        ({"type": "input_audio", "input_audio": {"data": "", "format": "wav"}}, "input_audio"),
        ({"type": "file", "file": {"file_id": "f"}}, "file"),
    ],
)
def test_content_that_cannot_be_read_is_seen(part: dict[str, Any], kind: str) -> None:
    """An image, a sound and a document are named; so is a spoken answer that the upstream keeps."""
    assert (kind,) == read(messages=[{"role": "user", "content": [part, part]}]).unread
    assert ("audio",) == read(messages=[{"role": "assistant", "audio": {"id": "a"}}]).unread


# ---- the page


def test_the_page_lists_every_field() -> None:
    """`docs/reference/fields.md` is written from the table."""
    from tools.fields_page import PAGE, page

    assert page() == Path(PAGE).read_text(encoding="utf-8")


def test_hints_are_typed() -> None:
    """The SDK's parameters can be read: the first test looks at something."""
    assert "model" in get_type_hints(sdk.CompletionCreateParamsBase)
