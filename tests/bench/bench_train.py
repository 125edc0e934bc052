#!/usr/bin/env python3
"""Training a dense network: Limpid against Python PyTorch, in rounds that take turns, one thread each.

    /usr/bin/python3 tests/bench/bench_train.py build/dev/tests/bench/bench_train [--rounds N]

Needs Debian's python3-torch, which stands on the same LibTorch. Both train the same network on the same rows from the
same weights in the same order with Adam. Python runs two loops: raw (tensors sliced by an index, the usual fast script)
and DataLoader (the usual script). Prints a table: samples a second as ratios of medians, the share of the bare matrix
products' own time, and how far the losses of the first 100 steps lie apart.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
os.environ.pop("OPENBLAS_CORETYPE", None)  # the BLAS chooses its kernels by itself, as it does for a user

import numpy  # noqa: E402
import torch  # noqa: E402
from torch.utils.data import DataLoader, TensorDataset  # noqa: E402

SHAPES = [("30-64-64-2", 32, 6000), ("100-256-256-10", 128, 1500)]


def network(widths):
    layers = []
    for i in range(1, len(widths)):
        layers.append(torch.nn.Linear(widths[i - 1], widths[i]))
        if i + 1 < len(widths):
            layers.append(torch.nn.ReLU())
    return torch.nn.Sequential(*layers)


def load(model, values):
    at = 0
    with torch.no_grad():
        for parameter in model.parameters():
            count = parameter.numel()
            parameter.copy_(torch.from_numpy(values[at:at + count].copy()).view_as(parameter))
            at += count
    assert at == len(values)


def prepare(folder, widths):
    values = numpy.fromfile(folder + "/weights.f32", dtype=numpy.float32)
    x = torch.from_numpy(numpy.fromfile(folder + "/x.f32", dtype=numpy.float32)).view(-1, widths[0])
    y = torch.from_numpy(numpy.fromfile(folder + "/y.f32", dtype=numpy.float32)).long()
    order = torch.from_numpy(numpy.fromfile(folder + "/order.i64", dtype=numpy.int64))
    return values, x, y, order


def raw_loop(folder, widths, batch, steps):
    """Gives seconds a step and the first losses."""
    values, x, y, order = prepare(folder, widths)
    model = network(widths)
    load(model, values)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    loss_function = torch.nn.CrossEntropyLoss()
    losses, done = [], 0
    start = time.perf_counter()
    while done < steps:
        for begin in range(0, len(x), batch):
            rows = order[begin:begin + batch]
            optimizer.zero_grad(set_to_none=True)
            loss = loss_function(model(x[rows]), y[rows])
            loss.backward()
            optimizer.step()
            if len(losses) < 100:
                losses.append(loss.item())
            done += 1
            if done == steps:
                break
        order = order[torch.randperm(len(order))]
    return (time.perf_counter() - start) / steps, losses


def loader_loop(folder, widths, batch, steps):
    values, x, y, _ = prepare(folder, widths)
    model = network(widths)
    load(model, values)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    loss_function = torch.nn.CrossEntropyLoss()
    loader = DataLoader(TensorDataset(x, y), batch_size=batch, shuffle=True)
    done = 0
    start = time.perf_counter()
    while done < steps:
        for rows, labels in loader:
            optimizer.zero_grad(set_to_none=True)
            loss = loss_function(model(rows), labels)
            loss.backward()
            optimizer.step()
            done += 1
            if done == steps:
                break
    return (time.perf_counter() - start) / steps


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program", help="the built bench_train")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    torch.set_num_threads(1)
    print(f"torch {torch.__version__}, Python {sys.version.split()[0]}, {options.rounds} rounds")
    for shape, batch, steps in SHAPES:
        widths = [int(w) for w in shape.split("-")]
        ours, bare, raw, loader, apart = [], [], [], [], 0.0
        with tempfile.TemporaryDirectory() as folder:
            for _ in range(options.rounds):
                out = subprocess.run([options.program, shape, str(batch), str(steps), "--dump", folder],
                                     check=True, capture_output=True, text=True).stdout
                result = json.loads(out)
                ours.append(result["seconds_per_step"])
                bare.append(result["bare_products"])
                seconds, losses = raw_loop(folder, widths, batch, steps // 4)
                raw.append(seconds)
                loader.append(loader_loop(folder, widths, batch, steps // 4))
                apart = max(abs(a - b) / abs(b) for a, b in zip(result["losses"], losses))
        mine = statistics.median(ours)
        print(f"{shape}, batch {batch}: Limpid {mine * 1e6:.1f} µs a step ({batch / mine:,.0f} samples/s), "
              f"{statistics.median(raw) / mine:.2f} × a raw tensor loop ({statistics.median(raw) * 1e6:.0f} µs), "
              f"{statistics.median(loader) / mine:.2f} × a DataLoader loop ({statistics.median(loader) * 1e6:.0f} µs); "
              f"bare products take {statistics.median(bare) / mine:.2f} of the step ({statistics.median(bare) * 1e6:.1f} µs); "
              f"losses of 100 steps at most {apart:.1e} apart")


if __name__ == "__main__":
    main()
