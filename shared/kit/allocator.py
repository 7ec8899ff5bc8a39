"""How glibc gives back memory: by itself it keeps much of what a start needs once, for as long as the process lives.

It has an area for each thread, and takes large blocks from these once a few were freed: whatever small thing lies
behind them keeps all of it. With few areas, and large blocks apart, what is freed is free.
"""

import ctypes
import platform

ARENA_MAX, MMAP_THRESHOLD = -8, -3
"""Of ``malloc.h``."""
AREAS = 2
LARGE = 4 << 20
"""Bytes of a block that the kernel gives and gets back by itself; smaller ones would cost more time than they save."""


def settle() -> None:
    """Keep to that in this process; other libraries of C do as they do."""
    if platform.libc_ver()[0] == "glibc":
        libc = ctypes.CDLL(None)
        libc.mallopt(ARENA_MAX, AREAS)
        libc.mallopt(MMAP_THRESHOLD, LARGE)
