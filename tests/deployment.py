"""docker-compose.yml and the Dockerfile, as tests read them."""

import re
import shlex
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
PARTS: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: part for name, part in PARTS.items() if "build" in part}
"""The parts that run our own image."""
DOCKERFILE = re.sub(r"\\\n\s*", "", (ROOT / "deploy" / "Dockerfile").read_text())
INSTRUCTIONS = [line.split(maxsplit=1) for line in DOCKERFILE.splitlines() if line and not line.startswith("#")]
"""Instruction and arguments, in order; comments are left out and continued lines joined."""


def instruction(name: str) -> list[str]:
    """The arguments of every instruction of one kind."""
    return [arguments for found, arguments in INSTRUCTIONS if found == name]


def copied() -> list[str]:
    """What the image copies from the repository."""
    words = [shlex.split(arguments) for arguments in instruction("COPY")]
    return [source for parts in words if not parts[0].startswith("--from") for source in parts[:-1]]


def module(command: list[str]) -> str:
    """The module that a command runs."""
    return command[2] if command[:2] == ["python", "-m"] else command[0]
