"""`make load`: many requests at once against a local cloud of its own, and all facts looked at.

First crowds of 32 who want the same at the same moment, then a mix of requests on 32 connections.
No answer may be a surprise, no memory may go on growing, and all invariants hold afterwards.
"""

import argparse
import random
import statistics
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx

from local.stack import running
from tests.journeys.people import People
from tests.load.crowds import Crowd
from tests.load.memory import held
from tests.load.town import Kind, Town, kinds

SETTLED = 0.5
"""Of all requests so many come before the memory is looked at first: caches are full by then."""
GROWTH = 1.1


def main() -> int:
    asked = argparse.ArgumentParser(prog="make load", description=__doc__)
    asked.add_argument("--requests", type=int, default=20_000)
    asked.add_argument("--connections", type=int, default=32)
    asked.add_argument("--rounds", type=int, default=200, help="of 32 who want the same")
    asked.add_argument("--seed", type=int, default=7)
    given = asked.parse_args()
    with running() as stack, People(stack) as people:
        town = Town.built(stack, people)
        wrong = crowds(town, given.rounds)
        wrong += mixed(town, given.requests, given.connections, random.Random(given.seed))
        stack.drain(300)
        wrong += looked_at(town)
    for line in wrong[:50]:
        print(f"WRONG {line}")
    print("All is well." if not wrong else f"{len(wrong)} things are wrong.")
    return bool(wrong)


def crowds(town: Town, rounds: int) -> list[str]:
    crowd, since = Crowd(town), time.monotonic()
    wrong = [f"round {number}: {why}" for number in range(rounds) for why in crowd.round(number)]
    crowd.close()
    print(f"{rounds} rounds of 32 registrations, purchases, likes and refreshes at once: "
          f"{len(wrong)} surprises, {time.monotonic() - since:.0f} s")  # fmt: skip
    return wrong


def mixed(town: Town, requests: int, connections: int, dice: random.Random) -> list[str]:
    """The first half lets caches fill; memory is compared over the second."""
    all_ = kinds(town)
    plan = [
        (kind, dice.choice(town.tokens) if kind.signed_in else None)
        for kind in dice.choices(all_, [kind.weight for kind in all_], k=requests)
    ]
    middle = int(requests * SETTLED)
    first = carry_out(town, plan[:middle], connections)
    before = held(town.stack.pid)
    second = carry_out(town, plan[middle:], connections)
    after = held(town.stack.pid)
    return first + second + grown(before, after)


def carry_out(town: Town, plan: list[tuple[Kind, str | None]], connections: int) -> list[str]:
    shares = [plan[number::connections] for number in range(connections)]
    since = time.monotonic()
    with ThreadPoolExecutor(connections) as threads:
        results = list(threads.map(lambda share: one_connection(town, share), shares))
    seconds = time.monotonic() - since
    taken = sorted(each for times, _ in results for each in times)
    wrong = [line for _, lines in results for line in lines]
    if len(taken) > 1:
        median, late = statistics.median(taken), taken[int(len(taken) * 0.99)]
        print(f"{len(taken):,} requests on {connections} connections in {seconds:.0f} s "
              f"({len(taken) / seconds:.0f}/s), median {median * 1000:.0f} ms, "
              f"99 % within {late * 1000:.0f} ms, {len(wrong)} surprises")  # fmt: skip
    return wrong


def one_connection(
    town: Town, share: list[tuple[Kind, str | None]]
) -> tuple[list[float], list[str]]:
    times, wrong = list[float](), Counter[str]()
    with town.client() as client:
        for kind, token in share:
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            since = time.monotonic()
            if kind.method == "PATCH":
                headers["If-Match"] = "*"
            try:
                answer = client.request(kind.method, kind.path, json=kind.json, headers=headers)
            except httpx.HTTPError as error:
                wrong[f"{kind.method} {kind.path}: {error!r}"] += 1
                continue
            times.append(time.monotonic() - since)
            if answer.status_code not in kind.fine:
                told = f"{answer.status_code} {answer.text[:120]}"
                wrong[f"{kind.method} {kind.path}: {told}"] += 1
    return times, [f"{line} ({times} times)" for line, times in wrong.items()]


def grown(before: dict[int, int], after: dict[int, int]) -> list[str]:
    """Processes that hold a tenth more than in the middle; those that began later do not count."""
    both = before.keys() & after.keys()
    first, last = (sum(held_[pid] for pid in both) / 1024 for held_ in (before, after))
    print(f"memory of {len(both)} processes: {first:.0f} MB in the middle, {last:.0f} at the end")
    return [f"memory grew from {first:.0f} to {last:.0f} MB"] if last > GROWTH * first else []


def looked_at(town: Town) -> list[str]:
    """What the jobs find that production asks the same."""
    found = town.stack.invoke("JobsFunction", {"job": "verify"})
    drift = town.stack.invoke("JobsFunction", {"job": "reconcile"})
    items = sum(found["checked"].values())
    print(f"looked at {items:,} items: {found['found']} invariants broken, "
          f"{drift['drift']} sums wrong")  # fmt: skip
    return [*found["findings"], *drift["sums"], *drift["ranks"], *drift["segments"]]


if __name__ == "__main__":
    sys.exit(main())
