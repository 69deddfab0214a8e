"""The cache in memory: bounded, and with entries that expire."""

from echosphere.core.bounded_cache import BoundedCache


def test_an_entry_expires_at_the_end_of_its_lifetime() -> None:
    cache: BoundedCache[str, str] = BoundedCache(3)
    cache.put("a", "first", now=10.0, lifetime=5.0)
    assert [cache.get("a", now) for now in (10.0, 14.9, 15.0)] == ["first", "first", None]
    cache.put("a", "second", now=20.0, lifetime=5.0)
    assert cache.get("a", 21.0) == "second"


def test_an_entry_from_the_future_has_expired() -> None:
    """The caller's clock was set back: no one knows how old the entry is."""
    cache: BoundedCache[str, str] = BoundedCache(3)
    cache.put("a", "first", now=10.0, lifetime=5.0)
    assert cache.get("a", 9.0) is None


def test_an_entry_without_a_lifetime_stays() -> None:
    cache: BoundedCache[str, int] = BoundedCache(3)
    cache.put("a", 0)
    assert cache.get("a") == cache.get("a", 1e12) == 0


def test_the_entries_that_were_put_first_are_evicted() -> None:
    cache: BoundedCache[str, int] = BoundedCache(2)
    for number, key in enumerate(("a", "b", "a", "c")):  # the second "a" makes it the newer one
        cache.put(key, number)
    assert [cache.get(key) for key in "abc"] == [2, None, 3]


def test_the_size_of_all_values_is_bounded() -> None:
    cache: BoundedCache[str, str] = BoundedCache(9, max_size=6, size_of=len)
    cache.put("a", "xxxx")
    cache.put("a", "xx")
    cache.put("b", "xxxx")
    assert (cache.get("a"), cache.get("b")) == ("xx", "xxxx")
    cache.put("c", "x")
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == (None, "xxxx", "x")
    cache.put("d", "x" * 7)
    assert [cache.get(key) for key in "abcd"] == [None] * 4


def test_every_removal_is_reported() -> None:
    removed: list[tuple[str, int]] = []
    cache: BoundedCache[str, int] = BoundedCache(2, on_remove=lambda *entry: removed.append(entry))
    for number, key in enumerate("abca"):
        cache.put(key, number)
    assert removed == [("a", 0), ("b", 1)]
    assert (cache.remove("c"), cache.remove("unknown")) == (2, None)
    cache.clear()
    assert removed == [("a", 0), ("b", 1), ("c", 2), ("a", 3)]
