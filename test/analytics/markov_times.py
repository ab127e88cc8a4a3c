"""How long ChannelAttribution and plain numpy take for the Markov model of order 1, and what they find.

Reads {"paths": [[[touch, ...], is_conversion], ...], "runs": n} and prints the shortest time of each in milliseconds and
its removal effects by touch.
"""

import json
import sys
from itertools import chain
from time import perf_counter

import ChannelAttribution
import numpy
import pandas


def fastest(runs, work):
    times = []
    for _ in range(runs):
        started = perf_counter()
        found = work()
        times.append((perf_counter() - started) * 1000)
    return {"ms": min(times), "effects": found}


def by_channel_attribution(table):
    answer = ChannelAttribution.markov_model(
        table, "path", "conversions", var_null="nulls", order=1, out_more=True, verbose=False, flg_pro=False
    )
    effects = answer["removal_effects"]
    return dict(zip(effects["channel_name"], effects.iloc[:, 1].astype(float)))


def by_numpy(paths):
    values, codes = numpy.unique(list(chain.from_iterable(touches for touches, _ in paths)), return_inverse=True)
    size = len(values)
    ends = numpy.cumsum([len(touches) for touches, _ in paths])
    lasts = codes[ends - 1]
    converted = numpy.array([is_conversion for _, is_conversion in paths])
    begins = numpy.zeros(len(codes), bool)
    begins[0] = True
    begins[ends[:-1]] = True
    # The last row is the start; columns after the values: conversion, and none.
    before = numpy.where(begins, size, numpy.roll(codes, 1))
    counts = numpy.bincount(before * (size + 2) + codes, minlength=(size + 1) * (size + 2)).reshape(size + 1, -1)
    counts += numpy.bincount(
        lasts * (size + 2) + numpy.where(converted, size, size + 1), minlength=(size + 1) * (size + 2)
    ).reshape(size + 1, -1)
    shares = counts / counts.sum(axis=1, keepdims=True)

    def probability(closed):
        inner = numpy.zeros((size + 1, size + 1))
        inner[:, :size] = shares[:, :size]
        inner[:, closed] = 0
        return numpy.linalg.solve(numpy.eye(size + 1) - inner, shares[:, size])[size]

    whole = probability([])
    return {str(value): 1 - probability([at]) / whole for at, value in enumerate(values)}


if __name__ == "__main__":
    question = json.load(sys.stdin)
    paths, runs = question["paths"], question["runs"]
    table = pandas.DataFrame(
        {
            "path": [" > ".join(touches) for touches, _ in paths],
            "conversions": [int(is_conversion) for _, is_conversion in paths],
            "nulls": [int(not is_conversion) for _, is_conversion in paths],
        }
    )
    answers = {
        "ChannelAttribution": fastest(runs, lambda: by_channel_attribution(table)),
        "numpy": fastest(runs, lambda: by_numpy(paths)),
    }
    print(json.dumps(answers))
