"""Runs a flow with one fault at one call, lets its caller try again, and looks at what is left."""

from dataclasses import dataclass

from tests.faults import invariants
from tests.faults.flows import Flow, Scene, Try
from tests.faults.kinds import Kind
from tests.faults.wire import Crash, Fault, Wire
from tests.faults.world import World

MOST_TRIES = 5
"""The queue gives up after as many."""


class Broken(Exception):
    """What the fault left behind is not as it must be."""


@dataclass(frozen=True)
class Sweeper:
    world: World
    wire: Wire

    def calls(self, flow: Flow) -> list[str]:
        """The calls of a run in which nothing goes wrong, of which the last check is made too."""
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

    def repeat(self, flow: Flow) -> None:
        """The caller sends once more what was done already."""
        scene = self._prepare(flow)
        for _ in range(2):
            self._try(flow, scene)
        self._settle(flow, scene, replay=True)

    def _carry_through(self, flow: Flow, scene: Scene, fault: Fault, *, hiccup: bool) -> None:
        with self.wire.watched(fault) as watch:
            tried = self._try(flow, scene)
        if not watch.struck:
            raise Broken("the call did not come")
        if hiccup and not (tried and tried.well):
            raise Broken(f"a hiccup that the caller notices: {tried}")
        for _ in range(MOST_TRIES - 1):
            if tried and tried.ended and not watch.crashed:
                return
            self.world.clock.wait(flow.patience)
            with self.wire.watched() as watch:
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
