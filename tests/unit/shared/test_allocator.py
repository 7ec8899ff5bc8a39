"""What a process needed once it gives back."""

import platform
import sys
from subprocess import run

import pytest

SCRIPT = """
import sys
from pathlib import Path
from shared.kit import allocator

def held():
    status = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in status if line.startswith("VmRSS")).split()[1])

if sys.argv[1] == "settled":
    allocator.settle()
bytearray(b"1") * (16 << 20)  # once it is freed, glibc takes blocks of that size from its areas
before, blocks, small = held(), [], []
for _ in range(40):
    blocks.append(bytearray(b"1") * (5 << 20))
    small += [bytearray(3_000) for _ in range(5)]
blocks.clear()
print(held() - before)
"""


def kept(how: str) -> int:
    """KiB that a process still has of 200 MiB that it freed, with small blocks between."""
    done = run([sys.executable, "-c", SCRIPT, how], check=True, capture_output=True, text=True)
    return int(done.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="of glibc")
def test_what_is_freed_is_given_back():
    """Large blocks are, whatever lies behind them; as glibc does it by itself, most are kept."""
    assert kept("settled") < 20_000
    assert kept("as it is") > 100_000
