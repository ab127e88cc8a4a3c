"""Removal effects of a Markov chain of journeys, by a direct solution of its equations with numpy.

Reads {"paths": [[[touch, ...], is_conversion], ...], "order": k} and prints {touch: effect}.
"""

import json
import sys

import numpy


def removal_effects(paths, order):
    states = {(): 0}
    steps = []
    for touches, is_conversion in paths:
        before = ()
        for touch in touches:
            after = (*before, touch)[-order:]
            steps.append((states[before], states.setdefault(after, len(states))))
            before = after
        steps.append((states[before], -1 if is_conversion else -2))

    size = len(states)
    inner = numpy.zeros((size, size))
    converting = numpy.zeros(size)
    totals = numpy.zeros(size)
    for start, end in steps:
        totals[start] += 1
        if end >= 0:
            inner[start, end] += 1
        elif end == -1:
            converting[start] += 1
    inner /= totals[:, None]
    converting /= totals

    def probability(closed):
        q = inner.copy()
        q[:, closed] = 0
        return numpy.linalg.solve(numpy.eye(size) - q, converting)[0]

    whole = probability([])
    values = sorted({touch for touches, _ in paths for touch in touches})
    return {
        value: 1 - probability([place for state, place in states.items() if value in state]) / whole
        for value in values
    }


if __name__ == "__main__":
    question = json.load(sys.stdin)
    print(json.dumps(removal_effects(question["paths"], question["order"])))
