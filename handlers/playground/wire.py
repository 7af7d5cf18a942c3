"""A call's parameters out of an HTTP request: query, JSON, form and multipart, as Telegram takes them."""

from __future__ import annotations

import json
from collections.abc import Mapping

from aiohttp import web

from handlers.playground.kinds import Upload
from handlers.playground.refusal import RefusedError, bad

REQUEST_BYTES = 64 * 1024 * 1024


async def parameters(request: web.Request) -> dict[str, object]:
    """All parameters by name; later sources win. A null is no parameter."""
    found: dict[str, object] = dict(request.query)
    if request.content_type == "application/json":
        found |= await _from_json(request)
    elif request.content_type in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        found |= await _from_form(request)
    return {name: value for name, value in found.items() if value is not None}


async def _from_json(request: web.Request) -> Mapping[str, object]:
    text = await request.text()
    try:
        body = json.loads(text) if text.strip() else {}
    except json.JSONDecodeError:
        raise bad("can't parse JSON object") from None
    if not isinstance(body, dict):
        raise bad("expected a JSON object")
    return body


async def _from_form(request: web.Request) -> Mapping[str, object]:
    try:
        form = await request.post()
    except web.HTTPRequestEntityTooLarge:
        raise RefusedError("Request Entity Too Large", 413) from None
    return {name: _part(value) for name, value in form.items()}


def _part(value: object) -> object:
    if not isinstance(value, web.FileField):
        return value
    with value.file as file:
        return Upload(value.filename, file.read(), value.content_type)
