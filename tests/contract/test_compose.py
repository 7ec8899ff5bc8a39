"""docker-compose.yml and the image it builds: whole, consistent, and true of the code they run."""

import json
import re
from collections import Counter
from fnmatch import fnmatch
from importlib.resources import files
from importlib.util import find_spec

import jsonschema
import pytest

from cli.local.stack.topics import TopicSettings
from tests.deployment import COMPOSE, INSTRUCTIONS, OURS, PARTS, ROOT, copied, instruction, module
from tests.services import SERVICES, variables

JOBS = {
    "topics": {field.upper() for field in TopicSettings.__struct_fields__},
    "migrations": {"DATABASE_URL", "DATABASE_PASSWORD_FILE", "STADGA_TENANT"},
}


MEASURED = {"ingest": 84, "metrics": 960, "alerts": 437}
"""MiB at their peak, in docs/performance.md."""


def _dependencies() -> list[tuple[str, str, str]]:
    return [
        (name, on, how["condition"]) for name, part in PARTS.items() for on, how in part.get("depends_on", {}).items()
    ]


def _mounts() -> list[tuple[str, str]]:
    return [(name, mount.split(":")[0]) for name, part in PARTS.items() for mount in part.get("volumes", [])]


def test_compose_file_fits_the_compose_specification() -> None:
    """docker-compose.yml is valid against the Compose Specification's own schema."""
    schema = files("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json"
    jsonschema.validate(COMPOSE, json.loads(schema.read_text()))


@pytest.mark.parametrize(("name", "on", "condition"), _dependencies())
def test_part_waits_for_what_can_be_reached(name: str, on: str, condition: str) -> None:
    """A part that others wait for exists: a job that completes, or a service with a health check."""
    jobs = PARTS[on].get("restart") == "no"
    assert condition == ("service_completed_successfully" if jobs else "service_healthy")
    assert jobs or "healthcheck" in PARTS[on]


def test_start_order_has_an_end() -> None:
    """Nothing waits for itself, however indirectly."""
    waiting = {name: set(part.get("depends_on", {})) for name, part in PARTS.items()}
    while ready := {name for name, on in waiting.items() if not on & waiting.keys()}:
        waiting = {name: on for name, on in waiting.items() if name not in ready}
    assert waiting == {}


@pytest.mark.parametrize("name", PARTS)
def test_part_that_stays_up_is_watched_and_restarted(name: str) -> None:
    """Every part is either a job that runs once, or is health-checked and restarted."""
    part = PARTS[name]
    assert part["restart"] == ("no" if name in JOBS else "unless-stopped")
    assert ("healthcheck" in part) == (name not in JOBS)


@pytest.mark.parametrize("name", PARTS)
def test_image_is_pinned(name: str) -> None:
    """An image made elsewhere names its version; ours is built here."""
    assert name in OURS or re.search(r":v?\d+\.\d+", PARTS[name]["image"])


def test_ports_are_on_loopback_and_published_once() -> None:
    """Nothing is reachable from outside the machine, and no two parts ask for one port."""
    ports = [port for part in PARTS.values() for port in part.get("ports", [])]
    assert all(re.fullmatch(r"127\.0\.0\.1:(\d+):\d+", port) for port in ports)
    assert max(Counter(port.split(":")[1] for port in ports).values()) == 1


@pytest.mark.parametrize(("name", "source"), _mounts())
def test_mounted_source_exists(name: str, source: str) -> None:
    """A mount is a path of the repository or a declared volume."""
    assert (ROOT / source).exists() if source.startswith(".") else source in COMPOSE["volumes"]


@pytest.mark.parametrize("name", OURS)
def test_command_can_be_run(name: str) -> None:
    """What a container of ours runs is a module that exists here too."""
    assert find_spec(module(PARTS[name]["command"]))


@pytest.mark.parametrize("name", OURS)
def test_container_is_given_only_what_its_program_reads(name: str) -> None:
    """Each environment variable of a container is a setting of the service or job in it."""
    known = variables(name) if name in SERVICES else JOBS[name]
    assert set(PARTS[name]["environment"]) <= known


@pytest.mark.parametrize("name", SERVICES)
def test_service_listens_where_it_is_checked_and_published(name: str) -> None:
    """A service's port is the same in its settings, its health check and what is published."""
    part = PARTS[name]
    port = part["environment"][f"STADGA_{name.upper()}_PORT"]
    assert part["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert f"127.0.0.1:{port}/readyz" in part["healthcheck"]["test"][-1]
    assert part["environment"]["STADGA_HOST"] == "0.0.0.0"  # noqa: S104 -- inside the container, published on loopback


def test_default_secret_says_that_it_is_local_only() -> None:
    """A password, key or token has a default only if the default warns whoever reads it."""
    text = (ROOT / "docker-compose.yml").read_text()
    secrets = re.findall(r"\$\{(\w*(?:PASSWORD|KEY|TOKEN|SECRET)\w*)(?::-([^}]*))?\}", text)
    assert secrets
    assert all("local-only" in default for _, default in secrets)


@pytest.mark.parametrize("name", PARTS)
def test_a_container_has_a_limit_of_memory(name: str) -> None:
    """One that takes too much is ended, not its neighbours; half as much again as ours were measured to take fits."""
    mib = {"m": 1, "g": 1024}
    limit = PARTS[name]["mem_limit"]
    assert int(limit[:-1]) * mib[limit[-1]] >= 1.5 * MEASURED.get(name, 1)


@pytest.mark.parametrize("name", PARTS)
def test_what_a_container_writes_does_not_fill_the_disk(name: str) -> None:
    """Its log is a few files, of which the oldest goes."""
    logging = PARTS[name]["logging"]
    assert logging["driver"] == "json-file"
    assert re.fullmatch(r"\d+m", logging["options"]["max-size"])
    assert int(logging["options"]["max-file"]) > 1


@pytest.mark.parametrize("name", PARTS)
def test_a_secret_is_a_file(name: str) -> None:
    """No password, key or token is in the environment, which Docker shows; a file is given to who names it."""
    part = PARTS[name]
    said = part.get("environment", {})
    assert not [variable for variable in said if re.search(r"(PASSWORD|KEY|TOKEN|SECRET)$", variable)]
    named = {value for value in said.values() if str(value).startswith("/run/secrets/")}
    assert named == {f"/run/secrets/{secret}" for secret in part.get("secrets", [])}
    assert "@" not in str(said.get("DATABASE_URL", "")).removeprefix("postgresql://stadga@")


@pytest.mark.parametrize("name", COMPOSE["secrets"])
def test_a_secret_is_there_to_try_it_out(name: str) -> None:
    """Its file is one line, in a folder that says that it is local only, and that one setting replaces."""
    folder = re.fullmatch(rf"\$\{{STADGA_SECRETS:-(.*local-only.*)\}}/{name}", COMPOSE["secrets"][name]["file"])
    assert folder
    assert re.fullmatch(r"local[ -].*\n", (ROOT / folder[1] / name).read_text())


def test_every_instruction_is_known_and_has_its_arguments() -> None:
    """The Dockerfile holds only instructions that Docker knows."""
    known = {"FROM", "COPY", "RUN", "ENV", "WORKDIR", "USER", "CMD"}
    assert {name for name, *_ in INSTRUCTIONS} <= known
    assert all(len(parts) == 2 for parts in INSTRUCTIONS)


@pytest.mark.parametrize("source", copied())
def test_copied_source_exists_and_is_sent_to_the_builder(source: str) -> None:
    """What the image copies is in the repository and not ignored."""
    ignored = (ROOT / "deploy" / "Dockerfile.dockerignore").read_text().splitlines()
    kept = [line.removeprefix("!") for line in ignored if line.startswith("!")]
    assert (ROOT / source).exists()
    assert any(fnmatch(source.rstrip("/"), pattern) for pattern in kept)


def test_image_holds_all_that_its_commands_need() -> None:
    """Every module and file that a container runs is copied into the image."""
    commands = [part["command"] for part in OURS.values()]
    wanted = [module(c).replace(".", "/") for c in commands if c[0] == "python"]
    wanted += [word for command in commands for word in command if word.startswith("deploy/")]
    assert all(path.startswith(tuple(copied())) for path in wanted)


def test_image_runs_as_nobody_in_particular() -> None:
    """The last user is not root, and the default command is a module of ours."""
    user, command = instruction("USER")[-1], instruction("CMD")[-1]
    assert int(user.split(":")[0]) > 0
    assert find_spec(module(json.loads(command)))


def test_image_installs_only_pinned_wheels() -> None:
    """Dependencies come from the lock, checked by hash, and nothing is compiled."""
    installs = [run for run in instruction("RUN") if "pip" in run]
    assert all("--require-hashes" in run and "--only-binary :all:" in run for run in installs)


def test_the_command_of_the_documents_is_in_the_image() -> None:
    """What operators are told to run in a container begins with ``stadga``."""
    assert re.search(r"docker compose run .*metrics stadga backup", (ROOT / "docs" / "operations.md").read_text())
    assert any("exec python -m cli" in run and "> /usr/local/bin/stadga" in run for run in instruction("RUN"))
