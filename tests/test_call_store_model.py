"""The call store against a dictionary that remembers uses: whatever is done in whatever order, they hold the same."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from workbench.engine.call_store import CallStore
from workbench.records import Answer

KB = 2**10
LARGEST = 30 * KB
KEYS = st.lists(st.integers(0, 60).map(str), max_size=25, unique=True)


@dataclass
class Kept:
    """One answer as the dictionary remembers it."""

    answer: Answer
    made_at: float
    used_at: float


class StoreModel(RuleBasedStateMachine):
    """Two stores on one file, as two processes have, and what they should hold."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.now = 1_000_000.0
        self.limit = 10_000 * KB
        self.stores = [self.opened(), self.opened()]
        self.model: dict[str, Kept] = {}
        self.hits = self.made = 0

    def opened(self):
        return CallStore(Path(self.folder.name, "calls.db"), lambda: self.limit, lambda: self.now)

    def teardown(self):
        self.folder.cleanup()

    @initialize(limit=st.sampled_from([100, 300, 10_000]))
    def begin(self, limit):
        self.limit = limit * KB

    @rule(seconds=st.sampled_from([0.5, 30.0, 61.0, 5000.0]))
    def time_goes_on(self, seconds):
        self.now += seconds

    @rule(store=st.integers(0, 1), keys=KEYS, size=st.sampled_from([0, 100, 2 * KB, 5 * KB, LARGEST]))
    def keep(self, store, keys, size):
        self.now += 0.001
        answers = {key: Answer(key * (size // len(key)), 1, 1, 1.0, 0.5, made_at=self.now) for key in keys}

        self.stores[store].keep(answers)

        self.made += len(answers)
        self.model.update({key: Kept(answer, self.now, self.now) for key, answer in answers.items()})
        self.forget()

    @rule(store=st.integers(0, 1), keys=KEYS, age=st.sampled_from([None, 0.0, 40.0, 4000.0]))
    def find(self, store, keys, age):
        since = 0.0 if age is None else self.now - age

        found = self.stores[store].find(keys, since)

        there = {key: self.model[key] for key in keys if key in self.model and self.model[key].made_at >= since}
        assert found == {key: kept.answer for key, kept in there.items()}
        self.hits += len(found)
        for kept in there.values():
            if kept.used_at < self.now - 60:
                kept.used_at = self.now

    @rule(store=st.integers(0, 1))
    def empty(self, store):
        self.stores[store].empty()

        self.model.clear()
        self.hits = self.made = 0

    @rule(store=st.integers(0, 1), limit=st.sampled_from([100, 200, 500, 10_000]))
    def set_limit(self, store, limit):
        self.limit = limit * KB

        self.stores[store].shrink()

        self.forget()

    @rule(store=st.integers(0, 1))
    def open_again(self, store):
        self.stores[store] = self.opened()

    @precondition(lambda self: self.model)
    @rule()
    def order_of_use_is_known(self):
        counts = self.stores[0].counts()

        uses = [kept.used_at for kept in self.model.values()]
        assert (counts.oldest_use, counts.newest_use) == (min(uses), max(uses))

    @invariant()
    def the_same_is_there(self):
        for store in self.stores:
            counts = store.counts()
            assert store.has([str(number) for number in range(61)]) == set(self.model)
            assert (counts.answers, counts.hits, counts.made) == (len(self.model), self.hits, self.made)
            assert counts.bytes <= self.limit

    def forget(self):
        """Take from the model what the store has forgotten, which has to be what was used longest ago, and no more."""
        left = self.stores[0].has([*self.model])
        gone = [kept.used_at for key, kept in self.model.items() if key not in left]
        stays = [kept.used_at for key, kept in self.model.items() if key in left]
        if gone:
            assert not stays or max(gone) <= min(stays)
            assert self.stores[0].counts().bytes > 0.9 * self.limit - LARGEST - 20 * KB
        self.model = {key: self.model[key] for key in left}


StoreModel.TestCase.settings = settings(
    max_examples=20, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestStoreModel = StoreModel.TestCase
