"""The demo's story with plans, two libraries of one name, updates, retirement, update cycles."""
import os
import statistics
import time
import zipfile

import kit
import server
import traffic
from traffic import BUNDLE, OTHER, ask, deploy_example, request, right


def repository(parts):
    """One plan, served under five names that differ only in what they pin."""
    models = parts.folder("models-story")
    two = "instance_group [ { count: 2 kind: KIND_GPU } ]\n"
    kit.model(parts, models, "addsub_v1", "addsub", pins=[BUNDLE + ";version='[1.0,1.1)'"])
    kit.model(parts, models, "addsub_v2", "addsub", pins=[BUNDLE + ";version='[1.1,2.0)'"])
    kit.model(parts, models, "addsub_other", "addsub", pins=[OTHER])
    kit.model(parts, models, "addsub_live", "addsub", pins=["io.opgraft.example.live"], extra=two)
    kit.model(parts, models, "addsub_any", "addsub")
    kit.model(parts, models, "scaled", "scale", "FP32", pins=["fixture.scale"])
    return models


def live(parts, version, suffix=b""):
    """A bundle that is updated in place; its library is that of an example version, with a digest of its own."""
    library = os.path.join(parts.folder("live"), "libaddsub.so")
    with zipfile.ZipFile(parts.example(BUNDLE, version)) as jar, open(library, "wb") as file:
        file.write(jar.read("native/linux-x86_64/libaddsub.so"))
    target = os.path.join(parts.work, "live-%s.jar" % version)
    return kit.bundle(target, "io.opgraft.example.live", version, os.path.dirname(library), "TRTISExampleAddSub/1",
                      "libaddsub.so", suffix)


def tell(parts, results, running):
    results.begin("story")
    deploy_example(parts, running, BUNDLE, "1.0.0", "one.jar")
    deploy_example(parts, running, BUNDLE, "1.1.0", "two.jar")
    deploy_example(parts, running, OTHER, "1.0.0", "other.jar")
    kit.deploy(live(parts, "1.0.0"), running.deploy, "live.jar")
    ask(results, running, "addsub_v1", BUNDLE, "1.0.0", ", with the plan of all three", 120)
    ask(results, running, "addsub_v2", BUNDLE, "1.1.0")
    ask(results, running, "addsub_other", OTHER, "1.0.0")
    state, reason = running.await_settled("addsub_any", 20)
    results.check(state != "READY" and BUNDLE in reason and OTHER in reason,
                  "a model that several bundles fit asks for a pin", reason)
    explained = running.command("opgraft:explain addsub_any")
    results.check(OTHER in explained, "opgraft:explain says so too", explained)
    wiring = running.command("opgraft:wiring addsub_v1")
    results.check("TRTISExampleAddSub/1" in wiring and BUNDLE in wiring, "opgraft:wiring shows the plugin", wiring)

    clients = traffic.Traffic(running.port, [("addsub_live", "io.opgraft.example.live")], 8)
    steady = clients.await_answers("io.opgraft.example.live/1.0.0", 200)
    impact = running.command("opgraft:impact io.opgraft.example.live %s" % live(parts, "1.1.0"))
    kit.deploy(live(parts, "1.1.0"), running.deploy, "live.jar")
    switched = clients.await_answers("io.opgraft.example.live/1.1.0", 200)
    report = clients.stop()
    results.check(steady and switched and report.failed == 0 and report.wrong == 0,
                  "1.0.0 becomes 1.1.0 under 8 clients, none fails, none is wrong",
                  "%s, longest gap %.0f ms %s" % (report.answers, report.longest * 1000, report.problems))
    results.check("addsub_live" in impact, "opgraft:impact had said which model moves", impact)
    back = running.command("opgraft:rollback addsub_live")
    ask(results, running, "addsub_live", "io.opgraft.example.live", "1.0.0", " after a rollback")
    running.command("opgraft:release addsub_live")
    ask(results, running, "addsub_live", "io.opgraft.example.live", "1.1.0", " after its release " + back.strip()[:60])

    pair = {"INPUT0": ("FP32", [1, 16], server.floats(*range(16))), "INPUT1": ("FP32", [1, 16], server.floats(*[1] * 16))}
    state, reason = running.await_settled("scaled", 20)
    results.check(state != "READY" and "FixtureAddSub/1" in reason, "a plan without its bundle names the plugin", reason)
    jar = kit.bundle(os.path.join(parts.work, "scale.jar"), "fixture.scale", "1.0.0", parts.fixture("scale-1"),
                     "FixtureAddSub/1")
    start = time.monotonic()
    kit.deploy(jar, running.deploy, "scale.jar")
    answer = running.await_answer("scaled", pair, lambda each: each.status == 200)
    results.check(answer.floats("OUTPUT0") == [2 * (i + 1.0) for i in range(16)],
                  "and answers %.0f ms after the bundle came" % (1000 * (time.monotonic() - start)),
                  answer.error or answer.ops)
    os.remove(os.path.join(running.deploy, "scale.jar"))
    answer = running.await_answer("scaled", pair, lambda each: each.status != 200, 30)
    results.check(answer.status == 503 or answer.status == 400, "and waits when it goes", answer.error)
    ask(results, running, "addsub_v1", BUNDLE, "1.0.0", " all the while")
    metrics = running.metrics()
    figures = sorted({line.split("{")[0].split(" ")[0] for line in metrics.splitlines() if line.startswith("nv_gpu_")})
    results.check("nv_gpu_memory_used_bytes" in figures and "nv_gpu_memory_total_bytes" in figures,
                  "the metrics have the GPU", figures)
    status = running.command("opgraft:status")
    results.check("tensorrt" in status, "opgraft:status names the backend", status)
    results.end()


def threads(parts, results, running):
    results.begin("two libraries of one name, 4 threads")
    count = 2000
    start = time.monotonic()
    report = traffic.Traffic(running.port, [("addsub_v1", BUNDLE, "1.0.0"), ("addsub_other", OTHER, "1.0.0")], 4,
                             count).join()
    results.check(report.failed == 0 and report.wrong == 0 and report.total() == 4 * count,
                  "%d answers, 0 failed, 0 wrong" % (4 * count),
                  "%s in %.1f s %s" % (report.answers, time.monotonic() - start, report.problems))
    results.end()


def updates(parts, results, running):
    results.begin("update every 2 s under 16 clients")
    clients = traffic.Traffic(running.port, [("addsub_live", "io.opgraft.example.live")], 16)
    start, turn = time.monotonic(), 0
    while time.monotonic() - start < parts.seconds:
        kit.deploy(live(parts, ("1.0.0", "1.1.0")[turn % 2]), running.deploy, "live.jar")
        turn += 1
        time.sleep(2)
    report = clients.stop()
    results.check(report.failed == 0 and report.wrong == 0 and len(report.answers) == 2,
                  "%d updates in %d s, 0 failed, 0 wrong" % (turn, parts.seconds),
                  "%s, longest wait %.0f ms %s" % (report.answers, report.longest * 1000, report.problems))
    results.figure("answers", report.total())
    results.figure("longest time between two answers to one client, ms", "%.0f" % (report.longest * 1000))
    results.end()


def retire(parts, results, running):
    results.begin("retire and come back")
    file = os.path.join(running.deploy, "other.jar")
    clients = traffic.Traffic(running.port, [("addsub_v1", BUNDLE, "1.0.0")], 4)
    for turn in range(3):
        os.remove(file)
        answer = running.await_answer("addsub_other", request(), lambda each: each.status != 200, 30)
        gone = results.check(answer.status != 200, "without its bundle the model says so", answer.error)
        deploy_example(parts, running, OTHER, "1.0.0", "other.jar")
        if not ask(results, running, "addsub_other", OTHER, "1.0.0", " when it is back") or not gone:
            break
    report = clients.stop()
    results.check(report.failed == 0 and report.wrong == 0, "the other library's model went on",
                  "%s %s" % (report.answers, report.problems))
    retained = running.command("opgraft:retained")
    results.check("addsub" in retained, "opgraft:retained counts what stays loaded", retained)
    results.end()


def cycles(parts, results, running):
    results.begin("update cycles")
    memory, times, done = [], [], 0
    limit = time.monotonic() + 100
    session = running.shell()
    names = {}
    for turn in range(parts.cycles):
        version = ("1.0.0", "1.1.0")[turn % 2]
        # Twenty libraries of their own digest first, then two in turn: what grows is then no longer the libraries.
        suffix = b"cycle %06d" % min(turn, 20 + turn % 2)
        jar = live(parts, version, suffix)
        names[suffix] = True
        start = time.monotonic()
        told, status = session.run("opgraft:update io.opgraft.example.live %s" % jar)
        if status != 0:
            results.check(False, "cycle %d" % turn, told)
            break
        answer = running.await_answer("addsub_live", request(),
                                      lambda each: right(each, "io.opgraft.example.live", version), 30)
        times.append(time.monotonic() - start)
        if not right(answer, "io.opgraft.example.live", version):
            results.check(False, "cycle %d" % turn, answer.error or answer.ops)
            break
        done += 1
        if turn % 10 == 9:
            memory.append((turn + 1, running.rss(), kit.device_memory()))
        if time.monotonic() > limit:
            break
    session.close()
    results.check(done == parts.cycles, "%d update cycles, each seen in an answer" % done,
                  "%d different libraries" % len(names))
    if memory:
        results.figure("cycles: RSS in MiB, device memory in MiB",
                       "; ".join("%d: %d, %d" % (turn, rss // 1024, device) for turn, rss, device in memory))
        half = memory[len(memory) // 2]
        last = memory[-1]
        if last[0] > half[0]:
            results.figure("growth in the second half, KiB of RSS and MiB of device memory a cycle",
                           "%.1f, %.3f" % ((last[1] - half[1]) / (last[0] - half[0]),
                                           (last[2] - half[2]) / (last[0] - half[0])))
        results.check(last[2] - memory[0][2] <= 64, "device memory does not grow",
                      "%d to %d MiB" % (memory[0][2], last[2]))
    results.figure("one update, ms (median)", "%.0f" % (1000 * statistics.median(times)))
    results.end()
