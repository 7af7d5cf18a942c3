"""One chat's updates in order, chats side by side, never too many at once, no trace of idle chats."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from handlers.telegram.ordering import Ordering


@settings(max_examples=40, deadline=None)
@given(some.lists(some.tuples(some.sampled_from("abc"), some.integers(0, 3)), max_size=20))
def test_each_chat_keeps_its_order(arrivals: list[tuple[str, int]]) -> None:
    done: list[tuple[str, int]] = []

    async def play() -> None:
        order = Ordering(4)

        async def work(chat: str, number: int, hops: int) -> None:
            for _ in range(hops):
                await asyncio.sleep(0)
            done.append((chat, number))

        await asyncio.gather(
            *(
                order.run(chat, lambda c=chat, n=number, h=hops: work(c, n, h))  # type: ignore[misc]
                for number, (chat, hops) in enumerate(arrivals)
            )
        )
        assert len(order) == 0

    asyncio.run(play())
    for chat in "abc":
        numbers = [number for name, number in done if name == chat]
        assert numbers == sorted(numbers)
    assert len(done) == len(arrivals)


async def test_chats_run_side_by_side_up_to_the_limit() -> None:
    order, gate, under_way = Ordering(3), asyncio.Event(), 0

    async def work() -> None:
        nonlocal under_way
        under_way += 1
        await gate.wait()

    tasks = [asyncio.create_task(order.run(str(chat), work)) for chat in range(5)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert under_way == 3
    gate.set()
    await asyncio.gather(*tasks)
    assert under_way == 5
    assert len(order) == 0


async def test_a_cancelled_or_failed_work_lets_the_next_one_in() -> None:
    order, gate = Ordering(), asyncio.Event()

    async def fail() -> None:
        raise ValueError("broken")

    async def last() -> str:
        return "done"

    first = asyncio.create_task(order.run("a", gate.wait))
    waiting = asyncio.create_task(order.run("a", gate.wait))
    failing = asyncio.create_task(order.run("a", fail))
    after = asyncio.create_task(order.run("a", last))
    await asyncio.sleep(0)
    waiting.cancel()
    first.cancel()
    with pytest.raises(ValueError, match="broken"):
        await failing
    assert await after == "done"
    assert len(order) == 0
