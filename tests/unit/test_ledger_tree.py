"""The tree against the definitions of RFC 6962, written out naively, and against the RFC's own known hashes."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avenant.ledger.tiles import (
    WIDTH,
    Tile,
    bundle,
    number_path,
    subtrees,
    tile_path,
    tiles,
    unbundle,
)
from avenant.ledger.tree import (
    Frontier,
    check_consistency,
    check_inclusion,
    consistency,
    inclusion,
    leaf_hash,
)


def mth(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962 §2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def path(m: int, leaves: list[bytes]) -> list[bytes]:
    """PATH of RFC 6962 §2.1.1, word for word."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def proof(m: int, leaves: list[bytes]) -> list[bytes]:
    """PROOF of RFC 6962 §2.1.2, word for word."""

    def subproof(m: int, leaves: list[bytes], whole: bool) -> list[bytes]:
        if m == len(leaves):
            return [] if whole else [mth(leaves)]
        k = 1
        while k * 2 < len(leaves):
            k *= 2
        if m <= k:
            return [*subproof(m, leaves[:k], whole), mth(leaves[k:])]
        return [*subproof(m - k, leaves[k:], False), mth(leaves[:k])]

    return subproof(m, leaves, True)


class Kept:
    """A tree kept as a store keeps it: leaves, and the nodes that appending completes."""

    def __init__(self, size: int, batch: int = 100) -> None:
        self.leaves = [f"leaf {n}".encode() for n in range(size)]
        self.nodes: dict[int, list[bytes]] = {}
        self.head = Frontier()
        for low in range(0, size, batch):
            hashes = map(leaf_hash, self.leaves[low : low + batch])
            self.head, nodes = self.head.extended(hashes)
            for node in nodes:
                row = self.nodes.setdefault(node.level, [])
                assert node.index == len(row)
                row.append(node.hash)
        self.subtree = subtrees(self.hashes)

    def hashes(self, level: int, low: int, high: int) -> list[bytes]:
        """Hashes of a level's tiles."""
        if level == 0:
            return [leaf_hash(leaf) for leaf in self.leaves[low:high]]
        return self.nodes[level][low:high]


# The tests of certificate transparency have used these eight leaves since RFC 6962; the roots are public.
KNOWN = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def test_known_roots() -> None:
    """The roots of the eight leaves that every implementation of RFC 6962 is tested with."""
    for size, root in enumerate(ROOTS, 1):
        head, _ = Frontier().extended(map(leaf_hash, KNOWN[:size]))
        assert root == head.root().hex()


def test_empty_root() -> None:
    """The root of no leaves is the hash of nothing."""
    assert sha256(b"").digest() == Frontier().root()


@given(st.integers(0, 300), st.integers(1, 40))
def test_root_and_frontier(size: int, batch: int) -> None:
    """However the leaves come in, the root is that of the definition, and can be taken up again from what is kept."""
    kept = Kept(size, batch)
    assert mth(kept.leaves) == kept.head.root()
    assert kept.head == Frontier.of(size, kept.subtree)


@given(st.data())
def test_inclusion(data: st.DataObject) -> None:
    """Paths are those of the definition, and lead to the root from this leaf at this index and no other."""
    size = data.draw(st.integers(1, 600))
    index = data.draw(st.integers(0, size - 1))
    kept = Kept(size)
    found = inclusion(index, size, kept.subtree)
    assert path(index, kept.leaves) == list(found)
    root, leaf = kept.head.root(), leaf_hash(kept.leaves[index])
    assert check_inclusion(leaf, index, size, found, root)
    other = data.draw(st.integers(-1, size + 1).filter(lambda n: n != index))
    assert not check_inclusion(leaf, other, size, found, root)
    assert not check_inclusion(leaf_hash(b"another"), index, size, found, root)
    assert not check_inclusion(leaf, index, size, (*found, root), root)
    assert not check_inclusion(leaf, index, size * 4, found, root)  # a larger tree, a longer path
    if found:
        at = data.draw(st.integers(0, len(found) - 1))
        bent = [*found]
        bent[at] = sha256(bent[at]).digest()
        assert not check_inclusion(leaf, index, size, bent, root)
        assert not check_inclusion(leaf, index, size, found[:-1], root)


@given(st.data())
def test_consistency(data: st.DataObject) -> None:
    """Proofs are those of the definition, and hold between these two trees and no others."""
    new = data.draw(st.integers(1, 600))
    old = data.draw(st.integers(1, new))
    kept = Kept(new)
    found = consistency(old, new, kept.subtree)
    assert proof(old, kept.leaves) == list(found)
    before, after = Kept(old).head.root(), kept.head.root()
    assert check_consistency(old, new, found, before, after)
    assert not check_consistency(old, new, found, sha256(before).digest(), after)
    assert not check_consistency(old, new, found, before, sha256(after).digest())
    assert not check_consistency(old, new, (*found, after), before, after)
    if old != new:
        assert not check_consistency(old, new, found[:-1], before, after)
        assert not check_consistency(new, old, found, after, before)


def test_consistency_with_nothing() -> None:
    """Every tree grows out of the empty one; nothing else is claimed of it."""
    root = Kept(5).head.root()
    assert check_consistency(0, 5, (), Frontier().root(), root)
    assert not check_consistency(0, 5, (root,), Frontier().root(), root)
    assert not check_consistency(0, 5, (), root, root)


@pytest.mark.parametrize("index", [-1, 5])
def test_no_path_outside(index: int) -> None:
    """There is no path for an index outside the tree."""
    with pytest.raises(IndexError):
        inclusion(index, 5, Kept(5).subtree)


def test_large_tree() -> None:
    """Levels above the first: at 70,000 leaves paths and proofs still hold (the size of the C2SP example)."""
    kept = Kept(70_000, 1000)
    root = kept.head.root()
    assert kept.head == Frontier.of(70_000, kept.subtree)
    for index in (0, 255, 256, 65_535, 65_536, 69_999):
        found = inclusion(index, 70_000, kept.subtree)
        assert check_inclusion(leaf_hash(kept.leaves[index]), index, 70_000, found, root)
    found = consistency(65_537, 70_000, kept.subtree)
    assert check_consistency(65_537, 70_000, found, Kept(65_537, 1000).head.root(), root)


def test_tiles_of_the_specification() -> None:
    """The example of C2SP tlog-tiles: 70,000 leaves are 273 full tiles, then widths 112, 256, 17 and 1."""
    found = list(tiles(70_000))
    assert 273 == sum(tile.level == 0 and tile.width == WIDTH for tile in found)
    assert [
        Tile(0, 273, 112),
        Tile(1, 0, 256),
        Tile(1, 1, 17),
        Tile(2, 0, 1),
    ] == [tile for tile in found if tile.level or tile.width < WIDTH]
    assert [Tile(0, 0, 256), Tile(1, 0, 1)] == list(tiles(256))
    assert [] == list(tiles(0))


def test_tile_paths() -> None:
    """Paths as C2SP writes them."""
    assert "x001/x234/067" == number_path(1_234_067)
    assert "tile/0/003" == tile_path(0, 3, 256)
    assert "tile/1/x001/000.p/12" == tile_path(1, 1000, 12)
    assert "tile/entries/000.p/5" == tile_path("entries", 0, 5)


@given(st.lists(st.binary(max_size=50), max_size=20))
def test_bundles(leaves: list[bytes]) -> None:
    """A bundle gives back its leaves; one that is cut gives none, or fewer."""
    data = bundle(leaves)
    assert tuple(leaves) == unbundle(data)
    if data:
        cut = unbundle(data[:-1])
        assert cut is None or len(cut) < len(leaves)
