"""Uses Triton's own HTTP client against the example models. usage: client_example.py HOST:PORT"""
import asyncio
import sys

import numpy as np
import tritonclient.http as http
import tritonclient.http.aio as aio
from tritonclient.utils import InferenceServerException


def tensors(module, a, b, binary):
    inputs = []
    for name, value in (("INPUT0", a), ("INPUT1", b)):
        tensor = module.InferInput(name, value.shape, "INT32")
        tensor.set_data_from_numpy(value, binary_data=binary)
        inputs.append(tensor)
    outputs = [module.InferRequestedOutput(name, binary_data=binary) for name in ("OUTPUT0", "OUTPUT1")]
    return inputs, outputs


def check(result, total, difference):
    np.testing.assert_array_equal(result.as_numpy("OUTPUT0"), total)
    np.testing.assert_array_equal(result.as_numpy("OUTPUT1"), difference)


def synchronous(address, a, b):
    client = http.InferenceServerClient(address)
    assert client.is_server_live()
    assert client.get_server_metadata()["name"] == "opgraft"
    assert client.is_model_ready("addsub_v1")
    assert client.get_model_metadata("addsub_v1")["inputs"][0]["datatype"] == "INT32"
    assert client.get_model_config("addsub_v1")["max_batch_size"] == 8
    states = {row["name"]: row.get("state") for row in client.get_model_repository_index()}
    assert states["addsub_v1"] == "READY" and states["addsub_missing"] == "UNAVAILABLE", states
    for binary in (True, False):
        inputs, outputs = tensors(http, a, b, binary)
        check(client.infer("addsub_v1", inputs, outputs=outputs), a + b, a - b)
        check(client.infer("addsub_v2", inputs, outputs=outputs, request_id="7"), 10 * (a + b), 10 * (a - b))
        check(client.infer("addsub_other", inputs), (a + b) // 2, abs(a - b))
        for algorithm in ("gzip", "deflate"):
            check(
                client.infer("addsub_v1", inputs, outputs=outputs, request_compression_algorithm=algorithm,
                             response_compression_algorithm=algorithm),
                a + b, a - b)
    inputs, _ = tensors(http, a, b, True)
    pending = [client.async_infer("addsub_v1", inputs) for _ in range(8)]
    for request in pending:
        check(request.get_result(), a + b, a - b)
    try:
        client.infer("addsub_missing", inputs)
        raise AssertionError("addsub_missing answered")
    except InferenceServerException as e:
        assert "TRTISExampleAddSub" in str(e), e
    client.close()


async def asynchronous(address, a, b):
    async with aio.InferenceServerClient(address) as client:
        assert await client.is_model_ready("addsub_v2")
        inputs, outputs = tensors(aio, a, b, True)
        check(await client.infer("addsub_v2", inputs, outputs=outputs), 10 * (a + b), 10 * (a - b))


def main():
    address = sys.argv[1]
    a = np.arange(32, dtype=np.int32).reshape(2, 16) * 2
    b = np.full((2, 16), 4, dtype=np.int32)
    synchronous(address, a, b)
    asyncio.run(asynchronous(address, a, b))
    print("all right")


main()
