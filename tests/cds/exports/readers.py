"""How does the other side read an export? Small readers, each written from what its format says."""

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import msgspec

from cds.decision import CardRecord, Decision
from cds.exports.cells import restore
from cds.review.judging import CRITERIA, OVERALL, Answer, Judgement, Verdict3
from cds.store.export_records import ExportedAccess, ExportedFeedback

Json = dict[str, Any]


def read_table(chunks: Iterable[bytes]) -> list[dict[str, str]]:
    """Read CSV as any reader does, and then take our apostrophes away."""
    text = b"".join(chunks).decode("utf-8")
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    return [{name: restore(cell) for name, cell in row.items()} for row in rows]


def read_lines(chunks: Iterable[bytes]) -> list[Json]:
    return [json.loads(line) for line in b"".join(chunks).splitlines()]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _between_commas(names: Iterable[str]) -> str:
    listed = ",".join(names)
    return f",{listed}," if listed else ""


def decision_of_row(row: Mapping[str, str]) -> Decision:
    """Read a row of decisions.csv; the assessment, the facts and summaries are not in it."""
    cards = zip(row["card_ids"].split(), row["cards"].split(), row["cards_shown"].split(),
                strict=True)  # fmt: skip
    counts = (each.rpartition(":") for each in row["unknown_codes"].split())
    return Decision(
        id=row["decision"],
        decided_at=moment(row["decided_at"]),
        client=row["client"],
        service=row["service"],
        hook_instance=row["hook_instance"] or None,
        request_key=None,
        pseudonym=row["patient"],
        as_of=date.fromisoformat(row["as_of"]),
        mode=row["mode"],
        outcome=row["outcome"],  # type: ignore[arg-type]
        knowledge_version=row["knowledge_version"],
        knowledge_sha256=row["knowledge_sha256"],
        rule_version=row["rule_version"],
        resistance=row["resistance"],
        inflammation=row["inflammation"],
        answer={},
        cards=tuple(CardRecord(uuid=u, kind=k, shown=s == "yes") for u, k, s in cards),
        shown=row["shown"] == "yes",
        review_class=row["review_class"],
        could_not_tell=_between_commas(row["could_not_tell"].split()),
        evidence_key=row["evidence_key"] or None,
        unknown_codes={kind: int(count) for kind, _, count in counts},
    )


def decision_of_line(line: Json) -> Decision:
    """Read a line of decisions.jsonl: everything is in it."""
    case = line.get("case")
    return Decision(
        id=line["decision"],
        decided_at=moment(line["decidedAt"]),
        client=line["client"],
        service=line["service"],
        hook_instance=line.get("hookInstance"),
        request_key=None,
        pseudonym=line["patient"],
        as_of=date.fromisoformat(line["asOf"]),
        mode=line["mode"],
        outcome=line["outcome"],
        knowledge_version=line["knowledge"]["version"],
        knowledge_sha256=line["knowledge"]["sha256"],
        rule_version=line["ruleVersion"],
        resistance=line["resistance"],
        inflammation=line["inflammation"],
        answer=line["assessment"],
        cards=tuple(CardRecord(**{"summary": None, **card}) for card in line["cards"]),
        shown=line["shown"],
        review_class=line["reviewClass"],
        could_not_tell=_between_commas(line["couldNotTell"]),
        evidence_key=line.get("evidenceKey"),
        unknown_codes=line["unknownCodes"],
        facts=None if case is None else msgspec.json.encode(case, order=None),
    )


def decision_of_resource(resource: Json) -> Decision:
    """Read a GuidanceResponse; evidence key, unknown codes, trace and facts are not in it."""
    contained = {each["id"]: each for each in resource["contained"]}
    parameters = contained[resource["outputParameters"]["reference"].removeprefix("#")]["parameter"]
    values = {
        each["name"]: next(value for name, value in each.items() if name.startswith("value"))
        for each in parameters
        if each["name"] != "card"
    }
    cards = [
        {part["name"]: part.get("valueString", part.get("valueCode", part.get("valueBoolean")))
         for part in each["part"]}
        for each in parameters
        if each["name"] == "card"
    ]  # fmt: skip
    issues = contained.get("messages", {"issue": []})["issue"]
    left_open = [
        issue["details"]["coding"][0]["code"] for issue in issues if issue["code"] == "incomplete"
    ]
    module = resource.get("moduleUri") or resource["moduleCanonical"].partition("|")[0]
    return Decision(
        id=resource["id"],
        decided_at=moment(resource["occurrenceDateTime"]),
        client=resource["subject"]["display"].removeprefix("A patient of ").partition(",")[0],
        service=module.rpartition("/")[2],
        hook_instance=resource.get("requestIdentifier", {}).get("value"),
        request_key=None,
        pseudonym=resource["subject"]["identifier"]["value"],
        as_of=date.fromisoformat(values["asOf"]),
        mode=values["mode"],
        outcome=values["outcome"],
        knowledge_version=values["knowledgeVersion"],
        knowledge_sha256=values["knowledgeSha256"],
        rule_version=values["ruleVersion"],
        resistance=values["resistance"],
        inflammation=values["inflammation"],
        answer={},
        cards=tuple(
            CardRecord(
                uuid=card["id"], kind=card["kind"], summary=card.get("summary"), shown=card["shown"]
            )
            for card in cards
        ),
        shown=values["shown"],
        review_class=resource["reasonCode"][0]["coding"][0]["code"],
        could_not_tell=_between_commas(left_open),
    )


def feedback_of_line(line: Json) -> ExportedFeedback:
    """Read a line of feedback.jsonl."""
    said_at = line.get("saidAt")
    return ExportedFeedback(
        number=line["number"],
        client=line["client"],
        service=line["service"],
        card=line["card"],
        decision=line.get("decision"),
        pseudonym=line.get("patient"),
        card_kind=line.get("cardKind"),
        knowledge_version=line.get("knowledgeVersion"),
        rule_version=line.get("ruleVersion"),
        outcome=line["outcome"],
        reason_code=line.get("reasonCode"),
        reason_system=line.get("reasonSystem"),
        reason_display=line.get("reasonDisplay"),
        user_comment=line.get("comment"),
        outcome_at=None if said_at is None else moment(said_at),
        received_at=moment(line["receivedAt"]),
    )


def access_of_line(line: Json) -> ExportedAccess:
    """Read a line of audit.jsonl."""
    return ExportedAccess(
        number=line["number"],
        at=moment(line["at"]),
        account=line.get("account"),
        name=line.get("name"),
        action=line["action"],
        outcome=line["outcome"],
        decision=line.get("decision"),
        client=line.get("client"),
        pseudonym=line.get("patient"),
        details=line["details"],
    )


@dataclass(frozen=True, slots=True)
class Told:
    """What one person said of one case, as far as every format tells it."""

    decision: str
    sample: str
    place: str
    reviewer: str
    judgement: Judgement


def told_in_tables(rows: Iterable[Mapping[str, str]]) -> list[Told]:
    """Read judgements.csv."""
    by_person: defaultdict[tuple[str, str, str, str], dict[str, Answer]] = defaultdict(dict)
    because = {}
    for row in rows:
        key = (row["decision"], row["sample"], row["place"], row["reviewer"])
        reasons = tuple(row["reasons"].split())
        verdict = Verdict3(row["verdict"])
        by_person[key][row["question"]] = Answer(
            verdict=verdict, reasons=reasons, comment=row["comment"]
        )
        if row["question"] == OVERALL:
            because[key] = row["because"]
    return [Told(*key, _judgement(said, because[key])) for key, said in by_person.items()]


def told_in_lines(lines: Iterable[Json]) -> list[Told]:
    """Read judgements.jsonl."""
    return [
        Told(
            line["decision"],
            line["sample"],
            line["place"],
            line["reviewer"],
            _judgement(
                {
                    name: _answer(each["verdict"], each["reasons"], each["comment"])
                    for name, each in {
                        OVERALL: line["judgement"]["overall"],
                        **line["judgement"]["criteria"],
                    }.items()
                },
                line["judgement"].get("because", ""),
            ),
        )
        for line in lines
    ]


def told_in_label_studio(tasks: Iterable[Json], config: Json) -> list[Told]:
    """Read an export of Label Studio by the configuration of chart-review.

    An annotation without completed_by, or by a number the configuration does not name, is nobody's;
    the labels of an annotation are the choices of its results.
    """
    names = {number: name for name, number in config["annotators"].items()}
    told = []
    for task in tasks:
        people = {each["id"]: each for each in task["data"]["people"]}
        for annotation in task["annotations"]:
            who = annotation["completed_by"]
            answers = _answers_of(annotation["result"])
            told.append(
                Told(
                    task["data"]["decision"],
                    task["data"]["sample"],
                    people[who]["place"],
                    names[who],
                    _judgement(answers, people[who]["because"]),
                )
            )
    return told


def _answers_of(results: Iterable[Json]) -> dict[str, Answer]:
    verdicts, reasons, comments = {}, {}, {}
    for result in results:
        question = result["from_name"].removesuffix("_reasons")
        words = [choice.partition(": ")[2] for choice in result["value"]["choices"]]
        if result["from_name"].endswith("_reasons"):
            reasons[question] = words
        else:
            (verdicts[question],) = words
            (comments[question],) = result["meta"]["text"]
    return {
        question: _answer(verdict, reasons.get(question, ()), comments[question])
        for question, verdict in verdicts.items()
    }


def labels_of(tasks: Iterable[Json]) -> dict[int, dict[int, set[str]]]:
    """Give the labels of each task by annotator, as chart-review collects them."""
    return {
        task["id"]: {
            annotation["completed_by"]: {
                choice for result in annotation["result"] for choice in result["value"]["choices"]
            }
            for annotation in task["annotations"]
        }
        for task in tasks
    }


def told_in_redcap(rows: Iterable[Mapping[str, str]], dictionary: Iterable[Mapping[str, str]]
                   ) -> list[Told]:  # fmt: skip
    """Read an import file by its data dictionary: raw codes become what their labels say."""
    fields = {row["Variable / Field Name"]: row for row in dictionary}
    labels = {
        name: _choices(row["Choices, Calculations, OR Slider Labels"])
        for name, row in fields.items()
    }
    names = {"resistance": "treatment_resistance"}
    told = []
    for row in rows:
        answers = {}
        for name in fields:
            short, _, kind = name.rpartition("_")
            if kind != "verdict" or not row[name]:
                continue
            assert row[name] in labels[name]
            boxes = {code: row[f"{short}_reasons___{code}"] for code in labels[f"{short}_reasons"]}
            reasons = [
                labels[f"{short}_reasons"][code].partition(":")[0]
                for code, box in boxes.items()
                if box == "1"
            ]
            answers[names.get(short, short)] = _answer(row[name], reasons, row[f"{short}_comment"])
        told.append(
            Told(
                row["decision"],
                row["sample"],
                row["place"],
                row["reviewer"],
                _judgement(answers, row["because"]),
            )
        )
    return told


def _choices(written: str) -> dict[str, str]:
    pairs = (each.split(", ", 1) for each in written.split(" | ") if each)
    return dict(pairs)  # type: ignore[arg-type]


def _answer(verdict: str | None, reasons: Iterable[str], comment: str) -> Answer:
    return Answer(
        verdict=None if verdict is None else Verdict3(verdict),
        reasons=tuple(reasons),
        comment=comment,
    )


def _judgement(answers: Mapping[str, Answer], because: str) -> Judgement:
    return Judgement(
        overall=answers[OVERALL],
        criteria={name: answers[name] for name in CRITERIA if name in answers},
        because=because,
    )
