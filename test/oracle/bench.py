"""How long the default rewards take in Python; driven by test/bench-reward.ts, a line a step.

The first line holds the requests by workload, each later one the name of a workload to time.
"""

import json
import sys
import time
from functools import lru_cache

import graphs
import matching
from matching import match_with_giou
from profiles import PROFILES
from rewards import Case, Settings, case_of, score
from similarity import similarity

LEAST_SECONDS = 0.3
RELEASE = PROFILES["release"]
NAMES = ("format_reward", "node_acc_reward", "node_box_reward", "edge_reward")


def milliseconds(cases: list[Case]) -> list[float]:
    """Of one completion, on average over a third of a second: by the clock, and of the processor.

    Documents are warm; each completion's match is found once for its three rewards.
    """
    passes, started, used = 0, time.perf_counter(), time.process_time()
    while (taken := time.perf_counter() - started) < LEAST_SECONDS:
        match_with_giou.cache_clear()
        for case in cases:
            score(case, NAMES, Settings())
        passes += 1
    used = time.process_time() - used
    return [seconds * 1000 / (passes * len(cases)) for seconds in (taken, used)]


def main() -> None:
    """Answers each step with one line."""
    if "--keep-pairs" in sys.argv:  # which the reference does not do
        for module in (matching, graphs):
            vars(module)["similarity"] = lru_cache(maxsize=None)(similarity)
    workloads = {
        name: [case_of(request, RELEASE) for request in requests]
        for name, requests in json.loads(sys.stdin.readline()).items()
    }
    for line in sys.stdin:
        print(milliseconds(workloads[json.loads(line)]), flush=True)


if __name__ == "__main__":
    main()
