"""The engine beside other solvers at equal accuracy; `cordwise engine benchmark --json` gives the same as JSON."""

import sys

from cordwise.base.randomness import Streams
from cordwise.cord.verification.speed import benchmark_engine

PATIENTS, PEER_PATIENTS, SEED = 2048, 8, 1


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr)


if __name__ == "__main__":
    print(benchmark_engine(PATIENTS, PEER_PATIENTS, Streams(SEED), say=say))
