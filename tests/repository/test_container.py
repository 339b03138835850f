"""Is the image built from the lock, without tools, and run without rights?"""

import re

import pytest

from cds import gunicorn_conf
from tests.repository.tree import ROOT, read


def stages() -> list[str]:
    """Give the stages of the Dockerfile, each from its FROM line on."""
    return re.split(r"^(?=FROM )", read("Dockerfile").replace("\\\n", " "), flags=re.MULTILINE)[1:]


def instructions(stage: str, name: str) -> list[str]:
    return re.findall(rf"^{name} +(.+)$", stage, re.MULTILINE)


def test_the_packages_come_from_the_lock_in_the_first_of_two_stages() -> None:
    build, final = stages()
    syncs = [line for line in instructions(build, "RUN") if "uv sync" in line]
    assert syncs
    assert all({"--locked", "--no-dev"} <= set(line.split()) for line in syncs)
    assert all("--extra postgresql" in line for line in syncs)
    assert "--no-editable" in syncs[-1]
    assert instructions(final, "COPY") == ["--from=build /opt/trd-cds /opt/trd-cds"]


def test_the_final_stage_holds_no_build_tools() -> None:
    runs = " ".join(instructions(stages()[1], "RUN"))
    assert "pip uninstall" in runs
    assert not re.search(r"apt-get|pip install|uv sync", runs)


def test_the_service_runs_as_a_numbered_user_without_rights() -> None:
    (user,) = instructions(stages()[1], "USER")
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user)


def test_the_service_writes_nothing_but_its_store_to_the_file_system() -> None:
    final = stages()[1]
    (volume,) = instructions(final, "VOLUME")
    assert f"TRD_CDS_STORE_URL=sqlite:///{volume}/" in final
    assert f"install --directory --owner 10001 --group 10001 --mode 0700 {volume}" in final
    (command,) = instructions(final, "CMD")
    assert '"--worker-tmp-dir", "/dev/shm"' in command
    assert gunicorn_conf.control_socket_disable
    assert "PYTHONDONTWRITEBYTECODE=1" in final


def test_the_health_check_asks_readyz_on_the_port_that_is_served() -> None:
    final = stages()[1]
    (port,) = instructions(final, "EXPOSE")
    assert f"http://127.0.0.1:{port}/readyz" in final
    assert f'"0.0.0.0:{port}"' in final


@pytest.mark.parametrize("source", sorted({
    name for line in instructions(stages()[0], "COPY") for name in line.split()[:-1]
}))  # fmt: skip
def test_what_the_image_copies_exists_and_is_in_its_context(source: str) -> None:
    assert (ROOT / source).exists()
    assert f"!{source}" in read(".dockerignore").splitlines()


def test_nothing_else_is_in_the_context_of_the_image() -> None:
    assert read(".dockerignore").splitlines()[1] == "*"
