"""Do the import contracts catch what they forbid?"""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.repository.tree import ROOT, repository_files

LINT_IMPORTS = Path(sys.executable).parent / "lint-imports"

# (contract, module, the import it must not have)
PLANTED = [
    ("service-above-rules", "rules/facts.py", "import cds.settings"),
    ("layers-of-rules", "rules/codes.py", "import rules.assessment"),
    ("rules-are-pure", "rules/facts.py", "import os"),
    ("one-way-from-fhir-to-facts", "rules/assessment.py", "import rules.fhir_reader"),
    ("one-way-from-fhir-to-facts", "cds/settings.py", "import rules.fhir_reader"),
]


@pytest.fixture
def copy_of_the_tree(tmp_path: Path) -> Path:
    for file in (*repository_files("cds/*.py", "rules/*.py"), ROOT / "pyproject.toml"):
        target = tmp_path / file.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, target)
    return tmp_path


def broken(tree: Path, contract: str) -> bool:
    command = [LINT_IMPORTS, "--no-cache", "--no-logo", "--contract", contract]
    run = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)  # noqa: S603
    assert "Contracts" in run.stdout, run.stdout + run.stderr
    return run.returncode != 0


@pytest.mark.parametrize(("contract", "module", "line"), PLANTED)
def test_a_planted_import_breaks_its_contract(
    copy_of_the_tree: Path, contract: str, module: str, line: str
) -> None:
    assert not broken(copy_of_the_tree, contract)
    planted = copy_of_the_tree / module
    planted.write_text(planted.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")
    assert broken(copy_of_the_tree, contract)


def test_a_new_module_of_the_rules_must_be_given_its_place(copy_of_the_tree: Path) -> None:
    (copy_of_the_tree / "rules" / "newcomer.py").write_text('"""New?"""\n', encoding="utf-8")
    assert broken(copy_of_the_tree, "layers-of-rules")
