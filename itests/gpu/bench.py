"""Rows G1 and G2: what the server adds to a call, inside the process and over HTTP."""
import json
import os
import statistics
import subprocess
import sys
import zipfile

import kit
import server
import traffic

PAIRS = 11
BATCHING = "dynamic_batching { max_queue_delay_microseconds: 100 }\n"


def repository(parts):
    models = parts.folder("models-bench")
    for suffix, extra in (("", ""), ("_batching", BATCHING)):
        kit.model(parts, models, "addsub_4k" + suffix, "addsub_4k", "FP32", (1024,), pins=[traffic.BUNDLE], extra=extra)
        kit.model(parts, models, "conv" + suffix, "conv", "FP32", (3, 64, 64), sides=kit.SINGLE, extra=extra)
    return models


def inputs(model):
    if model.startswith("conv"):
        return {"INPUT0": ("FP32", [1, 3, 64, 64], server.floats(*[i / 12288 for i in range(12288)]))}
    values = server.floats(*range(1024))
    return {"INPUT0": ("FP32", [1, 1024], values), "INPUT1": ("FP32", [1, 1024], values)}


def run(parts, results):
    running = server.Server(parts.home, parts.folder("data-bench"), repository(parts),
                            os.path.join(parts.work, "bench.log"), tensorrt=parts.tensorrt)
    try:
        traffic.deploy_example(parts, running, traffic.BUNDLE, "1.0.0", "addsub.jar")
        results.begin("G1: in the process")
        for model in ("addsub_4k", "addsub_4k_batching", "conv", "conv_batching"):
            answer = running.await_answer(model, inputs(model), lambda each: each.status == 200, 60)
            results.check(answer.status == 200, "%s answers" % model, answer.error)
        kit.deploy(kit.bench_bundle(os.path.join(parts.work, "bench.jar"), parts.classes), running.deploy, "bench.jar")
        try:
            in_process(parts, results, running)
        except (OSError, RuntimeError, ValueError, IndexError) as problem:
            results.check(False, "both sides run", problem)
        results.end()
        over_http(parts, results, running)
    finally:
        running.close()


def floor(parts, model, graph):
    library = "-"
    if model == "addsub_4k":
        library = os.path.join(parts.folder("floor"), "libaddsub.so")
        with zipfile.ZipFile(parts.example(traffic.BUNDLE, "1.0.0")) as jar, open(library, "wb") as file:
            file.write(jar.read("native/linux-x86_64/libaddsub.so"))
    command = [os.path.join(parts.programs, "loop"), parts.plan(model), library, str(parts.calls)]
    process = subprocess.Popen(command + (["graph"] if graph else []), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               text=True, env=dict(os.environ, LD_LIBRARY_PATH=parts.library_path()))
    if process.stdout.readline().strip() != "ready":
        raise RuntimeError("loop did not start")
    return process


def in_process(parts, results, running):
    """Rounds of all sides in turn. The floor is the faster way in C++; the ratios to it are taken round by round."""
    session = running.shell()
    for model in ("conv", "addsub_4k"):
        raw = {"enqueue and copies": floor(parts, model, False), "a CUDA graph": floor(parts, model, True)}
        times = {side: [] for side in list(raw) + ["backend", "serving"]}
        try:
            for turn in range(PAIRS):
                for way, process in raw.items():
                    process.stdin.write("\n")
                    process.stdin.flush()
                    times[way].append(float(process.stdout.readline().split()[0]))
                for path in ("backend", "serving"):
                    text, status = session.run("bench:calls %s %d %s" % (model, parts.calls, path))
                    if status != 0:
                        raise RuntimeError(text)
                    times[path].append(float(text.split()[0]))
        finally:
            for process in raw.values():
                process.stdin.close()
                process.wait(30)
        # The first round is for warming up.
        medians = {side: statistics.median(values[1:]) for side, values in times.items()}
        fastest = min(raw, key=medians.get)
        ratios = [ours / theirs for ours, theirs in zip(times["backend"][1:], times[fastest][1:])]
        text = "backend %.1f us, with lease and checks %.1f us; C++ %s; ratio to the faster %.2f (%.2f to %.2f)" % (
            medians["backend"], medians["serving"], ", ".join("%s %.1f us" % (way, medians[way]) for way in raw),
            statistics.median(ratios), min(ratios), max(ratios))
        results.check(statistics.median(ratios) <= 1.05, "G1 %s <= 1.05 x the floor" % model, text)
    session.close()


def over_http(parts, results, running):
    results.begin("G2: over HTTP")
    for model in ("addsub_4k", "conv"):
        single = None
        for clients in (1, 16, 64):
            cells = []
            for suffix in ("", "_batching"):
                rate, p50, p99 = load(parts, running, model + suffix, clients)
                single = single or rate
                cells.append("%s: %.0f/s (%.1f x one client), p50 %.0f us, p99 %.0f us"
                             % ("dynamic batching" if suffix else "without", rate, rate / single, p50, p99))
            results.figure("%s, %d clients" % (model, clients), "; ".join(cells))
    results.check(running.alive(), "the server lives")
    results.end()


def load(parts, running, model, clients):
    body, head = server.inference(inputs(model))
    file = os.path.join(parts.work, "body.bin")
    with open(file, "wb") as content:
        content.write(body)
    processes = min(clients, 8)
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "load.py")
    started = [subprocess.Popen([sys.executable, script, str(running.port), model, str(clients // processes), "4", file,
                                 str(head)], stdout=subprocess.PIPE, text=True) for _ in range(processes)]
    answers = [json.loads(process.communicate(timeout=60)[0]) for process in started]
    return (sum(each["count"] / each["seconds"] for each in answers),
            statistics.median(each["p50"] for each in answers), max(each["p99"] for each in answers))
