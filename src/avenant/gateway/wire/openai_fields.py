"""Which fields of OpenAI's chat completions go up, each with its meaning: nothing else does.

A field that is not here may change what happens (another model, another address, a state that nobody sees) and is
refused by name. The page `docs/reference/fields.md` is written from this table.

Source: OpenAI's API reference, `POST /chat/completions`, as the SDK 3.54 types it (`CompletionCreateParams`); the tools
of other types are those of its Responses API, which some servers take here too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from avenant.gateway.wire.shape import FREE, PAIRS, PLAIN, Either, Field, Fields, Kinds, Plain, Rows

_WORDS = Either(plain=PLAIN, rows=Rows(PLAIN))
_BREAKPOINT = Field(
    Fields({
        "mode": Field(PLAIN, "`explicit`."),
        "ttl": Field(PLAIN, "How long the prefix is cached."),
    }),
    "Where a cached prefix ends: speed and cost alone.",
)  # fmt: skip

# ---- messages

_TEXT: Final = Fields({
    "text": Field(PLAIN, "Words of the message."),
    "prompt_cache_breakpoint": _BREAKPOINT,
})  # fmt: skip
_REFUSAL: Final = Fields({"refusal": Field(PLAIN, "Words with which the model refused.")})
_PARTS: Final = Rows(
    Kinds("type", {
        "text": _TEXT,
        "image_url": Fields({
            "image_url": Field(
                Fields({
                    "url": Field(PLAIN, "The image, or where the upstream fetches it."),
                    "detail": Field(PLAIN, "How finely the image is read."),
                }),
                "An image. It is not read: the call gets `any` on the axes of content.",
            ),
            "prompt_cache_breakpoint": _BREAKPOINT,
        }),
        "input_audio": Fields({
            "input_audio": Field(
                Fields({
                    "data": Field(PLAIN, "The sound, in base64."),
                    "format": Field(PLAIN, "`wav` or `mp3`."),
                }),
                "Sound. It is not read: the call gets `any` on the axes of content.",
            ),
            "prompt_cache_breakpoint": _BREAKPOINT,
        }),
        "file": Fields({
            "file": Field(
                Fields({
                    "file_data": Field(PLAIN, "The file, in base64."),
                    "file_id": Field(PLAIN, "A file that the upstream keeps."),
                    "filename": Field(PLAIN, "Its name."),
                }),
                "A document. It is not read: the call gets `any` on the axes of content.",
            ),
            "prompt_cache_breakpoint": _BREAKPOINT,
        }),
    })
)  # fmt: skip
UNREAD_PARTS: Final = frozenset({"image_url", "input_audio", "file"})

_SAID = Field(Either(plain=PLAIN, rows=Rows(Kinds("type", {"text": _TEXT}))), "The words.")
_NAME = Field(PLAIN, "A name for the participant.")
_FUNCTION_CALLED: Final = Fields({
    "name": Field(PLAIN, "The function. It counts as asked for."),
    "arguments": Field(PLAIN, "Its arguments, as JSON in a string."),
})  # fmt: skip
_CALLED: Final = Kinds(
    "type",
    {
        "function": Fields({
            "id": Field(PLAIN, "The id of the call."),
            "index": Field(PLAIN, "Its place, as streams number them."),
            "function": Field(_FUNCTION_CALLED, "The function that was called."),
        }),
        "custom": Fields({
            "id": Field(PLAIN, "The id of the call."),
            "custom": Field(
                Fields({
                    "name": Field(PLAIN, "The tool. It counts as asked for."),
                    "input": Field(PLAIN, "What it was given."),
                }),
                "The custom tool that was called.",
            ),
        }),
    },
    absent="function",
)  # fmt: skip

_MESSAGES: Final = Rows(
    Kinds("role", {
        "system": Fields({"content": _SAID, "name": _NAME}),
        "developer": Fields({"content": _SAID, "name": _NAME}),
        "user": Fields({
            "content": Field(Either(plain=PLAIN, rows=_PARTS), "Words, images, sound, documents."),
            "name": _NAME,
        }),
        "assistant": Fields({
            "content": Field(
                Either(plain=PLAIN, rows=Rows(Kinds("type", {"text": _TEXT, "refusal": _REFUSAL}))),
                "What the model said before.",
            ),
            "name": _NAME,
            "refusal": Field(PLAIN, "Words with which the model refused before."),
            "reasoning_content": Field(PLAIN, "Its reasoning, handed back."),
            "annotations": Field(FREE, "Sources that it named, handed back."),
            "audio": Field(
                Fields({"id": Field(PLAIN, "The answer.")}),
                "A spoken answer that the upstream keeps. It is not read: `any` on the axes of content.",
            ),
            "tool_calls": Field(Rows(_CALLED), "Tools that it called. They count as asked for."),
            "function_call": Field(_FUNCTION_CALLED, "The older form of `tool_calls`."),
        }),
        "tool": Fields({
            "content": _SAID,
            "tool_call_id": Field(PLAIN, "The call that this is the result of."),
            "name": Field(PLAIN, "The tool. It counts as asked for."),
        }),
        "function": Fields({
            "content": _SAID,
            "name": Field(PLAIN, "The function. It counts as asked for."),
        }),
    })
)  # fmt: skip

# ---- tools

_FUNCTION: Final = Fields({
    "name": Field(PLAIN, "The function. It counts as asked for."),
    "description": Field(PLAIN, "What it does, for the model."),
    "parameters": Field(FREE, "Its arguments, as a JSON schema."),
    "strict": Field(PLAIN, "Whether the arguments must fit the schema."),
})  # fmt: skip
_CUSTOM: Final = Fields({
    "name": Field(PLAIN, "The tool. It counts as asked for."),
    "description": Field(PLAIN, "What it does, for the model."),
    "format": Field(
        Kinds("type", {
            "text": Fields({}),
            "grammar": Fields({
                "grammar": Field(
                    Fields({
                        "definition": Field(PLAIN, "The grammar."),
                        "syntax": Field(PLAIN, "`lark` or `regex`."),
                    }),
                    "The grammar of its input.",
                ),
            }),
        }),
        "The form of its input.",
    ),
})  # fmt: skip
_LOCATION: Final = Field(
    Kinds("type", {
        "approximate": Fields({
            **{part: Field(PLAIN, "Where the user is.") for part in ("city", "country", "region", "timezone")},
            "approximate": Field(PAIRS, "Where the user is."),
        })
    }, absent="approximate"),
    "Where results are sought for.",
)  # fmt: skip
_SEARCH: Final = Fields({
    "search_context_size": Field(PLAIN, "How much of the results the model reads."),
    "user_location": _LOCATION,
    "filters": Field(Fields({
        "allowed_domains": Field(_WORDS, "Where is searched."),
        "blocked_domains": Field(_WORDS, "Where is not searched."),
    }), "Where is searched."),
    "search_content_types": Field(_WORDS, "Text or images."),
    "external_web_access": Field(PLAIN, "Whether pages are fetched anew."),
})  # fmt: skip
_MCP: Final = Fields({
    "server_label": Field(PLAIN, "The caller's own name for the server. It identifies nothing."),
    "server_url": Field(PLAIN, "The server. The tool counts as `mcp URL` or `mcp URL TOOL`."),
    "connector_id": Field(PLAIN, "A server of the upstream's own: `mcp ID` or `mcp ID TOOL`."),
    "server_description": Field(PLAIN, "What the server does, for the model."),
    "allowed_tools": Field(
        Either(rows=Rows(PLAIN), object=Fields({
            "tool_names": Field(_WORDS, "The tools that may be called."),
            "read_only": Field(PLAIN, "Only tools that say of themselves that they only read."),
        })),
        "The tools that may be called.",
        "Every tool of the server: `mcp URL`.",
    ),
    "require_approval": Field(FREE, "Which calls wait for the caller's approval."),
    "authorization": Field(PLAIN, "The caller's token for the server."),
    "headers": Field(PAIRS, "The caller's headers for the server."),
})  # fmt: skip
_TOOLS: Final = Rows(
    Kinds("type", {
        "function": Fields({"function": Field(_FUNCTION, "A function of the caller's.")}),
        "custom": Fields({"custom": Field(_CUSTOM, "A tool of the caller's, with free input.")}),
        **dict.fromkeys(
            ("web_search", "web_search_2025_08_26", "web_search_preview", "web_search_preview_2025_03_11"),
            _SEARCH,
        ),
        "file_search": Fields({
            "vector_store_ids": Field(_WORDS, "Stores of the upstream that are searched."),
            "filters": Field(FREE, "Which of their files are searched."),
            "max_num_results": Field(PLAIN, "The most results."),
            "ranking_options": Field(FREE, "The order of results."),
        }),
        "code_interpreter": Fields({
            "container": Field(
                Either(plain=PLAIN, object=Kinds("type", {
                    "auto": Fields({
                        "file_ids": Field(_WORDS, "Files of the upstream that the code sees."),
                        "memory_limit": Field(PLAIN, "Its memory."),
                    })
                })),
                "Where the code runs.",
            ),
        }),
        "computer_use_preview": Fields({
            part: Field(PLAIN, "The screen that the model uses.")
            for part in ("display_height", "display_width", "environment")
        }),
        "local_shell": Fields({}),
        "apply_patch": Fields({}),
        "mcp": _MCP,
    }, absent="function")
)  # fmt: skip

_CHOSEN: Final = {
    "function": Fields({"function": Field(
        Fields({"name": Field(PLAIN, "The function. It counts as asked for.")}), "The function.")}),
    "custom": Fields({"custom": Field(
        Fields({"name": Field(PLAIN, "The tool. It counts as asked for.")}), "The tool.")}),
}  # fmt: skip
_TOOL_CHOICE: Final = Either(
    plain=PLAIN,
    object=Kinds("type", {
        **_CHOSEN,
        "allowed_tools": Fields({
            "allowed_tools": Field(
                Fields({
                    "mode": Field(PLAIN, "`auto` or `required`."),
                    "tools": Field(Rows(Kinds("type", _CHOSEN)), "Those that may be called."),
                }),
                "The tools that may be called.",
            )
        }),
    }),
)  # fmt: skip

# ---- the request

_FORMAT: Final = Kinds("type", {
    "text": Fields({}),
    "json_object": Fields({}),
    "json_schema": Fields({
        "json_schema": Field(
            Fields({
                "name": Field(PLAIN, "Its name."),
                "description": Field(PLAIN, "What it is for, for the model."),
                "schema": Field(FREE, "The JSON schema."),
                "strict": Field(PLAIN, "Whether the answer must fit it."),
            }),
            "The form of the answer.",
        ),
    }),
})  # fmt: skip

_SAMPLING = "How the next word is chosen."
_PENALTY = "How repetition is weighed."
CHAT: Final = Fields({
    "model": Field(PLAIN, "The model, by the name that the upstream acts by."),
    "messages": Field(_MESSAGES, "The conversation: every role and turn is read."),
    "stream": Field(PLAIN, "Whether the answer comes in events.", "The answer comes whole."),
    "stream_options": Field(
        Fields({
            "include_usage": Field(PLAIN, "Whether the last event counts tokens."),
            "include_obfuscation": Field(PLAIN, "Whether events are padded."),
        }),
        "What the events carry besides the answer.",
    ),
    "tools": Field(_TOOLS, "What the model may call. Each name counts as asked for."),
    "tool_choice": Field(_TOOL_CHOICE, "Which tool it must call. A name here counts as asked for."),
    "parallel_tool_calls": Field(PLAIN, "Whether it may call several at once."),
    "functions": Field(Rows(_FUNCTION), "The older form of `tools`."),
    "function_call": Field(
        Either(plain=PLAIN, object=Fields({"name": Field(PLAIN, "The function. It counts as asked for.")})),
        "The older form of `tool_choice`.",
    ),
    "web_search_options": Field(
        _SEARCH, "The search of the upstream's search models: counts as the tool `web_search`."
    ),
    **{name: Field(PLAIN, _SAMPLING) for name in ("temperature", "top_p", "top_k", "min_p", "seed")},
    **{
        name: Field(PLAIN, _PENALTY)
        for name in ("frequency_penalty", "presence_penalty", "repetition_penalty", "repeat_penalty")
    },
    "logit_bias": Field(PAIRS, "How likely single tokens are."),
    "max_tokens": Field(PLAIN, "The most tokens of the answer."),
    "max_completion_tokens": Field(PLAIN, "The most tokens of answer and reasoning."),
    "n": Field(PLAIN, "How many answers.", "One."),
    "stop": Field(_WORDS, "Words at which the answer ends."),
    "logprobs": Field(PLAIN, "Whether the probabilities of tokens are told."),
    "top_logprobs": Field(PLAIN, "Of how many tokens."),
    "response_format": Field(_FORMAT, "The form of the answer.", "Text."),
    "prediction": Field(
        Kinds("type", {"content": Fields({"content": _SAID})}), "What the answer will mostly say."
    ),
    "modalities": Field(_WORDS, "Whether the model answers in text or speech.", "Text."),
    "audio": Field(
        Fields({
            "voice": Field(Either(plain=PLAIN, object=Fields({"id": Field(PLAIN, "An own voice.")})), "The voice."),
            "format": Field(PLAIN, "The encoding of the sound."),
        }),
        "How a spoken answer sounds.",
    ),
    "reasoning_effort": Field(PLAIN, "How long the model reasons."),
    "verbosity": Field(PLAIN, "How long the answer is."),
    "service_tier": Field(PLAIN, "How soon the upstream serves, and for how much."),
    "user": Field(PLAIN, "A pseudonym of the end user, for the upstream."),
    "safety_identifier": Field(PLAIN, "A pseudonym of the end user, for the upstream."),
    "metadata": Field(PAIRS, "Labels that the upstream keeps with the call: plain values alone."),
    "prompt_cache_key": Field(PLAIN, "Which calls share a cached prefix."),
    "prompt_cache_retention": Field(PLAIN, "How long a prefix is cached."),
    "prompt_cache_options": Field(
        Fields({
            "mode": Field(PLAIN, "How breakpoints are set."),
            "ttl": Field(PLAIN, "How long a prefix is cached."),
        }),
        "How prefixes are cached.",
    ),
    "store": Field(
        Plain((False,)),
        "Whether the upstream keeps the call. Only `false` goes up.",
        "Sent as `false`: accounts exist for which the upstream's own default is to keep it.",
    ),
})  # fmt: skip

# Fields that clients do send, and why they do not go up: keys of sentences in the catalogue.
KNOWN_REFUSED: Final[Mapping[str, str]] = {
    **dict.fromkeys(("fallbacks", "models", "route", "provider", "providers", "plugins", "transforms",
                     "router", "deployment", "context_window_fallback_dict"), "other-model"),
    **dict.fromkeys(("api_base", "base_url", "api_key", "api_version", "custom_llm_provider",
                     "organization", "extra_headers", "extra_query", "headers"), "other-address"),
    **dict.fromkeys(("extra_body", "extra_params", "allowed_openai_params"), "hidden-fields"),
    **dict.fromkeys(("previous_response_id", "conversation", "thread_id", "session_id",
                     "store", "cache_prompt", "id_slot"), "kept-state"),
    **dict.fromkeys(("moderation", "guardrails"), "other-judge"),
}  # fmt: skip
