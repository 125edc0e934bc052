#!/usr/bin/env python3
"""TreeSHAP beside XGBoost's and shap's, in rounds that take turns, one thread each.

    $(tests/bench/venv.sh requirements-trees.txt) tests/bench/bench_trees.py build/dev/tests/bench/bench_trees [--rounds N]

XGBoost models of several depths, 20 columns of noise with a target made of them, a tenth of the cells missing. XGBoost's time is that
of predict() alone, with the rows in a DMatrix; Limpid's that of the call. Prints for each the medians, their ratio, and how far the
values lie apart beside their size.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

os.environ["OMP_NUM_THREADS"] = "1"

import numpy  # noqa: E402
import shap  # noqa: E402
import xgboost  # noqa: E402

COLUMNS = 20


def table(rows, seed):
    random = numpy.random.default_rng(seed)
    values = random.normal(size=(rows, COLUMNS)).astype(numpy.float32)
    target = numpy.sin(values[:, 0]) + values[:, 1] * values[:, 2] + numpy.abs(values[:, 3:8]).sum(axis=1) + 0.5 * random.normal(size=rows)
    values[random.random(size=values.shape) < 0.1] = numpy.nan
    return values, target


def limpid(program, model, rows, what, folder):
    out = os.path.join(folder, "out.f64")
    said = subprocess.run([program, model, rows, what, out], check=True, capture_output=True, text=True).stdout
    return json.loads(said)["seconds"], numpy.fromfile(out, dtype=numpy.float64)


def clocked(call):
    start = time.perf_counter()
    values = call()
    return time.perf_counter() - start, values


def compare(name, rounds, ours, theirs):
    """Each gives seconds and values."""
    times = ([], [])
    for _ in range(rounds):
        seconds, mine = ours()
        times[0].append(seconds)
        seconds, other = theirs()
        times[1].append(seconds)
    other = numpy.asarray(other, dtype=numpy.float64).ravel()
    medians = [statistics.median(all_times) for all_times in times]
    print(json.dumps({"what": name, "limpid_seconds": round(medians[0], 4), "peer_seconds": round(medians[1], 4), "ratio": round(medians[0] / medians[1], 4),
                      "apart": float(numpy.abs(mine - other).max()), "largest": float(numpy.abs(other).max())}), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program", help="the built bench_trees")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    print(json.dumps({"xgboost": xgboost.__version__, "shap": shap.__version__, "numpy": numpy.__version__}))
    train, target = table(20000, 1)
    with tempfile.TemporaryDirectory() as folder:
        # Depth, trees, rows explained.
        for depth, trees, count in ((3, 500, 5000), (6, 100, 5000), (6, 100, 20), (8, 50, 2000), (12, 20, 300), (16, 10, 100)):
            booster = xgboost.train({"max_depth": depth, "eta": 0.1, "nthread": 1, "seed": 1}, xgboost.DMatrix(train, target), trees)
            model = os.path.join(folder, "model.json")
            booster.save_model(model)
            booster.set_param({"nthread": 1})
            values, _ = table(count, 2)
            rows = os.path.join(folder, "rows.f32")
            values.tofile(rows)
            matrix = xgboost.DMatrix(values)
            label = f"depth {depth}, {trees} trees, {count} rows"

            def contributions(booster=booster, matrix=matrix):
                seconds, found = clocked(lambda: booster.predict(matrix, pred_contribs=True))
                return seconds, found[:, :-1]
            compare(f"values, {label}", arguments.rounds, lambda: limpid(arguments.program, model, rows, "values", folder), contributions)

            few, few_rows = values[:50], os.path.join(folder, "few.f32")
            few.tofile(few_rows)
            if depth in (6, 8):
                few_matrix = xgboost.DMatrix(few)

                def interactions(booster=booster, few_matrix=few_matrix):
                    seconds, found = clocked(lambda: booster.predict(few_matrix, pred_interactions=True))
                    return seconds, found[:, :-1, :-1]
                compare(f"interactions, depth {depth}, {trees} trees, {len(few)} rows", arguments.rounds,
                        lambda: limpid(arguments.program, model, few_rows, "interactions", folder), interactions)
            if depth in (6, 8, 12) and count > 100:
                background = train[:100]
                against = os.path.join(folder, "background.f32")
                background.tofile(against)
                explainer = shap.TreeExplainer(booster, background, feature_perturbation="interventional")
                compare(f"against 100 rows, depth {depth}, {trees} trees, {len(few)} rows", arguments.rounds,
                        lambda: limpid(arguments.program, model, few_rows, against, folder),
                        lambda: clocked(lambda: explainer.shap_values(few, check_additivity=False)))


if __name__ == "__main__":
    sys.exit(main())
