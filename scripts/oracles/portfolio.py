"""Solves the seeded portfolios with HiGHS and writes the table that the tests compare with.

    pip install highspy==1.16.0 numpy

Writes engines/chain/tests/oracles/portfolio.csv: seed, projects, caps, share, HiGHS' value and bound.
The generator is the tests' own (SplitMix64), so that no instance is stored.
"""

import csv
import pathlib
import time

import highspy
import numpy as np

MASK = (1 << 64) - 1


class Random:
    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return ((z ^ (z >> 31)) >> 11) / float(1 << 53)


def whole(x):
    return float(int(x + 0.5))


def problem(seed, projects, caps, share):
    random = Random(seed)
    values, uses = [], []
    for _ in range(projects):
        size = 0.2 + random.next()
        uses.append([whole(size * 100.0 * random.next()) for _ in range(caps)])
        values.append(whole(size * 50.0 + 30.0 * random.next()))
    uses = np.array(uses)
    return np.array(values), uses, np.array([whole(s * share) for s in uses.sum(axis=0)])


def solve(values, uses, caps, gap):
    h = highspy.Highs()
    h.setOptionValue("output_flag", False)
    h.setOptionValue("mip_rel_gap", gap)
    h.setOptionValue("time_limit", 60.0)
    x = [h.addBinary() for _ in values]
    for c, cap in enumerate(caps):
        h.addConstr(sum(float(u) * v for u, v in zip(uses[:, c], x)) <= float(cap))
    start = time.process_time()
    h.maximize(sum(float(w) * v for w, v in zip(values, x)))
    info = h.getInfo()
    return info.objective_function_value, info.mip_dual_bound, time.process_time() - start


root = pathlib.Path(__file__).resolve().parents[2]
with open(root / "engines/chain/tests/oracles/portfolio.csv", "w", newline="") as f:
    rows = csv.writer(f, lineterminator="\n")
    rows.writerow("seed,projects,caps,share,value,bound,gap_asked".split(","))
    cases = [(s, 40, 5, 0.4, 0.0) for s in range(12)] + [(s, 60, 3, 0.3, 0.0) for s in range(20, 28)] + [(2026, 300, 18, 0.4, 0.003)]
    for seed, projects, caps, share, gap in cases:
        value, bound, took = solve(*problem(seed, projects, caps, share), gap)
        print(seed, projects, caps, value, bound, f"{took:.2f} s")
        rows.writerow([seed, projects, caps, share, f"{value:.10g}", f"{bound:.10g}", gap])
