"""Plans and requests that cannot work, datatypes, batches, servers without a device."""
import hashlib
import json
import os
import struct

import kit
import server
import traffic
import traps

SIZES = {"FP32": 4, "FP16": 2, "BF16": 2, "INT8": 1, "INT32": 4, "INT64": 8, "BOOL": 1, "UINT8": 1}


def other_version(plan):
    """A plan that says that TensorRT 10.5 made it; None if the place of its version is not found."""
    for code in ("<4B", "<4H", "<4i"):
        known = struct.pack(code, 10, 6, 0, 26)
        place = plan.find(known, 0, 512)
        if place >= 0:
            return plan[:place] + struct.pack(code, 10, 5, 0, 18) + plan[place + len(known):]
    return None


def other_gpu(plan):
    """A plan that says that it was built for another compute capability; None if the place of it is not found."""
    capability = kit.query("compute_cap")
    if not capability:
        return None
    tag = b"\x07\x80\x01\x00"
    major, minor = (int(part) for part in capability.split("."))
    known = tag + struct.pack("<i", major) + tag + struct.pack("<i", minor)
    if plan.count(known) != 1:
        return None
    return plan.replace(known, tag + struct.pack("<i", 7) + tag + struct.pack("<i", 5))


def repository(parts):
    models = parts.folder("models-errors")
    with open(parts.plan("addsub"), "rb") as file:
        plan = file.read()
    pins = [traffic.BUNDLE]
    kit.model(parts, models, "healthy", "addsub", pins=pins)
    kit.model(parts, models, "truncated", "addsub", content=plan[:len(plan) // 2], pins=pins)
    kit.model(parts, models, "garbage", "addsub", content=b"this is no plan, whatever it says " * 100, pins=pins)
    kit.model(parts, models, "empty", "addsub", content=b"", pins=pins)
    kit.model(parts, models, "missing", "scale", "FP32")
    patched = other_version(plan)
    if patched:
        kit.model(parts, models, "other_version", "addsub", content=patched, pins=pins)
    patched = other_gpu(plan)
    if patched:
        kit.model(parts, models, "other_gpu", "addsub", content=patched, pins=pins)
    kit.model(parts, models, "no_such_gpu", "addsub", pins=pins, extra="instance_group { kind: KIND_GPU gpus: [ 97 ] }\n")
    kit.model(parts, models, "two_instances", "addsub", pins=pins, extra="instance_group { kind: KIND_GPU count: 2 }\n")
    if parts.has_plan("carries_code"):
        kit.model(parts, models, "carries_code", "carries_code", "FP32")
    kit.model(parts, models, "wrong_names", "addsub", sides=(("A", "B"), ("C", "D")), pins=pins)
    kit.model(parts, models, "wrong_type", "addsub", "FP32", pins=pins)
    kit.model(parts, models, "batch_too_large", "addsub", pins=pins, max_batch=128)
    if parts.has_plan("profiles"):
        kit.model(parts, models, "profiles", "profiles", pins=pins)
    if parts.has_plan("chain"):
        kit.model(parts, models, "chain", "chain", "FP32", pins=[traffic.OTHER, "fixture.scale"])
    for datatype in SIZES:
        if parts.has_plan("identity_" + datatype):
            kit.model(parts, models, "identity_" + datatype, "identity_" + datatype, datatype, sides=kit.SINGLE)
    return models


def plans(parts, results, running):
    results.begin("plans that cannot be served")
    traffic.deploy_example(parts, running, traffic.BUNDLE, "1.0.0", "addsub.jar")
    traffic.ask(results, running, "healthy", traffic.BUNDLE, "1.0.0", "", 120)
    expected = {"truncated": ("truncated", "size", "header"), "garbage": ("magic", "no plan"), "empty": ("empty",),
                "missing": ("FixtureAddSub/1",), "other_version": ("10.5", "10.6"),
                "other_gpu": ("7.5", kit.query("compute_cap")), "no_such_gpu": ("97",),
                "wrong_names": ("INPUT0",), "wrong_type": ("INT32", "FP32"), "batch_too_large": ("128", "64"),
                "carries_code": ("--allow-plan-code", "allowPlanCode")}
    with_all = {"other_version", "other_gpu", "wrong_type", "batch_too_large"}
    for model, words in expected.items():
        state, reason = running.reason(model)
        if reason == "not in the index":
            results.figure(model, "not made here")
            continue
        state, reason = running.await_settled(model, 30)
        reason = reason.replace("odel " + model, "odel M").replace("/%s/" % model, "/M/")
        found = [word in reason for word in words]
        results.check(state != "READY" and (all(found) if model in with_all else any(found)),
                      "%s is refused with the reason" % model, "%s %s" % (state, reason))
    if parts.has_plan("carries_code"):
        with open(parts.plan("carries_code"), "rb") as file:
            digest = hashlib.sha256(file.read()).hexdigest()
        results.check(digest[:12] in running.reason("carries_code")[1], "and with the plan's digest", digest[:12])
    results.check(running.alive(), "the server lives")
    results.end()


def requests(parts, results, running):
    results.begin("requests, batches, datatypes")
    whole = traffic.request()
    wrong = {
        "an input is missing": {"INPUT0": whole["INPUT0"]},
        "an unknown input": dict(whole, INPUT2=whole["INPUT0"]),
        "another datatype": dict(whole, INPUT1=("FP32",) + whole["INPUT1"][1:]),
        "another shape": dict(whole, INPUT1=("INT32", [1, 8], whole["INPUT1"][2][:32])),
        "a batch beyond the largest": traffic.request([1] * 16 * 65, [1] * 16 * 65),
    }
    for what, inputs in wrong.items():
        answer = running.infer("healthy", inputs)
        results.check(400 <= answer.status < 500, "%s: a 4xx" % what, "%d %s" % (answer.status, answer.error))
    for model in ("healthy", "profiles"):
        if model == "profiles" and not parts.has_plan("profiles"):
            continue
        running.await_settled(model, 30)
        for batch in (1, 2, 8, 9, 16, 64):
            first = [(i * 7919) % 100003 for i in range(16 * batch)]
            second = [(i * 104729) % 99991 for i in range(16 * batch)]
            answer = running.infer(model, traffic.request(first, second))
            want = traffic.expected(traffic.BUNDLE, "1.0.0", first, second)
            results.check((answer.ints("OUTPUT0"), answer.ints("OUTPUT1")) == want,
                          "%s with batch %d" % (model, batch), answer.error)
    running.await_settled("two_instances", 30)
    report = traffic.Traffic(running.port, [("two_instances", traffic.BUNDLE, "1.0.0")], 8, 250).join()
    results.check(report.failed == 0 and report.wrong == 0 and report.total() == 2000, "two instances under 8 threads",
                  "%s %s" % (report.answers, report.problems))
    for datatype, size in SIZES.items():
        if not parts.has_plan("identity_" + datatype):
            results.figure("identity of " + datatype, "TensorRT built no plan")
            continue
        data = bytes((i * 37 + 11) % 251 for i in range(3 * 16 * size))
        if datatype == "BOOL":
            data = bytes(each % 2 for each in data)
        if datatype in ("FP16", "BF16"):
            data = struct.pack("<48H", *[(0x3C00 if datatype == "FP16" else 0x3F80) + i for i in range(48)])
        if datatype == "FP32":
            data = server.floats(*[i / 7 for i in range(48)])
        running.await_settled("identity_" + datatype, 30)
        answer = running.infer("identity_" + datatype, {"INPUT0": (datatype, [3, 16], data)})
        results.check(answer.outputs.get("OUTPUT0") == data, "%s comes out as it went in" % datatype,
                      answer.error or ("" if answer.outputs.get("OUTPUT0") == data else answer.outputs))
    chain(parts, results, running)
    results.end()


def chain(parts, results, running):
    if not parts.has_plan("chain"):
        results.figure("a plan with two plugins", "TensorRT built no plan")
        return
    traffic.deploy_example(parts, running, traffic.OTHER, "1.0.0", "other.jar")
    jar = kit.bundle(os.path.join(parts.work, "scale.jar"), "fixture.scale", "1.0.0", parts.fixture("scale-2"),
                     "FixtureAddSub/1")
    kit.deploy(jar, running.deploy, "scale.jar")
    answer = running.await_answer("chain", traps.pair(), lambda each: each.status == 200, 30)
    sums = [(v + 1) / 2 for v in traps.VALUES]
    differences = [abs(v - 1) for v in traps.VALUES]
    results.check(answer.floats("OUTPUT0") == [10 * (a + b) for a, b in zip(sums, differences)],
                  "a plan with two plugins computes with two bundles", answer.error or answer.ops)


def allowed(parts, results):
    """A plan that carries code, on a server that allows it."""
    if not parts.has_plan("carries_code"):
        return
    results.begin("a plan that carries code, allowed")
    models = parts.folder("models-allowed")
    kit.model(parts, models, "carries_code", "carries_code", "FP32")
    running = server.Server(parts.home, parts.folder("data-allowed"), models, os.path.join(parts.work, "allowed.log"),
                            ["--allow-plan-code"], tensorrt=parts.tensorrt)
    try:
        answer = running.await_answer("carries_code", traps.pair(), lambda each: each.status == 200, 30)
        results.check(traps.right_factor(answer, 2), "it answers",
                      answer.error or "%s" % answer.floats("OUTPUT0")[:3])
    finally:
        running.close()
    results.end()


def limited(parts, results):
    """A server whose models may take little device memory."""
    results.begin("a limit on device memory")
    models = parts.folder("models-limited")
    kit.model(parts, models, "large", "conv", "FP32", dims=(3, 64, 64), sides=kit.SINGLE)
    kit.model(parts, models, "small", "addsub", pins=[traffic.BUNDLE])
    file = os.path.join(parts.work, "limited.json")
    with open(file, "w") as config:
        json.dump({"io.opgraft.tensorrt": {"deviceMemoryMegabytes": 1}}, config)
    running = server.Server(parts.home, parts.folder("data-limited"), models, os.path.join(parts.work, "limited.log"),
                            ["--config", file], tensorrt=parts.tensorrt)
    try:
        traffic.deploy_example(parts, running, traffic.BUNDLE, "1.0.0", "addsub.jar")
        traffic.ask(results, running, "small", traffic.BUNDLE, "1.0.0", " within the limit")
        state, reason = running.await_settled("large", 30)
        results.check(state != "READY" and "deviceMemoryMegabytes" in reason, "a model beyond it says so", reason)
    finally:
        running.close()
    results.end()


def without(parts, results):
    """Servers that find no GPU, or no TensorRT."""
    results.begin("no device")
    cases = {"no visible GPU": (parts.tensorrt, {"CUDA_VISIBLE_DEVICES": "-1"}, ("device", "GPU")),
             "no TensorRT": (parts.folder("nothing"), {}, ("libnvinfer.so.10", "--tensorrt-home"))}
    for what, (tensorrt, environment, words) in cases.items():
        models = parts.folder("models-without")
        kit.model(parts, models, "healthy", "addsub", pins=[traffic.BUNDLE])
        running = server.Server(parts.home, parts.folder("data-without"), models,
                                os.path.join(parts.work, "without.log"), tensorrt=tensorrt, environment=environment)
        try:
            traffic.deploy_example(parts, running, traffic.BUNDLE, "1.0.0", "addsub.jar")
            state, reason = running.await_settled("healthy", 30)
            status = running.command("opgraft:status")
            explained = running.command("opgraft:explain healthy")
            results.check(state != "READY" and any(word in reason for word in words),
                          "%s: the model says why" % what, reason)
            results.check(any(word in status for word in words), "%s: so does the status" % what, status)
            results.check(any(word in explained for word in words), "%s: and the explanation" % what, explained)
            client = running.client()
            results.check(client.get("/v2/health/live")[0] == 200, "%s: the server lives" % what)
            client.close()
        finally:
            running.close()
    results.end()
