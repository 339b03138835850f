"""How is each kind of client connected? Writes a page for each client of the example registries."""

import sys
from collections.abc import Mapping
from pathlib import Path

from cds.ehr.trusted_clients import load_trusted_clients
from cds.onboarding import write_onboarding
from cds.settings import Settings, SettingsError
from rules.knowledge import Knowledge, KnowledgeError, load_knowledge

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "docs" / "integration"
REGISTRIES: Mapping[Path, Settings] = {
    ROOT / "fixtures" / "clients" / "clients.toml": Settings(
        profile="production", public_url="https://cds.hospital.example"
    ),
    ROOT / "fixtures" / "clients" / "sandbox.toml": Settings(
        profile="demo", public_url="http://127.0.0.1:8000"
    ),
}


def integration_pages(knowledge: Knowledge) -> Mapping[Path, str]:
    """Give each page by its path.

    Errors: SettingsError for a registry that the service would not start with.
    """
    return {
        PAGES / f"{client.name}.md": write_onboarding(client, settings, knowledge, signed=True)
        for registry, settings in REGISTRIES.items()
        for client in load_trusted_clients(registry, settings.profile).clients
    }


def main() -> None:
    try:
        pages = integration_pages(load_knowledge())
    except (KnowledgeError, SettingsError) as error:
        sys.exit(f"docs: {error}")
    for path, page in pages.items():
        path.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
