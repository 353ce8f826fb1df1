"""How many calls a connection may make in a second."""

from __future__ import annotations

from avenant.gateway.rate import Rate


def test_what_is_beyond_the_rate_is_turned_away_until_time_passes() -> None:
    """A full bucket at the start, refilled at the rate, never above it; each connection has its own."""
    now = [100.0]
    rate = Rate(3, lambda: now[0])
    assert [True, True, True, False, False] == [rate.takes("a") for _ in range(5)]
    assert rate.takes("b")
    now[0] += 0.34
    assert [True, False] == [rate.takes("a") for _ in range(2)]
    now[0] += 60
    assert [True, True, True, False] == [rate.takes("a") for _ in range(4)]
    assert 4 == rate.beyond


def test_an_hour_at_the_rate_is_all_taken() -> None:
    """Parts of calls that time brings are not lost by rounding."""
    now = [0.0]
    rate = Rate(10, lambda: now[0])
    taken = 0
    for _ in range(3_600 * 20):
        now[0] += 0.05
        taken += rate.takes("a")
    assert 36_000 - 10 <= taken <= 36_000 + 20
