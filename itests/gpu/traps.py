"""Every way in which a plugin library breaks isolation in silence, or takes the process with it: right or refused."""
import os
import shutil
import time
import zipfile

import kit
import server
import traffic

VALUES = [float(i) for i in range(16)]
# Folder of the fixture, and words one of which the refusal must have.
REFUSED = {
    "static-registration": ("getPluginRegistry", "REGISTER_TENSORRT_PLUGIN", "registers itself"),
    "no-entry-points": ("getCreators",),
    "no-creators": ("no plugin", "no creator", "FixtureAddSub/1"),
    "creators-throw": ("threw on purpose", "getCreators", "ended"),
    "create-null": ("null", "ended", "signal", "createPlugin", "crash"),
    "create-aborts": ("signal", "ended", "abort", "SIGABRT", "crash"),
    "enqueue-fails": ("enqueue", "isSuccess", "Assertion", "plugin"),
    "enqueue-aborts": ("signal", "ended", "abort", "SIGABRT", "crash"),
    "initialiser-throws": ("threw on purpose", "signal", "SIGABRT", "ended"),
    "undefined": ("opgraft_fixture_nowhere",),
    "name-space": ("FixtureAddSub/1",),
}
RIGHT = {"scale-1": 2, "scale-2": 10, "unique-1": 2, "unique-2": 10, "helper-1": 2, "helper-2": 10}


def pair(count=1):
    shape = [count, 16]
    return {"INPUT0": ("FP32", shape, server.floats(*(VALUES * count))),
            "INPUT1": ("FP32", shape, server.floats(*([1.0] * 16 * count)))}


def name(folder):
    return "trap_" + folder.replace("-", "_")


def repository(parts):
    models = parts.folder("models-traps")
    for folder in list(RIGHT) + list(REFUSED):
        kit.model(parts, models, name(folder), "scale", "FP32", pins=["fixture." + folder.replace("-", ".")])
    kit.model(parts, models, "healthy", "addsub", pins=[traffic.BUNDLE])
    example = os.path.join(parts.folder("private"), "libaddsub.so")
    with zipfile.ZipFile(parts.example(traffic.BUNDLE, "1.0.0")) as jar, open(example, "wb") as file:
        file.write(jar.read("native/linux-x86_64/libaddsub.so"))
    for each in ("private_a", "private_b"):
        kit.model(parts, models, each, "addsub", pins=["libaddsub.so"])
        os.link(example, os.path.join(models, each, "libaddsub.so"))
    return models


def right_factor(answer, factor):
    return (answer.status == 200 and answer.floats("OUTPUT0") == [factor * (v + 1) for v in VALUES]
            and answer.floats("OUTPUT1") == [factor * (v - 1) for v in VALUES])


def spring(parts, results):
    """All traps on one server; one that dies fails its trap, and the next traps get a server of their own."""
    results.begin("traps")
    waiting = list(RIGHT) + list(REFUSED)
    for start in range(1, len(waiting) + 1):
        running = server.Server(parts.home, parts.folder("data-traps"), repository(parts),
                                os.path.join(parts.work, "traps-%d.log" % start), tensorrt=parts.tensorrt)
        try:
            waiting = on_one_server(parts, results, running, waiting)
            if not waiting and running.alive():
                results.check(running.close() == 0, "the server ends with exit code 0")
        finally:
            running.close()
        if not waiting:
            break
    results.end()


def on_one_server(parts, results, running, waiting):
    """Which traps are left when the server is dead or all is done."""
    traffic.deploy_example(parts, running, traffic.BUNDLE, "1.0.0", "healthy.jar")
    traffic.ask(results, running, "healthy", traffic.BUNDLE, "1.0.0", "", 60)
    for place, folder in enumerate(waiting):
        plugin = "fixture::FixtureAddSub/1" if folder == "name-space" else "FixtureAddSub/1"
        jar = kit.bundle(os.path.join(parts.work, "trap.jar"), "fixture." + folder.replace("-", "."), "1.0.0",
                         parts.fixture(folder), plugin)
        kit.deploy(jar, running.deploy, folder + ".jar")
        try:
            if folder in RIGHT:
                factor = RIGHT[folder]
                answer = running.await_answer(name(folder), pair(), lambda each: each.status == 200, 30)
                results.check(right_factor(answer, factor), "%s computes with its own factor %d" % (folder, factor),
                              answer.error or "%s by %s" % (answer.floats("OUTPUT0")[:3], answer.ops))
            else:
                refused(results, running, folder)
        except OSError as problem:
            results.check(False, folder, problem)
        time.sleep(0.2)
        if not running.alive():
            results.check(False, "the server lives after " + folder, running.tail(1000))
            return waiting[place + 1:]
        if folder == list(RIGHT)[-1]:
            together(parts, results, running)
    traffic.ask(results, running, "healthy", traffic.BUNDLE, "1.0.0", " at the end")
    overwrite(parts, results, running)
    return []


def together(parts, results, running):
    wrong = []
    for turn in range(20):
        for folder, factor in RIGHT.items():
            answer = running.infer(name(folder), pair())
            if not right_factor(answer, factor):
                wrong.append((turn, folder, answer.error or answer.floats("OUTPUT0")[:3]))
    results.check(not wrong, "20 turns over all six libraries in one process", wrong[:3])
    for each in ("private_a", "private_b"):
        answer = running.await_answer(each, traffic.request(), lambda answer: answer.status == 200, 30)
        results.check(answer.ints("OUTPUT0") == traffic.expected(traffic.BUNDLE, "1.0.0")[0],
                      "%s has a library of its own, a hard link to the other's" % each, answer.error or answer.ops)


def refused(results, running, folder):
    words = REFUSED[folder]
    deadline = time.monotonic() + 12
    while True:
        reason = running.reason(name(folder))[1].replace(name(folder), "M")
        if any(word in reason for word in words) or time.monotonic() > deadline or not running.alive():
            break
        time.sleep(0.1)
    answer = running.infer(name(folder), pair()) if running.alive() else server.Answer(0, {}, "no server", "")
    told = " ".join((reason, answer.error.replace(name(folder), "M")))
    results.check(answer.status != 200 and any(word in told for word in words),
                  "%s is refused with the reason" % folder, "%s %s" % (answer.status, reason or answer.error))


def overwrite(parts, results, running):
    """The jar that is deployed is written over in place while its library is in use."""
    with open(parts.example(traffic.BUNDLE, "1.1.0"), "rb") as new, \
            open(os.path.join(running.deploy, "healthy.jar"), "r+b") as old:
        shutil.copyfileobj(new, old)
        old.truncate()
    traffic.ask(results, running, "healthy", traffic.BUNDLE, "1.1.0", " after its jar was overwritten in place")


def preload(parts, results):
    """A library that the dynamic loader put in front of all others."""
    results.begin("LD_PRELOAD")
    models = parts.folder("models-preload")
    kit.model(parts, models, "scaled", "scale", "FP32", pins=["fixture.scale"])
    library = os.path.join(parts.fixture("unique-1"), "libscale.so")
    running = server.Server(parts.home, parts.folder("data-preload"), models, os.path.join(parts.work, "preload.log"),
                            tensorrt=parts.tensorrt, environment={"LD_PRELOAD": library})
    try:
        jar = kit.bundle(os.path.join(parts.work, "trap.jar"), "fixture.scale", "1.0.0", parts.fixture("unique-2"),
                         "FixtureAddSub/1")
        kit.deploy(jar, running.deploy, "scale.jar")
        state, reason = running.await_settled("scaled", 30)
        answer = running.infer("scaled", pair())
        told = reason + answer.error + running.command("opgraft:status") + running.tail()
        results.check(right_factor(answer, 10) or (answer.status != 200 and "LD_PRELOAD" in told),
                      "a preloaded library is named, or does no harm",
                      answer.error or answer.floats("OUTPUT0")[:3])
        results.check("LD_PRELOAD" in told, "LD_PRELOAD is named", told[-300:] if "LD_PRELOAD" not in told else "")
    finally:
        running.close()
    results.end()
