"""Are accounts, sign-ins, links, tries and the audit kept alike by both databases?"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from cds.review.roles import Account, Role
from cds.store.accounts import Accounts, NameTakenError
from cds.store.audit import AuditEvent, AuditLog, AuditQuestion
from cds.store.database import Store
from cds.store.sign_in_tries import BY_ADDRESS, BY_NAME, SignInTries
from cds.store.sign_ins import IDLE, LONGEST, SignInLinks, SignIns
from tests.cds.store.records import NOW

KEY = b"k" * 32
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
AT_ONCE = 8


def add(store: Store, name: str = "anna", role: Role = Role.REVIEWER) -> Account:
    account = Account(id=f"id-of-{name}", name=name, role=role)
    Accounts(store).add(account, NOW)
    return account


# Accounts


def test_an_account_comes_back_as_it_was_added(store: Store) -> None:
    account = Account(id="id-1", name="Zoë Ōe\0", role=Role.REVIEWER)
    Accounts(store).add(account, NOW)
    kept = Accounts(store).by_id(account.id)
    assert kept is not None
    assert (kept.name, kept.role, kept.created_at) == ("Zoë Ōe\ufffd", Role.REVIEWER, NOW)
    assert (kept.password_hash, kept.subject, kept.disabled_at) == (None, None, None)


def test_an_id_that_no_database_could_keep_is_nobodys(store: Store) -> None:
    assert Accounts(store).by_id("\0\ud800") is None


def test_two_accounts_of_one_name_cannot_be(store: Store) -> None:
    add(store)
    with pytest.raises(NameTakenError):
        Accounts(store).add(Account(id="other", name="anna", role=Role.ADMIN), NOW)


def test_two_accounts_of_one_person_at_the_provider_cannot_be(store: Store) -> None:
    for name, expected in (("anna", True), ("bert", False)):
        account = Account(id=name, name=name, role=Role.ADMIN)
        try:
            Accounts(store).add(account, NOW, subject="https://id.example s-1")
        except NameTakenError:
            assert not expected
        else:
            assert expected


def test_accounts_are_told_by_name(store: Store) -> None:
    for name in ("carl", "anna", "bert"):
        add(store, name)
    assert [each.name for each in Accounts(store).everyone()] == ["anna", "bert", "carl"]


def test_a_renewed_hash_ends_no_sign_in_and_a_new_password_ends_them_all(store: Store) -> None:
    account = add(store)
    sign_ins = SignIns(store)
    token = sign_ins.begin(account.id, NOW)
    Accounts(store).renew_hash(account.id, "of newer parameters")
    assert sign_ins.whose(token, NOW) == account
    Accounts(store).set_password(account.id, "of another password")
    assert sign_ins.whose(token, NOW) is None


# Sign-ins


def test_a_token_tells_whose_it_is_with_the_role_of_now(store: Store) -> None:
    account = add(store)
    token = SignIns(store).begin(account.id, NOW)
    assert SignIns(store).whose(token, NOW) == account


@pytest.mark.parametrize("token", ["", "another", "\0", "\ud800", "x" * 10_000])
def test_what_is_no_token_tells_nobody(store: Store, token: str) -> None:
    SignIns(store).begin(add(store).id, NOW)
    assert SignIns(store).whose(token, NOW) is None


@pytest.mark.parametrize(("later", "holds"), [(IDLE - SECOND, True), (IDLE, False)])
def test_a_browser_that_is_idle_for_too_long_is_signed_out(
    store: Store, later: timedelta, holds: bool
) -> None:
    token = SignIns(store).begin(add(store).id, NOW)
    assert (SignIns(store).whose(token, NOW + later) is not None) is holds


def test_a_browser_in_use_is_signed_out_in_the_end(store: Store) -> None:
    sign_ins = SignIns(store)
    token = sign_ins.begin(add(store).id, NOW)
    steps = int(LONGEST / timedelta(minutes=30))
    seen = [sign_ins.whose(token, NOW + n * timedelta(minutes=30)) for n in range(1, steps + 1)]
    assert [each is not None for each in seen] == [True] * (steps - 1) + [False]


def test_a_disabled_account_is_signed_in_nowhere_and_never_again_by_itself(store: Store) -> None:
    account = add(store)
    token = SignIns(store).begin(account.id, NOW)
    Accounts(store).disable(account.id, NOW)
    Accounts(store).enable(account.id)
    assert SignIns(store).whose(token, NOW) is None


def test_what_has_ended_is_removed_when_somebody_signs_in(store: Store) -> None:
    account = add(store)
    SignIns(store).begin(account.id, NOW)
    SignIns(store).begin(account.id, NOW + DAY)
    with store.reading() as connection:
        assert connection.exec_driver_sql("select count(*) from sign_ins").scalar() == 1


# Links


def test_of_many_who_use_a_link_at_once_one_comes_in(store: Store) -> None:
    account = add(store)
    links = SignInLinks(store)
    token = links.make(account.id, NOW, DAY)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        used = list(pool.map(lambda _: links.use(token, NOW), range(AT_ONCE)))
    assert sorted(each is not None for each in used) == [False] * (AT_ONCE - 1) + [True]


@pytest.mark.parametrize(("later", "works"), [(DAY - SECOND, True), (DAY, False)])
def test_a_link_works_for_as_long_as_it_lasts(store: Store, later: timedelta, works: bool) -> None:
    links = SignInLinks(store)
    token = links.make(add(store).id, NOW, DAY)
    assert (links.use(token, NOW + later) is not None) is works


def test_a_link_that_was_used_stays_known_for_a_while_and_then_goes(store: Store) -> None:
    account = add(store)
    links = SignInLinks(store)
    links.use(links.make(account.id, NOW, DAY), NOW)
    counts = []
    for later in (DAY, 40 * DAY):
        links.make(account.id, NOW + later, DAY)
        with store.reading() as connection:
            counts.append(connection.exec_driver_sql("select count(*) from sign_in_links").scalar())
    assert counts == [2, 1]


# Tries


def claims(store: Store, count: int, *, name: str = "anna", address: str = "here") -> list[bool]:
    """Say which of some tries, one after the other, may be made."""
    tries = SignInTries(store, KEY)
    return [not tries.claim(name, address, NOW) for _ in range(count)]


def test_after_the_free_tries_one_waits(store: Store) -> None:
    assert claims(store, BY_NAME.free + 2) == [True] * BY_NAME.free + [False, False]


def test_each_further_try_waits_twice_as_long_up_to_the_longest(store: Store) -> None:
    tries = SignInTries(store, KEY)
    now, waits = NOW, []
    for _ in range(BY_NAME.free + 10):
        wait = tries.claim("anna", "here", now)
        if wait:
            waits.append(wait)
            now += wait
            assert not tries.claim("anna", "here", now)
    assert [int(each.total_seconds()) for each in waits] == [
        2,
        4,
        8,
        16,
        32,
        64,
        128,
        256,
        512,
        900,
    ]


def test_an_address_waits_only_shortly(store: Store) -> None:
    tries = SignInTries(store, KEY)
    now, longest = NOW, timedelta()
    for n in range(BY_ADDRESS.free + 20):
        wait = tries.claim(f"name-{n}", "here", now)
        longest = max(longest, wait)
        now += wait
        if wait:
            tries.claim(f"name-{n}", "here", now)
    assert longest == BY_ADDRESS.longest_wait


def test_tries_made_at_once_are_all_counted(store: Store) -> None:
    tries = SignInTries(store, KEY)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        waits = list(pool.map(lambda n: tries.claim("anna", f"from-{n}", NOW), range(AT_ONCE)))
    assert sum(not wait for wait in waits) == BY_NAME.free


def test_what_was_forgiven_counts_no_more(store: Store) -> None:
    claims(store, BY_NAME.free)
    SignInTries(store, KEY).forgive("anna", "here", NOW)
    assert claims(store, BY_NAME.free) == [True] * BY_NAME.free


def test_who_gives_one_right_password_cannot_try_others_for_ever(store: Store) -> None:
    tries = SignInTries(store, KEY)
    for n in range(BY_ADDRESS.free):
        tries.claim(f"name-{n}", "here", NOW)
        tries.claim("own", "elsewhere", NOW)
    tries.forgive("own", "here", NOW)
    assert claims(store, 2, name="another") == [True, False]


def test_an_hour_later_all_is_forgotten(store: Store) -> None:
    claims(store, BY_NAME.free)
    tries = SignInTries(store, KEY)
    later = NOW + timedelta(hours=1, seconds=1)
    assert [not tries.claim("anna", "here", later) for _ in range(BY_NAME.free)] == [True] * 5
    tries.claim("bert", "there", later + 2 * timedelta(hours=1))
    with store.reading() as connection:
        assert connection.exec_driver_sql("select count(*) from sign_in_tries").scalar() == 2


def test_neither_name_nor_address_is_kept(store: Store) -> None:
    claims(store, 1, name="anna", address="10.11.12.13")
    with store.reading() as connection:
        rows = repr(connection.exec_driver_sql("select * from sign_in_tries").all())
    assert "anna" not in rows
    assert "10.11" not in rows


# Audit


def test_an_event_comes_back_as_it_was_written(store: Store) -> None:
    account = add(store)
    event = AuditEvent(
        at=NOW,
        account=account.id,
        action="view_case",
        outcome="done",
        decision="d-1",
        details={"zone": "UTC", "count": 3, "list": ["ä"]},
    )
    AuditLog(store).add(event)
    (kept,) = AuditLog(store).find(AuditQuestion())
    assert (kept.event, kept.name) == (event, "anna")


def test_an_address_that_no_database_could_keep_is_written_down_all_the_same(
    store: Store,
) -> None:
    log = AuditLog(store)
    log.add(AuditEvent(at=NOW, account=None, action="view_case", outcome="done", decision="\0"))
    (kept,) = log.find(AuditQuestion(decision="\0"))
    assert kept.event.decision == "\ufffd"


def test_events_come_newest_first_and_go_on_where_a_page_ended(store: Store) -> None:
    log = AuditLog(store)
    for n in range(5):
        log.add(AuditEvent(at=NOW, account=None, action=f"a{n}", outcome="done"))
    first = log.find(AuditQuestion(), at_most=3)
    second = log.find(AuditQuestion(), at_most=3, before=first[-1].number)
    assert [each.event.action for each in first + second] == ["a4", "a3", "a2", "a1", "a0"]


def test_the_audit_offers_no_way_to_change_or_remove_an_event() -> None:
    assert {name for name in vars(AuditLog) if not name.startswith("_")} == {"add", "find"}
