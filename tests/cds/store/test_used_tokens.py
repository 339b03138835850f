"""Is a token used once, whoever claims it and however many at once?"""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from cds.store.database import Store
from cds.store.schema import used_tokens
from cds.store.used_tokens import UsedTokens
from tests.cds.store.records import NOW

ISSUER = "https://client.example"
UNTIL = NOW + timedelta(minutes=20)
PROCESSES, THREADS = 5, 10

# Every process opens the store, says that it did, and claims when it is told to.
CLAIMANT = """
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from cds.store.database import open_store
from cds.store.used_tokens import UsedTokens

url, until, threads = sys.argv[1], datetime.fromisoformat(sys.argv[2]), int(sys.argv[3])
store = open_store(url, wait_s=60)
tokens = UsedTokens(store, lambda: until)
print("ready", store.is_ready(), flush=True)
sys.stdin.readline()
with ThreadPoolExecutor(threads) as pool:
    claims = [pool.submit(tokens.claim, "issuer", "one", until) for _ in range(threads)]
print(sum(claim.result() for claim in claims), flush=True)
"""


@pytest.fixture
def claim(store: Store) -> Callable[..., bool]:
    tokens = UsedTokens(store, lambda: NOW)

    def claim(token_id: str, issuer: str = ISSUER, until: datetime = UNTIL) -> bool:
        return tokens.claim(issuer, token_id, until)

    return claim


def rows(store: Store) -> int:
    with store.reading() as connection:
        return connection.scalar(select(func.count()).select_from(used_tokens)) or 0


@pytest.mark.requirement("D5")
def test_a_token_is_used_once(claim: Callable[..., bool]) -> None:
    assert [claim("one"), claim("one"), claim("two")] == [True, False, True]


@pytest.mark.requirement("D5")
def test_the_same_id_of_another_issuer_is_another_token(claim: Callable[..., bool]) -> None:
    assert claim("one")
    assert claim("one", issuer="https://other.example")


@pytest.mark.requirement("D5")
def test_issuer_and_id_cannot_be_cut_elsewhere(claim: Callable[..., bool]) -> None:
    assert claim("bc", issuer="a")
    assert claim("c", issuer="ab")


@pytest.mark.parametrize("token_id", ["x" * 100_000, "nul \0", "half \ud800", "", "ünïcode"])
def test_an_id_of_any_form_is_used_once(claim: Callable[..., bool], token_id: str) -> None:
    assert [claim(token_id), claim(token_id)] == [True, False]


@pytest.mark.requirement("D5")
def test_of_fifty_claims_by_threads_one_is_true(store: Store) -> None:
    tokens = UsedTokens(store, lambda: NOW)
    with ThreadPoolExecutor(50) as pool:
        claims = [pool.submit(tokens.claim, ISSUER, "one", UNTIL) for _ in range(50)]
    assert sum(each.result() for each in claims) == 1


@pytest.mark.requirement("D5")
def test_of_fifty_claims_by_five_processes_one_is_true(url: str) -> None:
    command = [sys.executable, "-c", CLAIMANT, url, UNTIL.isoformat(), str(THREADS)]
    claimants = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603
        for _ in range(PROCESSES)
    ]
    for each in claimants:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready True\n"
    for each in claimants:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    assert sum(int(each.communicate()[0]) for each in claimants) == 1


def test_tokens_that_ran_out_are_removed_by_a_later_claim(store: Store) -> None:
    clock = [NOW]
    tokens = UsedTokens(store, lambda: clock[0])
    for number in range(20):
        tokens.claim(ISSUER, str(number), UNTIL)
    clock[0] = UNTIL + timedelta(microseconds=1)
    tokens.claim(ISSUER, "later", UNTIL + timedelta(minutes=20))
    assert rows(store) == 1


def test_a_token_is_remembered_to_the_end_of_its_time(store: Store) -> None:
    clock = [NOW]
    tokens = UsedTokens(store, lambda: clock[0])
    tokens.claim(ISSUER, "one", UNTIL)
    clock[0] = UNTIL
    assert not tokens.claim(ISSUER, "one", UNTIL)


def test_between_two_removals_a_claim_only_inserts(store: Store) -> None:
    clock = [NOW]
    tokens = UsedTokens(store, lambda: clock[0])
    tokens.claim(ISSUER, "short", NOW + timedelta(seconds=1))
    clock[0] = NOW + timedelta(seconds=59)
    tokens.claim(ISSUER, "next", UNTIL)
    assert rows(store) == 2
