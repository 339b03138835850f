"""How do the knowledge files become one frozen, checked Knowledge?"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from rules.codes import ValueSet
from rules.knowledge.drug_tables import read_drug_table
from rules.knowledge.drugs import DrugTable
from rules.knowledge.evidence import Citation, read_evidence
from rules.knowledge.experimental_uses import (
    EXPERIMENTAL,
    ExperimentalUse,
    read_experimental_uses,
)
from rules.knowledge.files import (
    FOLDERS,
    SITE_FOLDERS,
    KnowledgeError,
    KnowledgeFile,
    digest,
    read_files,
)
from rules.knowledge.markers import read_marker_words, read_markers
from rules.knowledge.model import Evidence, Knowledge
from rules.knowledge.parameter_tables import (
    TABLES,
    ParameterTables,
    read_parameters,
    read_rule_identity,
)
from rules.knowledge.parameters import (
    CardParameters,
    ConfounderParameters,
    ExclusionWords,
    MarkerParameters,
    OrderParameters,
    RecordParameters,
    SafetyParameters,
    TrdParameters,
    TrialEntryParameters,
)
from rules.knowledge.scales import index_by_code, read_answers, read_scales
from rules.knowledge.value_sets import read_value_sets, require

PACKAGED = Path(__file__).resolve().parent.parent
RULE = "parameters/rule.toml"
SCALES = "parameters/scales.toml"
ANSWERS = "parameters/answers.toml"
MARKERS = "parameters/markers.toml"
NEEDED = (
    RULE,
    SCALES,
    ANSWERS,
    MARKERS,
    *(f"parameters/{table}.toml" for table in TABLES),
    "drugs/antidepressants.csv",
    "drugs/augmenters.csv",
    "drugs/antidepressant_products.csv",
    "drugs/augmenter_products.csv",
    "drugs/confounder_products.csv",
    "drugs/atc.csv",
    "drugs/names.csv",
    "drugs/other_uses.csv",
    EXPERIMENTAL,
    "evidence/ledger.toml",
    "evidence/references.toml",
    "evidence/statements.toml",
    "evidence/exclusions.toml",
    "evidence/banned_phrases.toml",
)

__all__ = ["KnowledgeError", "load_knowledge"]


def load_knowledge(directory: Path | None = None, site: Path | None = None) -> Knowledge:
    """Load and check all knowledge files.

    directory: folder with parameters, value_sets, drugs and evidence; the packaged one by default.
    site: folder in which parameters/*.toml set values of parameters that exist, and
    value_sets/*.json replace value sets of the same id; what differs is listed in `changed`.
    Errors: KnowledgeError, one sentence that names file, entry and fault.
    """
    files = read_files(directory or PACKAGED, FOLDERS)
    _check_files(files)
    return _assemble(files, read_files(site, SITE_FOLDERS) if site else {})


def _assemble(
    files: Mapping[str, KnowledgeFile], site_files: Mapping[str, KnowledgeFile]
) -> Knowledge:
    identity = read_rule_identity(files[RULE])
    tables = read_parameters(files, site_files)
    value_sets, replaced = _value_sets(files, site_files, identity.value_sets)
    marker = tables.table(MarkerParameters)
    scales, context_scales = read_scales(files[SCALES], value_sets)
    drugs = read_drug_table(files, value_sets)
    evidence = read_evidence(files, tables.entries, _citations(tables))
    return Knowledge(
        rule_id=identity.id,
        rule_version=identity.version,
        version=identity.knowledge_version,
        sha256=digest(files.values(), site_files.values()),
        trd=tables.table(TrdParameters),
        marker=marker,
        confounder=tables.table(ConfounderParameters),
        trial_entry=tables.table(TrialEntryParameters),
        safety=tables.table(SafetyParameters),
        cards=tables.table(CardParameters),
        orders=tables.table(OrderParameters),
        records=tables.table(RecordParameters),
        exclusion_words=tables.table(ExclusionWords),
        parameters=tables.entries,
        changed=(*tables.changed, *replaced),
        value_sets=value_sets,
        drugs=drugs,
        experimental_uses=_experimental_uses(files[EXPERIMENTAL], drugs, value_sets, evidence),
        scales=scales,
        context_scales=context_scales,
        scales_by_code=index_by_code(scales.values(), SCALES),
        answer_points=read_answers(files[ANSWERS]),
        markers=read_markers(files[MARKERS], marker.crp_nmol_per_mg_l),
        marker_words=read_marker_words(files[MARKERS]),
        evidence=evidence,
    )


def _experimental_uses(
    file: KnowledgeFile,
    drugs: DrugTable,
    value_sets: Mapping[str, ValueSet],
    evidence: Evidence,
) -> tuple[ExperimentalUse, ...]:
    studies = frozenset(study.key for study in evidence.studies)
    statements = frozenset(evidence.statements)
    return read_experimental_uses(file, drugs, value_sets, studies=studies, statements=statements)


def _citations(tables: ParameterTables) -> Iterable[Citation]:
    for key, entry in tables.entries.items():
        yield f"parameters/{key.split('.')[0]}.toml", key, entry.references


def _check_files(files: Mapping[str, KnowledgeFile]) -> None:
    for name in NEEDED:
        if name not in files:
            raise KnowledgeError(name, "", "the file is missing")
    for name in files:
        if name not in NEEDED and not name.startswith("value_sets/"):
            raise KnowledgeError(name, "", "nothing reads a file of this name")


def _value_sets(
    files: Mapping[str, KnowledgeFile],
    site_files: Mapping[str, KnowledgeFile],
    asked_for: Iterable[str],
) -> tuple[dict[str, ValueSet], tuple[str, ...]]:
    defaults = read_value_sets(_in_value_sets(files))
    require(defaults, asked_for, RULE)
    for name in defaults.keys() - set(asked_for):
        raise KnowledgeError(f"value_sets/{name}.json", "", f"is not named in {RULE}")
    site_sets = read_value_sets(_in_value_sets(site_files))
    for name in site_sets.keys() - defaults.keys():
        raise KnowledgeError(f"site/value_sets/{name}.json", "", "replaces no value set")
    replaced = tuple(
        f"value_sets.{name} = {_size(value_set)} entries"
        for name, value_set in site_sets.items()
        if value_set != defaults[name]
    )
    return defaults | site_sets, replaced


def _in_value_sets(files: Mapping[str, KnowledgeFile]) -> Iterable[KnowledgeFile]:
    return (file for name, file in files.items() if name.startswith("value_sets/"))


def _size(value_set: ValueSet) -> int:
    patterns = sum(len(group) for group in value_set.patterns.values())
    return len(value_set.codes) + len(value_set.families) + patterns
