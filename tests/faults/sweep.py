"""Runs a flow with one fault at one call, lets its caller try again, and looks at what is left."""

from dataclasses import dataclass
from itertools import count

from botocore.awsrequest import AWSResponse

from tests.faults import invariants
from tests.faults.flow import Flow, Scene, Try
from tests.faults.kinds import Kind
from tests.faults.wire import Attempt, Crash, Fault, Wire
from tests.faults.world import World
from tests.races.race import race

MOST_TRIES = 5
"""The queue gives up after as many."""


class Broken(Exception):
    """What the fault left behind is not as it must be."""


@dataclass(frozen=True)
class Sweeper:
    world: World
    wire: Wire

    def calls(self, flow: Flow) -> list[str]:
        """The calls of a run in which nothing goes wrong, of which the last check is made too; of
        the second such run, because in the first the process may read what it keeps.
        """
        self._try(flow, self._prepare(flow))
        scene = self._prepare(flow)
        with self.wire.watched() as watch:
            tried = self._try(flow, scene)
        self._settle(flow, scene, replay=True)
        if not (tried and tried.well):
            raise Broken(f"goes wrong by itself: {tried}")
        return watch.operations

    def run(self, flow: Flow, kind: Kind, number: int) -> None:
        """Raises `Broken`."""
        scene = self._prepare(flow)
        fault = kind.at(number)
        self._carry_through(flow, scene, fault, hiccup=kind.hiccup)
        self._settle(flow, scene)

    def run_twice(self, flow: Flow, kind: Kind, number: int, other: Kind) -> None:
        """The caller's second try is struck too: at each of its calls in turn. Raises `Broken`."""
        for second in count():
            scene = self._prepare(flow)
            struck = self._carry_through(flow, scene, kind.at(number), then=other.at_its(second))
            self._settle(flow, scene)
            if not struck:
                return

    def repeat(self, flow: Flow) -> None:
        """The caller sends once more what was done already."""
        scene = self._prepare(flow)
        for _ in range(2):
            self._try(flow, scene)
        self._settle(flow, scene, replay=True)

    def interleave(self, flow: Flow, number: int) -> None:
        """Before this call of one caller another one does all the same, from beginning to end."""
        scene = self._prepare(flow)
        scene.notes["raced"] = True

        def go_second(attempt: Attempt) -> AWSResponse:
            with self.wire.unwatched():
                race([lambda: self._try(flow, scene)])
            return attempt.carry_out()

        with self.wire.watched(Fault(number, go_second)):
            tried = self._try(flow, scene)
        self._try_again(flow, scene, tried)
        self._settle(flow, scene)

    def _carry_through(
        self,
        flow: Flow,
        scene: Scene,
        fault: Fault,
        *,
        hiccup: bool = False,
        then: Fault | None = None,
    ) -> bool:
        """Whether `then` struck too."""
        with self.wire.watched(fault) as watch:
            tried = self._try(flow, scene)
        if not watch.struck:
            raise Broken("the call did not come")
        if hiccup and not (tried and tried.well):
            raise Broken(f"a hiccup that the caller notices: {tried}")
        tried, struck = None if watch.crashed else tried, False
        if then and not (tried and tried.ended):
            self.world.clock.wait(flow.patience)
            with self.wire.watched(then) as again:
                tried = self._try(flow, scene)
            tried, struck = None if again.crashed else tried, again.struck
        self._try_again(flow, scene, tried)
        return struck

    def _try_again(self, flow: Flow, scene: Scene, tried: Try | None) -> None:
        """As often as the caller would, until there is nothing more to do."""
        for _ in range(MOST_TRIES - 1):
            if tried and tried.ended:
                return
            self.world.clock.wait(flow.patience)
            tried = self._try(flow, scene)
        if not (tried and tried.ended):
            raise Broken(f"never ends: {tried}")

    def _prepare(self, flow: Flow) -> Scene:
        self.world.empty()
        scene = flow.prepare(self.world)
        self.world.write()
        return scene

    def _try(self, flow: Flow, scene: Scene) -> Try | None:
        """None where the caller hears nothing."""
        try:
            return flow.act(scene)
        except Crash:
            return None

    def _settle(self, flow: Flow, scene: Scene, *, replay: bool = False) -> None:
        stream = self.world.stream
        stream.drain()
        if replay:
            stream.replay()
        found = self.world.look()
        invariants.check(found)
        if not flow.ends(scene, found):
            raise Broken("does not end as it must")
