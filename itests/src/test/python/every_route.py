"""Uses every route with Triton's own HTTP clients, sync and asyncio, with binary and JSON tensors.

usage: every_route.py HOST:PORT, a server in mode explicit with the models simple, simple_string, simple_identity,
simple_ensemble, which runs simple twice, and optional, which adds 10, 20, 30, 40 where INPUT1 is not given.
"""
import asyncio
import inspect
import json
import sys

import numpy as np
import tritonclient.http as http
import tritonclient.http.aio as aio
from tritonclient.utils import InferenceServerException

A = np.arange(32, dtype=np.int32).reshape(2, 16)
B = np.full((2, 16), 3, dtype=np.int32)
BLOBS = np.array([[b"a\0b", b"", "grün".encode()]], dtype=object)


class Caller:
    """Calls either client in the same way."""

    def __init__(self, module, client):
        self.module = module
        self.client = client

    def __getattr__(self, name):
        method = getattr(self.client, name)

        async def call(*arguments, **named):
            result = method(*arguments, **named)
            return await result if inspect.isawaitable(result) else result

        return call

    def inputs(self, tensors, binary):
        result = []
        for name, (datatype, value) in tensors.items():
            tensor = self.module.InferInput(name, value.shape, datatype)
            tensor.set_data_from_numpy(value, binary_data=binary)
            result.append(tensor)
        return result

    def output(self, name, binary, **named):
        return self.module.InferRequestedOutput(name, binary_data=binary, **named)


def as_bytes(result):
    """JSON gives text and binary gives bytes."""
    rows = result.as_numpy("OUTPUT0").tolist()
    return [[x if isinstance(x, bytes) else x.encode() for x in row] for row in rows]


async def refused(call, text):
    try:
        await call
    except InferenceServerException as e:
        assert text in str(e), e
        return
    raise AssertionError("not refused: " + text)


async def metadata(c):
    assert await c.is_server_live()
    assert await c.is_server_ready()
    server = await c.get_server_metadata()
    assert server["name"] == "opgraft" and "classification" in server["extensions"], server
    assert await c.is_model_ready("simple") and await c.is_model_ready("simple", "1")
    assert not await c.is_model_ready("ghost")
    assert (await c.get_model_metadata("simple", "1"))["inputs"][1] == {
        "name": "INPUT1", "datatype": "INT32", "shape": [-1, 16]}
    await refused(c.get_model_metadata("ghost"), "Request for unknown model: 'ghost'")
    assert (await c.get_model_config("simple"))["max_batch_size"] == 8
    ready = {row["name"] for row in await c.get_model_repository_index()}
    assert {"simple", "simple_string", "simple_identity", "simple_ensemble"} <= ready, ready
    extra = {"headers": {"X-Unknown": "1"}, "query_params": {"unknown": 1}}
    assert await c.is_server_live(**extra) and await c.is_server_ready(**extra)
    steps = (await c.get_model_config("simple_ensemble", "1", **extra))["ensemble_scheduling"]["step"]
    assert [step["model_name"] for step in steps] == ["simple", "simple"], steps
    assert (await c.get_model_metadata("simple_ensemble", **extra))["platform"] == "ensemble"


async def infer(c, binary):
    numbers = c.inputs({"INPUT0": ("INT32", A), "INPUT1": ("INT32", B)}, binary)
    both = [c.output("OUTPUT0", binary), c.output("OUTPUT1", not binary)]
    for version in ("", "1"):
        result = await c.infer("simple", numbers, model_version=version, outputs=both, request_id="one")
        np.testing.assert_array_equal(result.as_numpy("OUTPUT0"), A + B)
        np.testing.assert_array_equal(result.as_numpy("OUTPUT1"), A - B)
        assert result.get_response()["id"] == "one"
    result = await c.infer("simple", numbers)
    np.testing.assert_array_equal(result.as_numpy("OUTPUT1"), A - B)
    for coding in ("gzip", "deflate"):
        result = await c.infer(
            "simple", numbers, request_compression_algorithm=coding, response_compression_algorithm=coding)
        np.testing.assert_array_equal(result.as_numpy("OUTPUT0"), A + B)
    result = await c.infer("simple", numbers, outputs=[c.output("OUTPUT0", binary, class_count=2)])
    assert as_bytes(result) == [[b"18:15", b"17:14"], [b"34:15", b"33:14"]], as_bytes(result)

    text = {name: ("BYTES", value.astype(str).astype(object)) for name, value in (("INPUT0", A), ("INPUT1", B))}
    result = await c.infer("simple_string", c.inputs(text, binary), outputs=both)
    np.testing.assert_array_equal(result.as_numpy("OUTPUT0").astype(int), A + B)
    blobs = c.inputs({"INPUT0": ("BYTES", BLOBS)}, binary)
    result = await c.infer("simple_identity", blobs, outputs=[c.output("OUTPUT0", binary)])
    assert as_bytes(result) == BLOBS.tolist(), as_bytes(result)
    await refused(
        c.infer("simple_identity", blobs, outputs=[c.output("OUTPUT0", binary, class_count=1)]), "cannot be classified")
    await refused(c.infer("simple", numbers[:1]), "INPUT1")
    result = await c.infer(
        "simple_ensemble", numbers, outputs=both, priority=1, timeout=60_000_000, parameters={"note": "x", "count": 3},
        headers={"X-Unknown": "1"}, query_params={"unknown": 1})
    np.testing.assert_array_equal(result.as_numpy("OUTPUT0"), 2 * A)
    np.testing.assert_array_equal(result.as_numpy("OUTPUT1"), 2 * B)
    await refused(c.infer("simple", numbers, sequence_id=5, sequence_start=True), "a sequence")
    await refused(c.infer("ghost", numbers), "Request for unknown model: 'ghost'")


async def optional_input(c):
    one = np.ones((1, 4), dtype=np.int32)
    both = c.inputs({"INPUT0": ("INT32", one), "INPUT1": ("INT32", 2 * one)}, True)
    for given, expected in ((both, [[3, 3, 3, 3]]), (both[:1], [[11, 21, 31, 41]])):
        assert (await c.infer("optional", given)).as_numpy("OUTPUT0").tolist() == expected
    await refused(c.infer("optional", both[1:]), "expected number of inputs between 1 and 2 but got 1 inputs")
    assert [tensor["optional"] for tensor in (await c.get_model_config("optional"))["input"]] == [False, True]


async def ensemble_statistics(c):
    async def counts():
        rows = {row["name"]: row for row in (await c.get_inference_statistics())["model_stats"]}
        return [
            [rows[name]["inference_count"], rows[name]["execution_count"], rows[name]["inference_stats"]["success"]["count"]]
            for name in ("simple", "simple_ensemble")]

    before = await counts()
    await c.infer("simple_ensemble", c.inputs({"INPUT0": ("INT32", A), "INPUT1": ("INT32", B)}, True))
    after = await counts()
    # Two steps with a batch of two each, and the ensemble itself.
    assert [[y - x for x, y in zip(*pair)] for pair in zip(before, after)] == [[4, 2, 2], [2, 1, 1]], (before, after)


async def statistics(c):
    async def count():
        stats = (await c.get_inference_statistics("simple", "1"))["model_stats"][0]
        return stats["inference_count"], stats["inference_stats"]["success"]["count"]

    before = await count()
    await c.infer("simple", c.inputs({"INPUT0": ("INT32", A), "INPUT1": ("INT32", B)}, True))
    assert await count() == (before[0] + 2, before[1] + 1), (before, await count())
    assert len((await c.get_inference_statistics())["model_stats"]) >= 3


async def settings(c):
    assert "log_info" in await c.get_log_settings()
    assert (await c.get_trace_settings())["trace_level"] == ["OFF"]
    assert (await c.get_trace_settings("simple"))["trace_level"] == ["OFF"]
    await refused(c.update_log_settings({"log_verbose_level": 1}), "cannot be changed by request")
    await refused(c.update_trace_settings(settings={"trace_level": ["TIMESTAMPS"]}), "cannot be changed by request")
    await refused(c.get_system_shared_memory_status(), "shared memory is not supported")
    await refused(c.get_cuda_shared_memory_status(), "shared memory is not supported")
    await refused(c.register_system_shared_memory("region", "/key", 64), "shared memory is not supported")
    await refused(c.register_cuda_shared_memory("region", b"handle", 0, 64), "shared memory is not supported")
    await refused(c.unregister_system_shared_memory("region"), "shared memory is not supported")
    await refused(c.unregister_cuda_shared_memory(), "shared memory is not supported")
    region = c.module.InferInput("INPUT0", [2, 16], "INT32")
    region.set_shared_memory("region", 128)
    await refused(c.infer("simple", [region]), "shared memory")


async def repository(c):
    await c.load_model("simple", config=json.dumps({"max_batch_size": "16"}))
    assert (await c.get_model_config("simple"))["max_batch_size"] == 16
    await refused(c.load_model("simple", config='{"max_batch_sise":1}'), "max_batch_sise")
    # What is shown can be given back.
    shown = await c.get_model_config("simple")
    group = shown["instance_group"][0]
    assert group["name"] == "simple" and group["kind"] == "KIND_CPU" and group["count"] >= 1, shown
    for name in ("simple", "simple_ensemble"):
        shown = await c.get_model_config(name)
        await c.load_model(name, config=json.dumps(shown))
        assert await c.get_model_config(name) == shown, shown
    await c.load_model("simple_ensemble")
    assert await c.is_model_ready("simple")
    await refused(
        c.load_model("simple", config="{}", files={"file:1/model.graphdef": b"x"}), "files given in the request")
    await c.load_model("simple")
    assert (await c.get_model_config("simple"))["max_batch_size"] == 8
    assert await c.is_model_ready("simple_ensemble")
    await c.unload_model("simple", unload_dependents=True)
    assert not await c.is_model_ready("simple")
    # An ensemble goes with the model of its steps, says so, and comes back with it.
    assert not await c.is_model_ready("simple_ensemble")
    row = [one for one in await c.get_model_repository_index() if one["name"] == "simple_ensemble"][0]
    assert row["state"] == "UNAVAILABLE" and "needs model simple" in row["reason"], row
    numbers = c.inputs({"INPUT0": ("INT32", A), "INPUT1": ("INT32", B)}, True)
    await refused(c.infer("simple_ensemble", numbers), "needs model simple")
    await c.load_model("simple")
    assert await c.is_model_ready("simple_ensemble")
    await c.infer("simple_ensemble", numbers)
    await refused(c.load_model("ghost"), "failed to load 'ghost'")
    await refused(c.unload_model("ghost"), "ghost")


async def everything(c):
    await metadata(c)
    for binary in (True, False):
        await infer(c, binary)
    await optional_input(c)
    await statistics(c)
    await ensemble_statistics(c)
    await settings(c)
    await repository(c)


async def main():
    address = sys.argv[1]
    client = http.InferenceServerClient(address, concurrency=4)
    await everything(Caller(http, client))
    numbers = Caller(http, client).inputs({"INPUT0": ("INT32", A), "INPUT1": ("INT32", B)}, True)
    for pending in [client.async_infer("simple", numbers) for _ in range(8)]:
        np.testing.assert_array_equal(pending.get_result().as_numpy("OUTPUT0"), A + B)
    client.close()
    async with aio.InferenceServerClient(address) as client:
        await everything(Caller(aio, client))
    print("all right")


asyncio.run(main())
