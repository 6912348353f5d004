"""Conversations keep their slots."""

from components.engine.local_mind.slots import Slots


class Clock:
    def __init__(self) -> None:
        self.now = 0.0


def test_each_conversation_keeps_a_slot_of_its_own() -> None:
    clock = Clock()
    slots = Slots(3, idle_seconds=100, now=lambda: clock.now)
    for _ in range(3):
        assert [slots.of(name) for name in 'abc'] == [0, 1, 2]
        clock.now += 30


def test_a_further_conversation_takes_the_slot_that_rested_longest() -> None:
    clock = Clock()
    slots = Slots(2, idle_seconds=100, now=lambda: clock.now)
    for name in 'aba':
        clock.now += 1
        slots.of(name)
    assert slots.of('c') == 1
    assert slots.of('a') == 0


def test_a_conversation_that_rests_makes_place_before_a_fresh_slot_is_taken() -> None:
    clock = Clock()
    slots = Slots(3, idle_seconds=100, now=lambda: clock.now)
    assert slots.of('a') == 0
    clock.now = 99
    assert slots.of('b') == 1
    clock.now = 120
    assert slots.of('c') == 0
    assert slots.of('b') == 1


def test_a_conversation_keeps_the_slot_of_its_greeting() -> None:
    slots = Slots(3)
    assert [slots.of('a'), slots.of(''), slots.of('b'), slots.of('c')] == [0, 1, 1, 2]
