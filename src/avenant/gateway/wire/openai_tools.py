"""The tools that a chat request asks for, by the names that the upstream acts by, in every shape that they come in.

    tools[].function.name · tools[].custom.name · functions[].name      what the model may call
    tool_choice · function_call                                         what it must call
    messages[].tool_calls · .function_call · role tool, function        what was called before
    tools[].type, web_search_options                                    tools of the upstream's own: `web_search`
    tools[] of type mcp                                                 `mcp URL TOOL`, or `mcp URL` for all of them

Names are compared letter for letter: `Pay` is not `pay`. The request has the shape of `CHAT` already.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Json = Mapping[str, Any]
SEARCH = "web_search"


def tools_of(chat: Json) -> tuple[Any, ...]:
    """Return each name once, in the order in which they are found; None where a tool has no name."""
    return tuple(dict.fromkeys(_named(name) for name in _names(chat)))


def _named(name: Any) -> str | None:
    return name if isinstance(name, str) and name else None


def _names(chat: Json) -> Iterator[Any]:
    for tool in chat.get("tools") or ():
        yield from _of_tool(tool)
    for function in chat.get("functions") or ():
        yield function.get("name")
    if chat.get("web_search_options") is not None:
        yield SEARCH
    choice = chat.get("tool_choice")
    if isinstance(choice, dict):
        yield from _of_choice(choice)
    if isinstance(function := chat.get("function_call"), dict):
        yield function.get("name")
    for message in chat.get("messages") or ():
        yield from _of_message(message)


def _of_tool(tool: Json) -> Iterator[Any]:
    kind = tool.get("type", "function")
    if kind in {"function", "custom"}:
        yield _called(tool)
    elif kind == "mcp":
        yield from _of_server(tool)
    else:
        yield kind


def _called(part: Json) -> Any:
    return (part.get(part.get("type", "function")) or {}).get("name")


def _of_choice(choice: Json) -> Iterator[Any]:
    if choice["type"] == "allowed_tools":
        yield from map(_called, (choice.get("allowed_tools") or {}).get("tools") or ())
    else:
        yield _called(choice)


def _of_server(tool: Json) -> Iterator[str]:
    """`mcp URL TOOL` for each tool that may be called; the caller's label identifies nothing."""
    allowed = tool.get("allowed_tools")
    if isinstance(allowed, dict):
        # A filter by what tools say of themselves narrows to nothing that can be named here.
        allowed = None if allowed.get("read_only") is not None else allowed.get("tool_names")
    names = [allowed] if isinstance(allowed, str) else allowed or [""]
    for server in (tool.get("server_url"), tool.get("connector_id")):
        if server is not None:
            yield from (f"mcp {server} {name}".rstrip() for name in names)
    if tool.get("server_url") is None and tool.get("connector_id") is None:
        yield "mcp"


def _of_message(message: Json) -> Iterator[Any]:
    yield from map(_called, message.get("tool_calls") or ())
    if isinstance(called := message.get("function_call"), dict):
        yield called.get("name")
    if message.get("role") in {"tool", "function"} and message.get("name") is not None:
        yield message["name"]
