"""Do the manifests run the service without rights, on a read-only file system, without secrets?"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from cds.ehr.trusted_clients import load_trusted_clients
from cds.settings import PREFIX, SECRETS, Settings
from tests.repository.tree import project, read

MANIFESTS: list[dict[str, Any]] = list(yaml.safe_load_all(read("deploy/kubernetes.yaml")))
COMPOSE: dict[str, Any] = yaml.safe_load(read("compose.yaml"))
KINDS = {each["kind"]: each for each in MANIFESTS}
PODS = {
    "Deployment": KINDS["Deployment"]["spec"]["template"]["spec"],
    "CronJob": KINDS["CronJob"]["spec"]["jobTemplate"]["spec"]["template"]["spec"],
}
CONTAINERS = [
    (kind, container)
    for kind, pod in PODS.items()
    for container in (*pod.get("initContainers", ()), *pod["containers"])
]
containers = pytest.mark.parametrize(
    ("kind", "container"), CONTAINERS, ids=[each["name"] for _, each in CONTAINERS]
)
IN_DOCKERFILE = re.search(r"^USER (\d+):(\d+)$", read("Dockerfile"), re.MULTILINE)


def setting_names(environment: Iterator[str] | list[str]) -> set[str]:
    return {name.removeprefix(PREFIX).lower() for name in environment}


def test_the_manifests_are_of_the_kinds_a_deployment_needs() -> None:
    assert [each["kind"] for each in MANIFESTS] == [
        "ConfigMap",
        "Deployment",
        "Service",
        "CronJob",
    ]
    assert all(each["metadata"]["name"].startswith("trd-cds") for each in MANIFESTS)


@pytest.mark.requirement("A10")
@pytest.mark.parametrize("pod", PODS.values(), ids=PODS)
def test_a_pod_runs_as_the_user_of_the_image_and_is_given_no_account(pod: dict[str, Any]) -> None:
    assert IN_DOCKERFILE is not None
    context = pod["securityContext"]
    assert context["runAsNonRoot"] is True
    assert (context["runAsUser"], context["runAsGroup"]) == tuple(map(int, IN_DOCKERFILE.groups()))
    assert context["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False
    # The names it would set begin with TRD_CDS_, and a name that is no setting stops the start.
    assert pod["enableServiceLinks"] is False


@containers
@pytest.mark.requirement("A10")
def test_a_container_can_write_only_where_a_volume_is(kind: str, container: dict[str, Any]) -> None:
    context = container["securityContext"]
    assert context["readOnlyRootFilesystem"] is True
    assert context["allowPrivilegeEscalation"] is False
    assert context["capabilities"] == {"drop": ["ALL"]}
    volumes = {each["name"]: each for each in PODS[kind]["volumes"]}
    for mount in container["volumeMounts"]:
        held = volumes[mount["name"]]
        assert "emptyDir" in held or mount["readOnly"] is True, mount["name"]


@containers
def test_a_container_has_limits_and_a_version(kind: str, container: dict[str, Any]) -> None:
    assert {"requests", "limits"} <= container["resources"].keys(), kind
    assert container["image"] == f"trd-cds:{project()['project']['version']}"


@containers
@pytest.mark.requirement("D27")
def test_settings_exist_and_secrets_come_as_files(kind: str, container: dict[str, Any]) -> None:
    named = setting_names([each["name"] for each in container["env"]])
    assert named <= set(Settings.model_fields), kind
    assert named & {"pseudonym_key", "store_url"} == set()
    paths = {each["name"]: each["mountPath"] for each in container["volumeMounts"]}
    assert paths["secrets"] == str(SECRETS)


def test_the_probes_ask_the_right_questions() -> None:
    (service,) = PODS["Deployment"]["containers"]
    assert service["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert service["livenessProbe"]["httpGet"]["path"] == "/healthz"
    (served,) = [each["containerPort"] for each in service["ports"]]
    assert f"EXPOSE {served}" in read("Dockerfile")


def test_no_manifest_holds_a_secret() -> None:
    assert "Secret" not in KINDS
    text = read("deploy/kubernetes.yaml") + read("compose.yaml")
    assert re.findall(r"PSEUDONYM_KEY: *\S|BEGIN [A-Z ]*PRIVATE KEY", text) == []


def test_the_registry_of_the_manifest_is_one_that_production_starts_with(tmp_path: Path) -> None:
    registry = tmp_path / "clients.toml"
    registry.write_text(KINDS["ConfigMap"]["data"]["clients.toml"], encoding="utf-8")
    tomllib.loads(registry.read_text(encoding="utf-8"))
    (client,) = load_trusted_clients(registry, "production").clients
    assert client.mode == "silent"


@pytest.mark.requirement("A10")
def test_compose_runs_the_image_without_rights_on_loopback() -> None:
    service = COMPOSE["services"]["trd-cds"]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert IN_DOCKERFILE is not None
    assert service["user"] == ":".join(IN_DOCKERFILE.groups())
    assert service["ports"] == ["127.0.0.1:8000:8000"]
    (volume,) = service["volumes"]
    assert f"VOLUME {volume.partition(':')[2]}\n" in read("Dockerfile")
    assert setting_names(service["environment"]) <= set(Settings.model_fields)
