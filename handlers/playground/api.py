"""The Bot API: a call's parameters held to the method's table, then the method carried out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.playground.call import Call
from handlers.playground.delivery import Delivery
from handlers.playground.kinds import Kind, Upload, WrongError
from handlers.playground.methods import METHODS, MISSING, Method
from handlers.playground.refusal import Json, RefusedError, bad
from handlers.playground.world import World

_BY_NAME: Mapping[str, Method] = {name.lower(): method for name, method in METHODS.items()}


class BotApi:
    """Carries out calls. `refusals` keeps (method, description) of every one that was refused."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.refusals: list[tuple[str, str]] = []
        self.delivery: Delivery | None = None

    async def call(self, method: str, raw: Mapping[str, object]) -> Any:
        """The result as Telegram gives it. Raises RefusedError, worded as Telegram words it."""
        try:
            found = _found(method)
            assert self.delivery is not None, "the server sets it before it listens"
            uploads = {name: value for name, value in raw.items() if isinstance(value, Upload)}
            return await found.run(Call(self.world, self.delivery, read(found, raw), uploads))
        except RefusedError as refused:
            self.refusals.append((method, refused.description))
            raise


def _found(name: str) -> Method:
    found = _BY_NAME.get(name.lower())
    if found is None:
        raise RefusedError("Not Found: method not found", 404)
    return found


def read(method: Method, raw: Mapping[str, object]) -> Json:
    """The call's arguments as values. A part that an attach:// names is no parameter."""
    kinds: dict[str, Kind] = {**method.required, **method.optional}
    mentioned = str([value for value in raw.values() if not isinstance(value, Upload)])
    args: Json = {}
    for name, value in raw.items():
        if name in kinds:
            args[name] = _value(kinds[name], name, value)
        elif not (isinstance(value, Upload) and f"attach://{name}" in mentioned):
            raise bad(f'unknown parameter "{name}"')
    for name in method.required:
        if name not in args:
            raise bad(MISSING.get(name, f'parameter "{name}" is required'))
    return args


def _value(kind: Kind, name: str, value: object) -> Any:
    try:
        return kind(value)
    except WrongError as wrong:
        raise bad(MISSING[name] if name == "action" else f"can't parse {name}: {wrong}") from None
