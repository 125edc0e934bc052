#!/usr/bin/env python3
"""Explaining beside shap, captum and lime, in rounds that take turns, one thread each.

    $(tests/bench/venv.sh requirements-explain.txt) tests/bench/bench_peers.py build/dev/tests/bench/bench_peers [--rounds N]

A network 30-64-64-1 with ReLU, 50 rows against 100 background rows; Limpid and PyTorch compute it from the same weights in
float32. LIME samples 5000 rows around each of ten, like all 8192 rows of the table. Prints for each method the ratio of the medians of the times, and where values can be compared how far they lie
apart; then the error at equal budgets: on the network against values from a budget 128 times as large, and on a sum of
products of three columns each, whose Shapley values can be written down.
"""
import argparse
import importlib.metadata
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[name] = "1"
for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)  # the BLAS chooses its kernels by itself, as it does for a user

import captum  # noqa: E402
import captum.attr  # noqa: E402
import lime.lime_tabular  # noqa: E402
import numpy  # noqa: E402
import shap  # noqa: E402
import torch  # noqa: E402

WIDTHS = [30, 64, 64, 1]
BUDGET = 2048
LIME_SAMPLES, LIME_ROWS = 5000, 10


class Limpid:
    """The program at the other end of a pipe."""

    def __init__(self, program, folder):
        self.folder = folder
        self.process = subprocess.Popen([program, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline().strip() == "ready"

    def run(self, method, budget=0, seed=1, features=10):
        self.process.stdin.write(f"{method} {budget} {seed} {features}\n")
        self.process.stdin.flush()
        seconds = float(self.process.stdout.readline())
        return seconds, numpy.fromfile(self.folder + "/values.f64").reshape(-1, WIDTHS[0])

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def network(folder):
    values = numpy.fromfile(folder + "/weights.f32", dtype=numpy.float32)
    layers, at = [], 0
    for i, (fan_in, fan_out) in enumerate(zip(WIDTHS, WIDTHS[1:])):
        layer = torch.nn.Linear(fan_in, fan_out)
        with torch.no_grad():
            for parameter in (layer.weight, layer.bias):
                parameter.copy_(torch.from_numpy(values[at:at + parameter.numel()].copy()).view_as(parameter))
                at += parameter.numel()
        layers += [layer] if i + 2 == len(WIDTHS) else [layer, torch.nn.ReLU()]
    assert at == len(values)
    return torch.nn.Sequential(*layers).eval()


def product_values(terms, rows, background):
    """The Shapley values of sum c * x_i * x_j * x_k against each background row, meaned: of a product of three the mean over all
    orders of (x - b) times what the other two are when it joins."""
    values = numpy.zeros(rows.shape)
    for i, j, k, c in terms:
        for own, first, second in ((i, j, k), (j, i, k), (k, i, j)):
            own, first, second = int(own), int(first), int(second)
            x, b = rows[:, None, :], background[None, :, :]
            others = (x[..., first] * x[..., second] + b[..., first] * b[..., second]) / 3 \
                + (x[..., first] * b[..., second] + b[..., first] * x[..., second]) / 6
            values[:, own] += c * ((x[..., own] - b[..., own]) * others).mean(axis=1)
    return values


def timed(work):
    start = time.perf_counter()
    values = numpy.asarray(work(), dtype=numpy.float64)
    return time.perf_counter() - start, values


def relative(values, truth):
    """Median over rows of the relative L2 error."""
    return float(numpy.median(numpy.linalg.norm(values - truth, axis=1) / numpy.linalg.norm(truth, axis=1)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program", help="the built bench_peers")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    torch.set_num_threads(1)
    warnings.filterwarnings("ignore")
    print(f"shap {shap.__version__}, captum {captum.__version__}, lime {importlib.metadata.version('lime')}, torch {torch.__version__}, Python {sys.version.split()[0]}, "
          f"{options.rounds} rounds")
    with tempfile.TemporaryDirectory() as folder:
        limpid = Limpid(options.program, folder)
        scale = float(numpy.fromfile(folder + "/scale.f64")[0])
        rows, background = (numpy.fromfile(f"{folder}/{name}.f32", dtype=numpy.float32).reshape(-1, WIDTHS[0])
                            for name in ("rows", "background"))
        model = network(folder)
        x, reference = torch.from_numpy(rows), torch.from_numpy(background)

        def function(values):
            with torch.no_grad():
                return model(torch.from_numpy(numpy.ascontiguousarray(values, dtype=numpy.float32))).numpy()[:, 0]

        def kernel(l1_reg="num_features(10)", nsamples=BUDGET):
            return shap.KernelExplainer(function, background).shap_values(rows, nsamples=nsamples, l1_reg=l1_reg, silent=True)

        def permutation():
            explainer = shap.PermutationExplainer(function, shap.maskers.Independent(background, max_samples=len(background)), seed=1)
            return explainer(rows, max_evals=610, silent=True).values

        def deep():
            return shap.DeepExplainer(model, reference).shap_values(x)[..., 0]

        def captum_deep():
            return captum.attr.DeepLiftShap(model).attribute(x, reference).detach().numpy()

        def gradients():
            middle = reference.mean(dim=0, keepdim=True)
            return captum.attr.IntegratedGradients(model).attribute(x, middle, n_steps=50, method="gausslegendre").detach().numpy()

        def lime_tabular(features=10):
            training = numpy.fromfile(f"{folder}/all.f32", dtype=numpy.float32).reshape(-1, WIDTHS[0])
            explainer = lime.lime_tabular.LimeTabularExplainer(training, mode="regression", random_state=1)
            values = numpy.zeros((LIME_ROWS, WIDTHS[0]))
            for row in range(LIME_ROWS):
                found = explainer.explain_instance(rows[row], function, num_features=features, num_samples=LIME_SAMPLES)
                for column, value in found.as_map()[1]:
                    values[row, column] = value
            return values

        def pairs():
            return {
                "Leverage SHAP / shap's KernelExplainer, its default": (("leverage", BUDGET), kernel, False),
                "Kernel SHAP / shap's KernelExplainer without selection": (("kernel", BUDGET), lambda: kernel(l1_reg=0), False),
                "Permutation SHAP / shap's PermutationExplainer": (("permutation", 610), permutation, False),
                "DeepLIFT / shap's DeepExplainer": (("deeplift",), deep, True),
                "DeepLIFT / captum's DeepLiftShap": (("deeplift",), captum_deep, True),
                "LIME / lime's LimeTabularExplainer": (("lime", LIME_SAMPLES), lime_tabular, False),
                "Integrated gradients / captum's": (("integrated-gradients", 50), gradients, True),
            }

        forward = []
        for name, (ours, theirs, comparable) in pairs().items():
            mine, other, apart = [], [], 0.0
            for number in range(options.rounds + 1):
                seconds, values = limpid.run(*ours)
                their_seconds, their_values = timed(theirs)
                if comparable:
                    apart = max(apart, float(numpy.abs(values - scale * their_values.reshape(values.shape)).max()))
                whole = limpid.run("forward")[0] if "Leverage" in name else None
                if number == 0:
                    continue  # warm-up
                mine.append(seconds)
                other.append(their_seconds)
                if whole is not None:
                    forward.append(whole)
            line = f"{name}: {statistics.median(mine):.3f} s and {statistics.median(other):.3f} s, {statistics.median(other) / statistics.median(mine):.1f} × as fast"
            if forward and "Leverage" in name:
                line += f"; {statistics.median(mine) / statistics.median(forward):.2f} of the plain forward pass of the same rows"
            print(line + (f"; values at most {apart:.1e} apart" if comparable else ""), flush=True)

        ours, again = (limpid.run("lime", LIME_SAMPLES, seed, WIDTHS[0])[1] for seed in (1, 2))
        print(f"LIME with all columns: {relative(scale * lime_tabular(WIDTHS[0]), ours):.3f} apart from lime's, {relative(again, ours):.3f} from another seed", flush=True)

        truth = limpid.run("leverage", 128 * BUDGET, 77)[1]
        for budget in (256, BUDGET):
            ours = statistics.median(relative(limpid.run("leverage", budget, seed)[1], truth) for seed in range(1, 6))
            theirs = relative(scale * kernel(nsamples=budget), truth)
            unselected = relative(scale * kernel(0, budget), truth)
            print(f"error at {budget} evaluations: Leverage SHAP {ours:.4f}, shap's default {theirs:.4f} ({theirs / ours:.1f} ×), "
                  f"shap without selection {unselected:.4f} ({unselected / ours:.1f} ×)", flush=True)

        terms = numpy.fromfile(folder + "/products.f64").reshape(-1, 4)
        i, j, k = (terms[:, n].astype(int) for n in range(3))

        def products(values):
            values = numpy.asarray(values, dtype=numpy.float64)
            return (values[:, i] * values[:, j] * values[:, k]) @ terms[:, 3]

        exact = product_values(terms, rows.astype(numpy.float64), background.astype(numpy.float64))
        for budget in (256, BUDGET):
            ours = statistics.median(relative(limpid.run("products", budget, seed)[1], exact) for seed in range(1, 6))
            theirs, unselected = (
                relative(shap.KernelExplainer(products, background).shap_values(rows, nsamples=budget, l1_reg=l1_reg, silent=True), exact)
                for l1_reg in ("num_features(10)", 0))
            print(f"error at {budget} evaluations on the sum of products, against its exact values: Leverage SHAP {ours:.4f}, "
                  f"shap's default {theirs:.4f} ({theirs / ours:.1f} ×), shap without selection {unselected:.4f} "
                  f"({unselected / ours:.1f} ×)", flush=True)
        limpid.close()


if __name__ == "__main__":
    main()
