#!/usr/bin/env python3
"""Training dense networks and LeNet: Limpid against Python PyTorch, in rounds that take turns, one thread each.

    /usr/bin/python3 tests/bench/bench_train.py build/dev/tests/bench/bench_train [--rounds N] [--only SHAPE] [--digits FOLDER]

Needs Debian's python3-torch, which stands on the same LibTorch. Both train the same network on the same rows from the
same weights in the same order with Adam. Python runs two loops: raw (tensors sliced by an index, the usual fast script)
and DataLoader (the usual script). Prints a table: samples a second as ratios of medians, the share of the bare matrix
products' own time (dense networks), and how far the losses of the first 100 steps lie apart. LeNet learns the MNIST digits of
the folder given, two files of the IDX format, gzipped; their pixels are divided by 255.
"""
import argparse
import glob
import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)  # the BLAS chooses its kernels by itself, as it does for a user

import numpy  # noqa: E402
import torch  # noqa: E402
from torch.utils.data import DataLoader, TensorDataset  # noqa: E402

SHAPES = [("30-64-64-2", 32, 6000), ("100-256-256-10", 128, 1500), ("lenet", 64, 624)]


def network(shape):
    if shape == "lenet":
        return torch.nn.Sequential(
            torch.nn.Conv2d(1, 6, 5, padding=2), torch.nn.ReLU(), torch.nn.MaxPool2d(2),
            torch.nn.Conv2d(6, 16, 5), torch.nn.ReLU(), torch.nn.MaxPool2d(2), torch.nn.Flatten(),
            torch.nn.Linear(400, 120), torch.nn.ReLU(), torch.nn.Linear(120, 84), torch.nn.ReLU(), torch.nn.Linear(84, 10))
    widths = [int(w) for w in shape.split("-")]
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


def unpack_digits(source, folder):
    """Leaves images.f32 and labels.u8 in the folder."""
    def idx(kind, header):
        name = glob.glob(os.path.join(source, f"*-{kind}-ubyte.gz"))[0]
        with gzip.open(name) as file:
            return numpy.frombuffer(file.read(), dtype=numpy.uint8)[header:]
    (idx("images-idx3", 16).astype(numpy.float32) / numpy.float32(255)).tofile(folder + "/images.f32")
    idx("labels-idx1", 8).tofile(folder + "/labels.u8")


def prepare(folder, shape):
    values = numpy.fromfile(folder + "/weights.f32", dtype=numpy.float32)
    x = torch.from_numpy(numpy.fromfile(folder + "/x.f32", dtype=numpy.float32))
    x = x.view(-1, 1, 28, 28) if shape == "lenet" else x.view(-1, int(shape.split("-")[0]))
    y = torch.from_numpy(numpy.fromfile(folder + "/y.f32", dtype=numpy.float32)).long()
    order = torch.from_numpy(numpy.fromfile(folder + "/order.i64", dtype=numpy.int64))
    return values, x, y, order


def raw_loop(folder, shape, batch, steps):
    """Gives seconds a step and the first losses."""
    values, x, y, order = prepare(folder, shape)
    model = network(shape)
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


def loader_loop(folder, shape, batch, steps):
    values, x, y, _ = prepare(folder, shape)
    model = network(shape)
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
    parser.add_argument("--only", choices=[shape for shape, _, _ in SHAPES], help="this network alone")
    parser.add_argument("--digits", default=os.path.join(HERE, "../../../shared/data/mnist_10k"), help="folder of the MNIST files")
    options = parser.parse_args()
    torch.set_num_threads(1)
    print(f"torch {torch.__version__}, Python {sys.version.split()[0]}, {options.rounds} rounds")
    for shape, batch, steps in SHAPES:
        if options.only not in (None, shape):
            continue
        ours, bare, raw, loader, apart = [], [], [], [], 0.0
        with tempfile.TemporaryDirectory() as folder:
            if shape == "lenet":
                unpack_digits(options.digits, folder)
            for _ in range(options.rounds):
                out = subprocess.run([options.program, shape, str(batch), str(steps), "--dump", folder],
                                     check=True, capture_output=True, text=True).stdout
                result = json.loads(out)
                ours.append(result["seconds_per_step"])
                bare.append(result["bare_products"])
                seconds, losses = raw_loop(folder, shape, batch, steps // 4)
                raw.append(seconds)
                loader.append(loader_loop(folder, shape, batch, steps // 4))
                apart = max(abs(a - b) / abs(b) for a, b in zip(result["losses"], losses))
        mine = statistics.median(ours)
        share = f"bare products take {statistics.median(bare) / mine:.2f} of the step ({statistics.median(bare) * 1e6:.1f} µs); "
        if shape == "lenet":
            share = ""
        print(f"{shape}, batch {batch}: Limpid {mine * 1e6:.1f} µs a step ({batch / mine:,.0f} samples/s), "
              f"{statistics.median(raw) / mine:.2f} × a raw tensor loop ({statistics.median(raw) * 1e6:.0f} µs), "
              f"{statistics.median(loader) / mine:.2f} × a DataLoader loop ({statistics.median(loader) * 1e6:.0f} µs); "
              f"{share}losses of 100 steps at most {apart:.1e} apart")


if __name__ == "__main__":
    main()
