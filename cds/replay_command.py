"""What would become of the decisions that are kept, under this knowledge or another one?"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import click

from cds.decision import Decision
from cds.replay_comparison import Change, changed_words, compare
from cds.replay_json import AsJson
from cds.replay_report import InWords, Tally
from cds.replaying import Replayer
from cds.settings import Settings
from cds.shell import opened_store, settings_or_stop, stop
from cds.store.decision_pages import DecisionPages, Selection
from rules.knowledge import Knowledge, KnowledgeError, load_knowledge

_DIFFERENCE_FOUND = 1
_OF_WHOLE_KNOWLEDGE = Path("parameters", "rule.toml")
_ERASE_LINE = "\r\x1b[2K"
_DAY = click.DateTime(["%Y-%m-%d"])


@click.command("replay")
@click.option("--since", type=_DAY, help="Only decisions of this day (UTC) or later.")
@click.option("--until", type=_DAY, help="Only decisions of this day (UTC) or earlier.")
@click.option("--client", help="Only decisions for this client.")
@click.option("--decision", help="One decision, by its id, with the words that changed.")
@click.option(
    "--knowledge",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A site's knowledge, or the whole knowledge of another version.",
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON: a line each, the counts last.")
@click.option("--fail-on-difference", is_flag=True, help="Exit status 1 unless all is unchanged.")
def replay_command(  # noqa: PLR0913 - one for each option
    *,
    since: datetime | None,
    until: datetime | None,
    client: str | None,
    decision: str | None,
    folder: Path | None,
    as_json: bool,
    fail_on_difference: bool,
) -> None:
    """Make kept decisions again, and tell which would be others.

    A decision that differs is told in a line; all are counted at the end. Unless --knowledge names
    another, the present knowledge is used, and what nothing explains then is a fault. Nothing is
    written to the store.
    """
    settings = settings_or_stop()
    meant = Selection(since=_day(since), until=_day(until), client=client, decision=decision)
    run = _Run(
        knowledge=_knowledge(folder, settings),
        settings=settings,
        telling=AsJson() if as_json else InWords(),
        one=decision is not None,
    )
    with opened_store(settings) as store:
        tally = _replay(DecisionPages(store), meant, run)
    if run.one and not tally.decisions:
        raise stop("--decision: there is no such decision")
    for line in run.telling.of_all(tally):
        click.echo(line)
    if fail_on_difference and not tally.all_unchanged:
        sys.exit(_DIFFERENCE_FOUND)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """How a replay is done and told. one: a single decision was asked for."""

    knowledge: Knowledge
    settings: Settings
    telling: AsJson | InWords
    one: bool


def _replay(pages: DecisionPages, meant: Selection, run: _Run) -> Tally:
    """Replay decision by decision, and tell each that differs at once."""
    tally = Tally(run.knowledge)
    replayer = Replayer(run.knowledge, run.settings)
    watched = sys.stderr.isatty()
    shared = watched and sys.stdout.isatty()
    with click.progressbar(length=pages.count(meant), file=sys.stderr, hidden=not watched) as bar:
        for decision in pages.read(meant):
            for line in _replay_one(decision, replayer, tally, run):
                click.echo(f"{_ERASE_LINE}{line}" if shared else line)
            bar.update(1)
    return tally


def _replay_one(decision: Decision, replayer: Replayer, tally: Tally, run: _Run) -> Iterator[str]:
    """Count one decision, and give the lines that tell of it, if it is worth any.

    Where no facts are kept that is counted alone: it is so for all decisions of many a client.
    """
    replayed = replayer.replay(decision)
    if replayed is None:
        because = replayer.why_not(decision) or ""
        tally.not_replayable[because] += 1
        if run.one or decision.facts is not None:
            yield from run.telling.of_refused(decision, because)
        return
    comparison = compare(decision, replayed, run.knowledge)
    tally.add(comparison)
    if run.one or comparison.change is not Change.UNCHANGED:
        words = changed_words(replayed) if run.one else ()
        yield from run.telling.of_decision(comparison, words)


def _knowledge(folder: Path | None, settings: Settings) -> Knowledge:
    """Load what is replayed under; a whole knowledge keeps the site's values on top of it."""
    try:
        if folder is None:
            return load_knowledge(site=settings.site_knowledge)
        if (folder / _OF_WHOLE_KNOWLEDGE).is_file():
            return load_knowledge(folder, site=settings.site_knowledge)
        return load_knowledge(site=folder)
    except KnowledgeError as error:
        raise stop(str(error)) from None


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()
