"""Is the patient surely of age, without an excluding diagnosis, and with a depressive disorder?"""

from datetime import date

import pytest

from rules.codes import Code
from rules.eligibility import judge_age, judge_depression_record, judge_eligibility, years_between
from rules.facts import Diagnosis, Facts, Person
from rules.findings import Verdict
from rules.knowledge import Knowledge
from tests.support.build import AS_OF, diagnosis, icd, snomed, when
from tests.support.variants import with_parameters


@pytest.mark.parametrize(
    ("born", "verdict", "words"),
    [
        ("2008-06-29", Verdict.MET, "18 years or older"),
        ("2008-06-30", Verdict.MET, "18 years or older"),
        ("2008-07-01", Verdict.NOT_MET, "younger than 18 years old"),
        ("2008-06", Verdict.MET, "18 years or older"),
        ("2008-07", Verdict.NOT_MET, "younger than 18"),
        ("2007", Verdict.MET, "18 years or older"),
        ("2008", Verdict.NOT_MET, "not surely 18"),
        ("2027", Verdict.NOT_MET, "younger than 18"),
        (None, Verdict.NOT_MET, "the date of birth is not known"),
    ],
)
def test_only_who_is_surely_18_is_in_scope(
    born: str | None, verdict: Verdict, words: str, knowledge: Knowledge
) -> None:
    found = judge_age(Person(birth=when(born)), AS_OF, knowledge)
    assert (found.verdict, words in found.because) == (verdict, True)


@pytest.mark.parametrize(
    ("least", "verdict"), [(41, Verdict.MET), (42, Verdict.MET), (43, Verdict.NOT_MET)]
)
def test_the_least_age_is_a_parameter(least: int, verdict: Verdict, knowledge: Knowledge) -> None:
    rule = with_parameters(knowledge, {"trd.min_age": least})
    assert judge_age(Person(birth=when("1984-03-10")), AS_OF, rule).verdict is verdict


@pytest.mark.parametrize(("day", "years"), [((2026, 2, 28), 17), ((2026, 3, 1), 18)])
def test_who_was_born_on_29_february_comes_of_age_on_1_march(
    day: tuple[int, int, int], years: int
) -> None:
    assert years_between(date(2008, 2, 29), date(*day)) == years


@pytest.mark.parametrize(
    ("coded", "in_scope"),
    [
        (icd("F31.81"), False),
        (icd("F34.0"), False),
        (snomed("13746004"), False),
        (icd("F20.0"), False),
        (icd("F33.3"), False),
        (icd("F32.3"), False),
        (icd("F03.90"), False),
        (icd("G30.9"), False),
        (icd("F33.1"), True),
        (icd("F05"), True),
        (icd("I10"), True),
    ],
    ids=lambda each: getattr(each, "code", each),
)
def test_bipolar_psychotic_and_dementia_diagnoses_are_out_of_scope(
    coded: Code, in_scope: bool, knowledge: Knowledge
) -> None:
    person = Person(birth=when("1984-03-10"))
    found = judge_eligibility(Facts(person=person, diagnoses=(diagnosis(coded),)), AS_OF, knowledge)
    assert (found.scope.verdict is Verdict.MET) is in_scope


@pytest.mark.parametrize("status", ["resolved", "inactive", "remission", None])
def test_a_bipolar_diagnosis_counts_for_life(status: str | None, knowledge: Knowledge) -> None:
    person = Person(birth=when("1984-03-10"))
    bipolar = diagnosis("F31.9", clinical_status=status)
    assert (
        judge_eligibility(
            Facts(person=person, diagnoses=(bipolar,)), AS_OF, knowledge
        ).scope.verdict
        is Verdict.NOT_MET
    )


def test_an_excluding_code_wins_over_a_depression_code_of_the_same_diagnosis(
    knowledge: Knowledge,
) -> None:
    both = Diagnosis(codes=(icd("F33.1"), icd("F31.9")))
    person = Person(birth=when("1984-03-10"))
    assert (
        judge_eligibility(Facts(person=person, diagnoses=(both,)), AS_OF, knowledge).scope.verdict
        is Verdict.NOT_MET
    )


def test_a_provisional_exclusion_is_kept_apart(knowledge: Knowledge) -> None:
    person = Person(birth=when("1984-03-10"))
    bipolar = diagnosis("F31.9", verification="provisional")
    found = judge_eligibility(Facts(person=person, diagnoses=(bipolar,)), AS_OF, knowledge)
    assert found.scope.verdict is Verdict.MET
    assert found.doubted is not None
    assert found.doubted.because.endswith("is coded (active), provisional")


@pytest.mark.parametrize("status", ["unconfirmed", "differential"])
def test_an_exclusion_that_nobody_confirmed_is_a_doubt(status: str, knowledge: Knowledge) -> None:
    person = Person(birth=when("1984-03-10"))
    suspected = diagnosis("F20.9", verification=status)
    found = judge_eligibility(Facts(person=person, unconfirmed=(suspected,)), AS_OF, knowledge)
    assert found.scope.verdict is Verdict.MET
    assert found.doubted is not None
    assert found.doubted.because.endswith(f"is coded (active), {status}")


@pytest.mark.parametrize(
    ("codes", "verdict", "words"),
    [
        (("F33.1",), Verdict.MET, "is coded"),
        (("F32.A",), Verdict.MET, "is coded"),
        (("F33.42",), Verdict.MET, "is coded"),
        (("F34.1",), Verdict.CANNOT_TELL, "not major depressive disorder"),
        (("F43.21",), Verdict.CANNOT_TELL, "not major depressive disorder"),
        (("F43.21", "F33.1"), Verdict.MET, "is coded"),
        (("I10",), Verdict.CANNOT_TELL, "no depressive disorder is coded"),
        ((), Verdict.CANNOT_TELL, "no depressive disorder is coded"),
    ],
)
def test_a_depressive_disorder_needs_a_code_that_qualifies(
    codes: tuple[str, ...], verdict: Verdict, words: str, knowledge: Knowledge
) -> None:
    found = judge_depression_record([diagnosis(code) for code in codes], knowledge)
    assert (found.verdict, words in found.because) == (verdict, True)
