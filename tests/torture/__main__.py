"""Kill hundreds of sends at any instant, and see that each goes on without losing anybody.

python -m tests.torture --kind brevo --rounds 100 --jobs 2 --seed 7
"""

import argparse
import multiprocessing
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from functools import partial
from pathlib import Path

from .kinds import KINDS, Kind
from .rounds import Report, measure, play
from .stage import prepare
from .tally import table

_TOLD_EVERY = 10  # rounds
_KILLING = ("kill", "two", "workers", "jobs")  # stories in which a process that sends is killed


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    flags = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    flags.add_argument("--kind", choices=KINDS, action="append", help="repeatable; all if absent")
    flags.add_argument("--rounds", type=int, help="of each kind, instead of its own number")
    flags.add_argument("--jobs", type=int, default=2, help="rounds at once")
    flags.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    return flags


def main(arguments: Sequence[str] | None = None) -> int:
    """Play all rounds; return 1 if anything was wrong in one of them."""
    flags = parser().parse_args(arguments)
    base = Path(tempfile.mkdtemp(prefix="torture-"))
    begun = time.monotonic()
    print(f"seed {flags.seed}, {flags.jobs} rounds at once, in {base}", flush=True)
    try:
        reports = _torture_all(base, flags)
    except KeyboardInterrupt:
        shutil.rmtree(base)
        return 130
    killed = sum(report.kills for report in reports if KINDS[report.kind].story in _KILLING)
    print(f"\n{table(reports)}\n")
    print(f"{killed} kill -9 of sends; seed {flags.seed}; {time.monotonic() - begun:.0f} s")
    if faulty := sum(1 for report in reports if report.faults):
        print(f"{faulty} rounds were faulty; they are kept in {base}")
        return 1
    shutil.rmtree(base)
    return 0


def _torture_all(base: Path, flags: argparse.Namespace) -> list[Report]:
    prepare(base)
    reports: list[Report] = []
    with ProcessPoolExecutor(flags.jobs, multiprocessing.get_context("spawn")) as pool:
        for name in flags.kind or KINDS:
            kind = KINDS[name]
            rounds = kind.rounds if flags.rounds is None else flags.rounds
            reports += _torture(pool, kind, base, rounds=rounds, flags=flags)
    return reports


def _torture(
    pool: Executor, kind: Kind, base: Path, *, rounds: int, flags: argparse.Namespace
) -> list[Report]:
    """Measure undisturbed sends, as many at once as there will be; then play the rounds."""
    houses = range(min(rounds, len(kind.houses)))
    calls = [
        partial(measure, kind, number, base, tag=str(job))
        for number in houses
        for job in range(flags.jobs)
    ]
    measured = list(_carry_out(pool, calls))
    if any(report.faults for report in measured):
        return measured  # what fails undisturbed need not be killed
    spans = {
        house: sum(spans) / len(spans)
        for house in {report.house for report in measured}
        if (spans := [report.sent_in for report in measured if report.house == house])
    }
    told = ", ".join(f"{house} {span:.2f} s" for house, span in spans.items())
    print(f"{kind.name}: an undisturbed send takes {told}", flush=True)
    calls = [
        partial(play, kind, number, base, seed=flags.seed, span=spans[kind.house(number).name])
        for number in range(rounds)
    ]
    done: list[Report] = []
    for report in _carry_out(pool, calls):
        done.append(report)
        if len(done) % _TOLD_EVERY == 0:
            kills, under_way = sum(r.kills for r in done), sum(r.calls for r in done)
            told = f"{len(done)} rounds, {kills} kills, {under_way} calls under way then"
            print(f"{kind.name}: {told}", flush=True)
    return done


def _carry_out(pool: Executor, calls: Sequence[Callable[[], Report]]) -> Iterator[Report]:
    futures = [pool.submit(call) for call in calls]
    try:
        for future in as_completed(futures):
            report = future.result()
            if report.faults:
                where = f"{report.kind} round {report.number} through {report.house}"
                told = "; ".join(report.faults)
                print(f"FAULT in {where}: {told}; kept in {report.folder}", flush=True)
            yield report
    finally:
        for future in futures:
            future.cancel()


if __name__ == "__main__":
    sys.exit(main())
