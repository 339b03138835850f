"""Does every answer about a trial give its whole ground: sentence, citations, sources?"""

from collections.abc import Sequence

import pytest

from rules.adequacy import judge_adequacy
from rules.adherence import judge_adherence, judge_denial
from rules.codes import Code
from rules.eligibility import judge_age, judge_depression_record, judge_eligibility
from rules.episodes import find_activity, find_current_episode
from rules.facts import Diagnosis, Drug, Facts, Person
from rules.findings import Finding, SupportingTreatment, TrialGrade, Verdict
from rules.indication import judge_indication
from rules.knowledge import Knowledge
from rules.response import TrialEvidence, judge_response
from rules.scale_response import judge_scales
from rules.severity import judge_current_severity, select_scores
from rules.trials import Course, merge_exposures
from tests.rules.trial_cases import MDD, NOW, Pieces, judged, later, trial
from tests.support.build import (
    AS_OF,
    BUPROPION,
    SERTRALINE,
    VENLAFAXINE,
    Piece,
    administration,
    code,
    diagnosis,
    dispense,
    drug,
    facts,
    icd,
    intolerance,
    order,
    phq9,
    procedure,
    refills,
    score,
    snomed,
    statement,
    when,
)
from tests.support.variants import with_codes, with_parameters

START = "2025-12-20"
ORDER = f"MedicationRequest/venlafaxine-{START}"
SUPPLY = f"MedicationDispense/venlafaxine-{START}"
REPORT = f"MedicationStatement/venlafaxine-{START}"
PDC = ("trd.min_adherence_pdc",)
NO_EVIDENCE = ("trd.require_response_evidence",)
LACK = code("https://example.org/stop", "lack-of-effect")
SIDE_EFFECT = code(
    "http://terminology.hl7.org/CodeSystem/medicationrequest-status-reason", "sintol"
)


def course_of(knowledge: Knowledge, *pieces: Piece) -> Course:
    (course,) = merge_exposures(facts(*pieces), AS_OF, knowledge)
    return course


def finding(verdict: Verdict, because: str, citations: tuple[str, ...], *sources: str) -> Finding:
    return Finding(verdict=verdict, because=because, citations=citations, sources=sources)


def because(knowledge: Knowledge, *pieces: Pieces) -> list[str]:
    """Give the parts of the sentence on the venlafaxine of a patient."""
    return trial(judged(knowledge, MDD, NOW, *pieces), "venlafaxine").finding.because.split("; ")


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (
            [order(VENLAFAXINE, START, 100)],
            finding(Verdict.CANNOT_TELL, "no dispensing is recorded", PDC, ORDER),
        ),
        (
            [order(VENLAFAXINE, START, 100), dispense(VENLAFAXINE, START, 79)],
            finding(
                Verdict.NOT_MET,
                "supply covers 79% of the days it was meant for",
                PDC,
                SUPPLY,
                ORDER,
            ),
        ),
    ],
    ids=["orders", "supply"],
)
def test_adherence_gives_its_grounds(
    pieces: list[Piece], expected: Finding, knowledge: Knowledge
) -> None:
    course = course_of(knowledge, *pieces)
    told = judge_adherence(course, course.runs[-1], AS_OF, knowledge)
    assert (told.verdict, told.because, told.citations) == (
        expected.verdict,
        expected.because,
        expected.citations,
    )
    assert set(told.sources) == set(expected.sources)


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (
            [order(VENLAFAXINE, START, 100)],
            finding(Verdict.MET, "nothing says that it was not taken", PDC),
        ),
        (
            [
                order(VENLAFAXINE, START, 100),
                statement(VENLAFAXINE, START, START, status="not-taken"),
            ],
            finding(Verdict.NOT_MET, "recorded as not taken", PDC, REPORT),
        ),
        (
            [
                dispense(VENLAFAXINE, START, 100),
                statement(VENLAFAXINE, START, START, status="not-taken"),
            ],
            finding(
                Verdict.CANNOT_TELL, "recorded as not taken, against other entries", PDC, REPORT
            ),
        ),
    ],
    ids=["nothing", "not taken", "contradiction"],
)
def test_a_denial_gives_its_grounds(
    pieces: list[Piece], expected: Finding, knowledge: Knowledge
) -> None:
    course = course_of(knowledge, *pieces)
    assert judge_denial(course, course.runs[-1], AS_OF) == expected


@pytest.mark.parametrize(
    ("piece", "words"),
    [
        (
            dispense(VENLAFAXINE, START, 10, mg=150, as_needed=True),
            "taken as needed, no daily schedule recorded",
        ),
        (
            dispense(VENLAFAXINE, START, 60, mg=37),
            "the dose stayed below an adequate dose: 60 covered days at 37 mg/day (adequate from "
            "75 mg/day)",
        ),
        (
            dispense(VENLAFAXINE, START, 1, mg=150),
            "too short at an adequate dose: 1 covered day at 150 mg/day (adequate from 75 mg/day), "
            "42 days are needed",
        ),
    ],
    ids=["as needed", "below", "short"],
)
def test_a_run_that_cannot_count_gives_its_grounds(
    piece: Piece, words: str, knowledge: Knowledge
) -> None:
    course = course_of(knowledge, piece)
    told = judge_adequacy(course.runs[-1], knowledge).finding
    assert told == finding(
        Verdict.NOT_MET, words, ("trd.near_adequate_days", "trd.dose_profile"), SUPPLY
    )


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (60, "60 covered days at 150 mg/day (adequate from 75 mg/day)"),
        (1, "1 covered day at 150 mg/day (adequate from 75 mg/day)"),
    ],
)
def test_a_run_that_counts_gives_its_grounds(days: int, words: str, knowledge: Knowledge) -> None:
    near = with_parameters(knowledge, {"trd.near_adequate_days": 1})
    course = course_of(near, dispense(VENLAFAXINE, START, days, mg=150))
    told = judge_adequacy(course.runs[-1], near).finding
    verdict = Verdict.MET if days == 60 else Verdict.CANNOT_TELL
    assert told == finding(verdict, words, ("trd.min_days_adequate", "trd.dose_profile"), SUPPLY)


def test_a_run_of_unknown_length_gives_its_start_its_dose_and_its_source(
    knowledge: Knowledge,
) -> None:
    taken = statement(VENLAFAXINE, "2026-02-01", mg=150, status="completed")
    told = trial(judged(knowledge, MDD, NOW, taken), "venlafaxine")
    assert told.finding.because.startswith(
        "recorded from 2026-02-01, and how long it was taken is not recorded; "
    )
    assert (told.daily_dose_mg, told.covered_days) == (150, 0)
    assert told.start == told.end
    assert told.start is not None
    assert told.finding.sources == ("MedicationStatement/venlafaxine-2026-02-01",)


@pytest.mark.parametrize(
    ("born", "verdict", "words"),
    [
        (None, Verdict.NOT_MET, "the date of birth is not known"),
        ("1984-03-10", Verdict.MET, "18 years or older"),
        ("2010-03-10", Verdict.NOT_MET, "younger than 18 years old"),
        ("2008", Verdict.NOT_MET, "not surely 18 years old"),
    ],
)
def test_an_age_gives_its_grounds(
    born: str | None, verdict: Verdict, words: str, knowledge: Knowledge
) -> None:
    person = Person(birth=when(born), deceased=False, sources=("Patient/p",))
    assert judge_age(person, AS_OF, knowledge) == finding(
        verdict, words, ("trd.min_age",), "Patient/p"
    )


def test_no_depression_in_the_record_gives_its_grounds(knowledge: Knowledge) -> None:
    words = "no depressive disorder is coded in the data received"
    assert judge_depression_record([], knowledge) == finding(
        Verdict.CANNOT_TELL, words, ("rule 8.2",)
    )


@pytest.mark.parametrize(
    ("status", "words"), [("active", "bipolar disorder is coded (active)"), (None, "is coded")]
)
def test_an_excluding_diagnosis_after_a_doubtful_one_gives_its_grounds(
    status: str | None, words: str, knowledge: Knowledge
) -> None:
    person = facts().person
    doubtful = diagnosis("F20.9", verification="provisional")
    bipolar = diagnosis("F31.9", clinical_status=status)
    told = judge_eligibility(
        Facts(
            person=person,
            diagnoses=(
                doubtful,
                bipolar,
            ),
        ),
        AS_OF,
        knowledge,
    )
    assert told.scope.because.endswith(words)
    assert (told.scope.citations, told.scope.sources) == (("rule 8.1",), bipolar.sources)


@pytest.mark.parametrize(
    ("scores", "words", "citations"),
    [
        ([], "no symptom score is in the data received", ()),
        (
            [phq9(17, "2026-06-15"), score("89209-1", 30, "2026-06-15")],
            "BDI-II 30 on 2026-06-15, PHQ-9 17 on 2026-06-15",
            ("trd.severity_max_age_days",),
        ),
    ],
    ids=["nothing", "two scales"],
)
def test_the_current_severity_gives_its_grounds(
    scores: list[Piece], words: str, citations: tuple[str, ...], knowledge: Knowledge
) -> None:
    usable = select_scores(facts(*scores).scores, AS_OF, knowledge)
    told = judge_current_severity(usable, AS_OF, 90)
    assert (told.because, told.citations) == (words, citations)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (phq9(17, None), "a score without a date"),
        (phq9(None, "2026-06-15"), "a score without a value"),
        (score("99999-9", 17, "2026-06-15"), "a score under a code of no known depression scale"),
    ],
    ids=["date", "value", "code"],
)
def test_a_score_left_out_says_why(given: Piece, words: str, knowledge: Knowledge) -> None:
    (left_out,) = select_scores(facts(given).scores, AS_OF, knowledge).not_used
    assert left_out.because == words


def test_the_episode_names_the_parameters_it_follows_from(knowledge: Knowledge) -> None:
    activity = find_activity([], [], [], knowledge)
    told = find_current_episode([], activity, [], AS_OF, knowledge)
    assert told.finding.citations == (
        "trd.new_episode_gap_days",
        "trd.remission_days_new_episode",
    )


@pytest.mark.parametrize(
    ("scores", "words", "citations", "sources"),
    [
        (
            [],
            "no symptom score or stop reason was found for it",
            NO_EVIDENCE,
            [SUPPLY],
        ),
        (
            [
                score("89209-1", 40, START),
                score("89209-1", 10, "2026-03-01"),
                phq9(16, START),
                phq9(15, "2026-03-01"),
            ],
            "the symptom scales contradict each other",
            NO_EVIDENCE,
            None,
        ),
    ],
    ids=["nothing", "contradiction"],
)
def test_a_response_that_is_not_shown_gives_its_grounds(
    scores: list[Piece],
    words: str,
    citations: tuple[str, ...],
    sources: Sequence[str] | None,
    knowledge: Knowledge,
) -> None:
    course = course_of(knowledge, dispense(VENLAFAXINE, START, 100, mg=150))
    run = course.runs[-1]
    totals = select_scores(facts(*scores).scores, AS_OF, knowledge).totals
    told = judge_scales(run, judge_adequacy(run, knowledge), totals, knowledge).finding
    assert (told.verdict, told.because, told.citations) == (Verdict.CANNOT_TELL, words, citations)
    expected = sources or [each for total in facts(*scores).scores for each in total.sources]
    assert set(told.sources) == set(expected)


@pytest.fixture
def site(knowledge: Knowledge) -> Knowledge:
    return with_codes(knowledge, "stop-lack-of-effect", {LACK: "lack of effect"})


@pytest.mark.parametrize(
    ("reasons", "others", "expected"),
    [
        (
            (LACK,),
            [],
            finding(
                Verdict.MET,
                "stopped for lack of effect (coded reason)",
                ("value set stop-lack-of-effect",),
                ORDER,
            ),
        ),
        (
            (SIDE_EFFECT,),
            [],
            finding(
                Verdict.NOT_MET,
                "stopped for an adverse reaction (coded)",
                ("trd.intolerance_window_days",),
                ORDER,
            ),
        ),
        (
            (),
            [intolerance(VENLAFAXINE, later(START, 99))],
            finding(
                Verdict.NOT_MET,
                "an intolerance recorded 2026-03-29, near its end",
                ("trd.intolerance_window_days",),
                "AllergyIntolerance/venlafaxine-2026-03-29",
            ),
        ),
        (
            (),
            [phq9(20, START), phq9(18, "2026-03-01")],
            finding(
                Verdict.MET,
                "no response: PHQ-9 20 on 2025-12-20, 18 on 2026-03-01 (10% lower)",
                ("trd.response_fraction", "trd.end_score_min_days"),
                "Observation/44261-6-2025-12-20",
                "Observation/44261-6-2026-03-01",
            ),
        ),
        (
            (),
            [phq9(8, START), phq9(18, "2026-03-01")],
            finding(
                Verdict.MET,
                "no response: PHQ-9 18 on 2026-03-01 after 71 covered days, from a baseline too "
                "low to compare with (PHQ-9 8 on 2025-12-20)",
                ("trd.response_fraction", "trd.end_score_min_days"),
                "Observation/44261-6-2025-12-20",
                "Observation/44261-6-2026-03-01",
            ),
        ),
    ],
    ids=["lack of effect", "side effect", "intolerance", "change", "low baseline"],
)
def test_a_response_gives_its_grounds(
    reasons: tuple[object, ...], others: list[Piece], expected: Finding, site: Knowledge
) -> None:
    written = order(VENLAFAXINE, START, 100, mg=150, status="stopped", stop_reasons=reasons)
    given = facts(written, *others)
    course = course_of(site, written)
    run = course.runs[-1]
    totals = select_scores(given.scores, AS_OF, site).totals
    evidence = TrialEvidence(totals=totals, intolerances=given.intolerances)
    told = judge_response(run, judge_adequacy(run, site), course.exposures, evidence, site).finding
    assert (told.verdict, told.because, told.citations) == (
        expected.verdict,
        expected.because,
        expected.citations,
    )
    assert set(expected.sources) <= set(told.sources)


USES = ("rules/drugs/other_uses.csv",)


@pytest.mark.parametrize(
    ("what", "reasons", "diagnoses", "expected"),
    [
        (SERTRALINE, (icd("F33.1"),), [], finding(Verdict.MET, "given for depression", USES, "x")),
        (
            SERTRALINE,
            (),
            [],
            finding(Verdict.MET, "no other reason for it is recorded", USES),
        ),
        (
            drug("ketamine", "supporting"),
            (),
            [],
            finding(
                Verdict.NOT_MET, "counted only where depression is the recorded reason", USES, "x"
            ),
        ),
        (
            SERTRALINE,
            (icd("F41.1"),),
            [],
            finding(
                Verdict.CANNOT_TELL,
                "given for another reason: anxiety, trauma or eating disorder",
                USES,
                "x",
            ),
        ),
        (
            BUPROPION,
            (icd("F17.200"),),
            [],
            finding(Verdict.NOT_MET, "given for another reason: smoking cessation", USES, "x"),
        ),
    ],
    ids=["depression", "nothing", "needs a reason", "anxiety", "smoking"],
)
def test_an_indication_gives_its_grounds(
    what: Drug,
    reasons: tuple[Code, ...],
    diagnoses: list[Diagnosis],
    expected: Finding,
    knowledge: Knowledge,
) -> None:
    given = dispense(what, START, 30, reasons=reasons, sources=("x",))
    assert judge_indication([given], diagnoses, knowledge) == expected


@pytest.mark.parametrize(
    ("pieces", "words"),
    [
        (
            [
                dispense(VENLAFAXINE, START, 100, mg=150),
                statement(VENLAFAXINE, START, START, status="not-taken"),
            ],
            "recorded as not taken, against other entries",
        ),
        (
            [
                order(VENLAFAXINE, START, 100, mg=150),
                dispense(VENLAFAXINE, START, 50, mg=150, order=ORDER),
            ],
            "supply covers 50% of the days it was meant for",
        ),
    ],
    ids=["denial", "supply"],
)
def test_a_doubt_whether_it_was_taken_is_told_in_the_words_of_its_ground(
    pieces: list[Piece], words: str, knowledge: Knowledge
) -> None:
    scores = (phq9(20, START), phq9(18, "2026-02-01"))
    told = trial(judged(knowledge, MDD, NOW, pieces, scores), "venlafaxine")
    assert words in told.gap_notes


@pytest.mark.parametrize(
    ("piece", "words"),
    [
        (
            statement(VENLAFAXINE, "2026-02-01", mg=37),
            "recorded only at a dose or schedule that is no adequate one",
        ),
        (statement(VENLAFAXINE, None, mg=150), "recorded without a date that could place it"),
        (order(VENLAFAXINE, AS_OF.isoformat(), 30), "no day of it is covered yet"),
        (dispense(VENLAFAXINE, "2018-01-01", 20, mg=150), "before the look-back"),
        (
            dispense(VENLAFAXINE, "2018-01-01", 100, mg=150),
            "long enough at its dose, but before the look-back",
        ),
    ],
    ids=["dose", "date", "today", "long ago", "long ago, long enough"],
)
def test_a_course_without_days_in_the_episode_gives_its_reason(
    piece: Piece, words: str, knowledge: Knowledge
) -> None:
    assert because(knowledge, piece) == [words]


LONG = refills(SERTRALINE, "2025-12-20", 150)
ESKETAMINE = drug("esketamine", "supporting", dose_row="esketamine nasal")
KETAMINE = drug("ketamine", "supporting")
AUGMENTATION = ("trd.augmentation",)


def supporting(knowledge: Knowledge, *pieces: Pieces) -> list[SupportingTreatment]:
    return list(judged(knowledge, MDD, NOW, LONG, *pieces).supporting)


@pytest.mark.parametrize(
    ("pieces", "grade", "words"),
    [
        (
            [dispense(drug("aripiprazole", "augmentation"), "2026-01-10", 1, mg=5)],
            TrialGrade.NOT_COUNTED,
            "1 day beside an antidepressant (2026-01-10), 28 at dose are needed",
        ),
        (
            [dispense(drug("aripiprazole", "augmentation"), "2026-01-10", 30, mg=5)],
            TrialGrade.INDETERMINATE,
            "30 days beside an antidepressant (2026-01-10 to 2026-02-08); it supports, and is no "
            "trial",
        ),
        (
            [administration(KETAMINE, "2026-01-10", reasons=(icd("F33.1"),))],
            TrialGrade.NOT_COUNTED,
            "1 infusion in the episode (2026-01-10)",
        ),
        (
            [
                administration(KETAMINE, on, reasons=(icd("F33.1"),))
                for on in ("2026-01-10", "2026-01-12")
            ],
            TrialGrade.NOT_COUNTED,
            "2 infusions in the episode (2026-01-10 to 2026-01-12)",
        ),
        (
            [administration(ESKETAMINE, "2026-01-10")],
            TrialGrade.NOT_COUNTED,
            "1 session in 28 days (2026-01-10)",
        ),
        (
            [dispense(ESKETAMINE, "2026-01-10", 30)],
            TrialGrade.NOT_COUNTED,
            "0 sessions in 28 days",
        ),
        (
            [procedure(snomed("231079005"), "2026-01-10")],
            TrialGrade.NOT_COUNTED,
            "1 treatment in the episode (2026-01-10), 6 are needed",
        ),
        (
            [procedure(snomed("231079005"), f"2026-01-1{on}") for on in range(6)],
            TrialGrade.INDETERMINATE,
            "6 treatments in the episode (2026-01-10 to 2026-01-15)",
        ),
    ],
    ids=[
        "one day",
        "augmentation",
        "infusion",
        "infusions",
        "session",
        "no session",
        "treatment",
        "treatments",
    ],
)
def test_a_supporting_treatment_gives_its_grounds(
    pieces: list[Piece], grade: TrialGrade, words: str, knowledge: Knowledge
) -> None:
    (told,) = supporting(with_codes(knowledge, "ect", {snomed("231079005"): "ECT"}), pieces)
    assert (told.grade, told.finding.because) == (grade, words)
    assert told.finding.citations == AUGMENTATION
    assert set(told.finding.sources) == {each for piece in pieces for each in piece.sources}


BEFORE = dispense(SERTRALINE, "2024-08-01", 30)  # a long silence later the episode begins


@pytest.mark.parametrize("on", ["2025-12-20", AS_OF.isoformat()])
def test_a_session_on_the_first_or_the_last_day_of_the_episode_is_one_of_it(
    on: str, knowledge: Knowledge
) -> None:
    (told,) = supporting(knowledge, BEFORE, administration(ESKETAMINE, on))
    assert told.finding.because == f"1 session in 28 days ({on})"


def test_a_treatment_on_the_first_day_of_the_episode_is_one_of_it(knowledge: Knowledge) -> None:
    site = with_codes(knowledge, "ect", {snomed("231079005"): "ECT"})
    (told,) = supporting(site, BEFORE, procedure(snomed("231079005"), "2025-12-20"))
    assert told.finding.because.startswith("1 treatment in the episode (2025-12-20)")


def test_days_of_an_augmentation_count_from_the_first_day_of_the_episode(
    knowledge: Knowledge,
) -> None:
    aripiprazole = drug("aripiprazole", "augmentation")
    given = dispense(aripiprazole, "2025-11-20", 60, mg=5)
    (told,) = supporting(knowledge, BEFORE, given)
    assert told.finding.because.startswith(
        "30 days beside an antidepressant (2025-12-20 to 2026-01-18)"
    )


def test_an_augmentation_across_two_drugs_counts_the_days_of_both(knowledge: Knowledge) -> None:
    aripiprazole = drug("aripiprazole", "augmentation")
    second = dispense(VENLAFAXINE, "2026-05-25", 30, mg=150)
    given = dispense(aripiprazole, "2026-05-09", 36, mg=5)
    (told,) = supporting(knowledge, second, given)
    assert told.finding.because.startswith("30 days beside an antidepressant")
