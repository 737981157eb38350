"""Pictures, made here."""

import random
import struct
import zlib


def picture(level=128):
    """A PNG of one grey pixel."""
    return png(1, bytes([0, level, level, level]))


def noise(side):
    """A PNG that no program makes smaller, so that it is kept in several parts."""
    dots = random.Random(side)
    return png(side, b"".join(b"\0" + dots.randbytes(3 * side) for _ in range(side)))


def png(side, lines):
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(lines)) + part(b"IEND", b"")


def part(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
