"""Does every call of the Bruno collection get its status, and is the collection current?"""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from cds import clock
from cds.app import create_app
from cds.date_shift import move_dates
from cds.settings import Settings
from rules.knowledge import Knowledge
from tests.repository.bruno import filled, members, read_blocks, read_call
from tests.repository.test_examples import ON_PAGES
from tools import write_bruno_collection

CALLS = sorted(write_bruno_collection.FOLDER.glob("*.bru"))
LOCAL = write_bruno_collection.FOLDER / "environments" / "local.bru"
needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")


def test_the_collection_is_current() -> None:
    files = write_bruno_collection.collection()
    stale = [path.name for path, text in files.items() if path.read_text("utf-8") != text]
    assert stale == [], "run: make docs"
    assert set(write_bruno_collection.FOLDER.rglob("*.bru")) <= files.keys()


@pytest.fixture(scope="module")
def web(knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    folder = tmp_path_factory.mktemp("bruno")
    settings = Settings(store_url=f"sqlite:///{folder}/store.sqlite3")
    return create_app(settings, knowledge=knowledge).test_client()


@pytest.mark.requirement("A7")
def test_every_call_of_the_collection_gets_its_status_one_after_the_other(
    web: FlaskClient,
) -> None:
    variables = dict(members(read_blocks(LOCAL)["vars"]))
    for path in CALLS:
        call = read_call(path)
        address = filled(call.address, variables).removeprefix(ON_PAGES)
        body = None if call.body is None else filled(call.body, variables)
        if body is not None and call.has_script:
            body = move_dates(body, clock.today())
        answer = web.open(
            address, method=call.method, data=body, content_type=body and "application/json"
        )
        assert answer.status_code == call.status, (call.name, answer.text)
        if "cards" in (told := answer.get_json()):
            assert bool(told["cards"]) is (", a card" in call.name or call.name == "A Bundle")
        for name, told_at in call.variables_after.items():
            assert told_at == "res.body.cards[0].uuid"
            variables[name] = told["cards"][0]["uuid"]
    assert len(CALLS) >= 9


@needs_node
def test_the_script_of_a_call_moves_dates_as_the_command_does() -> None:
    (path,) = [each for each in CALLS if read_call(each).name == "patient-view, a card"]
    blocks = read_blocks(path)
    harness = (
        f"const req = {{ body: {blocks['body:json']}, getBody() {{ return this.body }}, "
        f"setBody(body) {{ this.body = body }} }};\n{blocks['script:pre-request']}\n"
        "console.log(JSON.stringify(req.body))"
    )
    done = subprocess.run(  # noqa: S603 - our own script
        ["node", "-e", harness],  # noqa: S607
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout) == json.loads(move_dates(blocks["body:json"], clock.today()))


def test_a_planted_text_outside_a_block_is_found(tmp_path: Path) -> None:
    planted = tmp_path / "x.bru"
    planted.write_text("meta {\n  name: x\n}\nlost\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="lost"):
        read_blocks(planted)
