#!/usr/bin/env python3
"""Tests of the distribution with TensorRT on an NVIDIA GPU. Needs Python 3.8 or later and nothing else; see README.md."""
import argparse
import os
import subprocess
import sys
import traceback
import zipfile

import bench
import errors
import kit
import server
import story
import traffic
import traps
from results import Results

PHASES = ("plans", "story", "traps", "errors", "servers", "bench")


def options():
    here = os.path.dirname(os.path.abspath(__file__))
    root = os.path.dirname(os.path.dirname(here))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", default=os.path.join(root, "runtime", "distribution", "target", "opgraft"),
                        help="the distribution")
    parser.add_argument("--tensorrt-home", help="folder of TensorRT 10; without it the loader's path")
    parser.add_argument("--programs", default=os.path.join(root, "itests", "target", "gpu"),
                        help="folder with the programs of native/build.sh")
    parser.add_argument("--fixtures", default=os.path.join(root, "itests", "target", "tensorrt"),
                        help="folder with the libraries of fixtures/tensorrt/build.sh")
    parser.add_argument("--classes", default=os.path.join(root, "itests", "target", "test-classes"),
                        help="compiled classes of itests, for the benchmark inside the server")
    parser.add_argument("--plans", default="plans", help="folder of plans; those that are there are not built again")
    parser.add_argument("--work", default="work", help="folder for everything else, RESULTS.md among it")
    parser.add_argument("--phases", default=",".join(PHASES), help="which of " + ", ".join(PHASES))
    parser.add_argument("--seconds", type=int, default=60, help="how long bundles are updated under load")
    parser.add_argument("--cycles", type=int, default=200, help="how many update cycles")
    parser.add_argument("--calls", type=int, default=3000, help="calls of one round of the benchmark")
    chosen = parser.parse_args()
    chosen.phases = chosen.phases.split(",")
    unknown = set(chosen.phases) - set(PHASES)
    if unknown:
        parser.error("there is no phase " + ", ".join(sorted(unknown)))
    if not os.path.exists(os.path.join(chosen.home, "opgraft")):
        parser.error(chosen.home + " is no distribution; build it with mvn package, or name it with --home")
    return chosen


def environment(parts, results):
    results.state["environment"].update({
        "GPU": kit.query("name"), "driver": kit.query("driver_version"), "memory, MiB": kit.query("memory.total"),
        "processors": str(os.cpu_count()),
        "Java": java(parts), "Opgraft": text([os.path.join(parts.home, "opgraft"), "version"]),
    })


def java(parts):
    release = os.path.join(os.environ.get("JAVA_HOME", "/nonexistent"), "release")
    if os.path.exists(release):
        with open(release) as file:
            for line in file:
                if line.startswith("JAVA_VERSION="):
                    return line.split("=")[1].strip().strip('"')
    return text(["java", "-version"])


def text(command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        return " ".join((done.stdout + done.stderr).split())[:200]
    except (OSError, subprocess.SubprocessError) as problem:
        return repr(problem)


def build_plans(parts, results):
    results.begin("plans")
    if parts.has_plan("addsub") and parts.has_plan("scale") and parts.has_plan("conv"):
        results.check(True, "plans are there already")
        results.end()
        return
    library = os.path.join(parts.folder("plans"), "libaddsub.so")
    with zipfile.ZipFile(parts.example(traffic.BUNDLE, "1.0.0")) as jar, open(library, "wb") as file:
        file.write(jar.read("native/linux-x86_64/libaddsub.so"))
    done = subprocess.run([os.path.join(parts.programs, "plans"), parts.plans, library,
                           os.path.join(parts.fixture("scale-1"), "libscale.so")], capture_output=True, text=True,
                          env=dict(os.environ, LD_LIBRARY_PATH=parts.library_path()), timeout=400)
    for line in done.stdout.splitlines():
        results.figure("plan", line)
    needed = all(parts.has_plan(name) for name in ("addsub", "addsub_4k", "scale", "conv"))
    results.check(done.returncode == 0 and needed, "plans are built in a process of their own",
                  "exit %d %s" % (done.returncode, done.stderr[-500:]))
    results.end()


def serve(parts, results, name, repository, *phases):
    """Phases that share a server."""
    running = server.Server(parts.home, parts.folder("data-" + name), repository(parts),
                            os.path.join(parts.work, name + ".log"), tensorrt=parts.tensorrt)
    try:
        if "TensorRT" not in results.state["environment"]:
            results.state["environment"]["TensorRT"] = next(
                (line.strip() for line in running.command("opgraft:status").splitlines() if "tensorrt" in line), "")
        for phase in phases:
            attempt(results, lambda phase=phase: phase(parts, results, running))
            if not running.alive():
                results.check(False, "the server lives", running.tail())
                return
        results.check(running.close() == 0, "the server ends with exit code 0 after " + name)
    finally:
        running.close()


def attempt(results, phase):
    """A phase that breaks is a failure, and the next ones run."""
    try:
        phase()
    except Exception:
        if results.phase is None:
            results.begin("start")
        results.check(False, "the phase ends", traceback.format_exc()[-900:])
        results.end()


def main():
    chosen = options()
    parts = kit.Kit(chosen)
    results = Results(parts.work)
    environment(parts, results)
    steps = {
        "plans": lambda: build_plans(parts, results),
        "story": lambda: serve(parts, results, "story", story.repository, story.tell, story.threads, story.updates,
                               story.retire, story.cycles),
        "traps": lambda: traps.spring(parts, results),
        "errors": lambda: serve(parts, results, "errors", errors.repository, errors.plans, errors.requests),
        "servers": lambda: [attempt(results, step) for step in (lambda: errors.without(parts, results),
                                                                lambda: errors.allowed(parts, results),
                                                                lambda: errors.limited(parts, results),
                                                                lambda: traps.preload(parts, results))],
        "bench": lambda: bench.run(parts, results),
    }
    for phase in PHASES:
        if phase in chosen.phases:
            attempt(results, steps[phase])
    results.save()
    print("%s: %d failed" % (results.report, results.failures()))
    return 1 if results.failures() else 0


if __name__ == "__main__":
    sys.exit(main())
