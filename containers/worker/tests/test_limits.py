"""Which sentence the watchdog says, and when."""

from contextlib import contextmanager

import pytest

from r1sgg_worker.limits import Limits


class Told:
    """Keeps what a watchdog is told."""

    def __init__(self):
        self.limits, self.said = [], []

    @contextmanager
    def limit(self, seconds, sentence):
        self.limits.append(seconds)
        self.said.append(sentence)
        yield

    def say(self, sentence):
        self.said.append(sentence)


def test_a_push_names_the_servers_that_have_not_confirmed():
    told = Told()
    with Limits(told, ["http://a", "http://b"], 300, 60, main=True).push() as confirmed:
        confirmed("http://a")
        confirmed("http://b")
        confirmed("http://b")
    end = ": not confirmed within push_timeout_s 300 s"
    assert told.said == [
        f'Cannot bring weights to sampler "http://a", "http://b"{end}',
        f'Cannot bring weights to sampler "http://b"{end}',
    ]


@pytest.mark.parametrize(("main", "grace"), [(True, 5), (False, 15)])
def test_requests_end_first_then_the_main_process_then_the_others(main, grace):
    told = Told()
    limits = Limits(told, ["http://a", "http://b"], 300, 60, main)
    with limits.push():
        pass
    with limits.sampling():
        pass
    assert told.limits == [300 + grace, 300 + 2 * 60 * 2 + grace]
    assert 'Cannot sample from "http://a", "http://b": not done within 540 s' in told.said[-1]
