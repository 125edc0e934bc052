#!/usr/bin/env python3
"""Reading a CSV file: Limpid against pandas' C reader, in rounds that take turns.

    $(tests/bench/venv.sh) tests/bench/bench_csv.py build/dev/tests/bench/bench_csv ../shared/data/flights_1m/flights_1m.csv

Both readers get a process of their own each round (peak memory is the process's), and the time is of the reading alone,
with the file already in the page cache. pandas is taken as it comes (dates stay strings); with --typed also with the
dates read and strings as categories, which is what Limpid does. Prints one JSON document. On a machine that is busy
with other work compare the processor seconds.
"""
import argparse
import json
import statistics
import subprocess
import sys

PANDAS = """
import json, resource, sys, time
import pandas
path, like = sys.argv[1], sys.argv[2]
options = {"engine": "c"}
if like == "typed":
    head = pandas.read_csv(path, nrows=1000)
    strings = [c for c in head.columns if head[c].dtype == object]
    dates = [c for c in strings if head[c].astype(str).str.match(r"^\\d{4}-\\d\\d-\\d\\d").all()]
    options["parse_dates"] = dates
    options["dtype"] = {c: "category" for c in strings if c not in dates}
start, before = time.perf_counter(), time.process_time()
frame = pandas.read_csv(path, **options)
seconds, cpu = time.perf_counter() - start, time.process_time() - before
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps({"seconds": seconds, "cpu_seconds": cpu, "peak_bytes": peak, "rows": len(frame), "version": pandas.__version__}))
"""


def run(command):
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program", help="the built bench_csv")
    parser.add_argument("file")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--typed", action="store_true")
    arguments = parser.parse_args()

    commands = {
        "limpid": [arguments.program, arguments.file, str(arguments.threads)],
        "limpid, one thread": [arguments.program, arguments.file, "1"],
        "pandas": [sys.executable, "-c", PANDAS, arguments.file, "plain"],
    }
    if arguments.typed:
        commands["pandas, typed"] = [sys.executable, "-c", PANDAS, arguments.file, "typed"]
    results = {name: [] for name in commands}
    for _ in range(arguments.rounds):
        for name, command in commands.items():
            results[name].append(run(command))

    medians = {name: statistics.median(r["seconds"] for r in rounds) for name, rounds in results.items()}
    first = results["limpid"][0]
    print(json.dumps({
        "file": arguments.file,
        "file_bytes": first["file_bytes"],
        "rows": first["rows"],
        "rounds": arguments.rounds,
        "pandas": results["pandas"][0]["version"],
        "median_seconds": medians,
        "fastest_seconds": {name: min(r["seconds"] for r in rounds) for name, rounds in results.items()},
        "times_as_fast_as_pandas": medians["pandas"] / medians["limpid"],
        "times_as_fast_as_pandas_one_thread": medians["pandas"] / medians["limpid, one thread"],
        "median_cpu_seconds": {n: statistics.median(r["cpu_seconds"] for r in rs) for n, rs in results.items()},
        "peak_of_file": {name: max(r["peak_bytes"] for r in rounds) / first["file_bytes"] for name, rounds in results.items()},
    }, indent=2))


if __name__ == "__main__":
    main()
