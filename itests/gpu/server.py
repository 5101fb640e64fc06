"""A server of the distribution as a process: start, HTTP with binary tensors, shell, memory."""
import http.client
import json
import os
import socket
import struct
import subprocess
import threading
import time



class Answer:
    """What came back: status, outputs by name as bytes, error text, the header that names the op bundles."""

    def __init__(self, status, outputs, error, ops):
        self.status, self.outputs, self.error, self.ops = status, outputs, error, ops

    def ints(self, name):
        return unpack("i", self.outputs.get(name, b""))

    def floats(self, name):
        return unpack("f", self.outputs.get(name, b""))


def unpack(code, data):
    return list(struct.unpack("<%d%s" % (len(data) // 4, code), data[: len(data) // 4 * 4]))


def ints(*values):
    return struct.pack("<%di" % len(values), *values)


def floats(*values):
    return struct.pack("<%df" % len(values), *values)


def inference(inputs):
    """Body and length of its JSON part; inputs: name -> (datatype, shape, bytes)."""
    head = json.dumps({
        "inputs": [{"name": name, "datatype": datatype, "shape": shape,
                    "parameters": {"binary_data_size": len(data)}}
                   for name, (datatype, shape, data) in inputs.items()],
        "parameters": {"binary_data_output": True},
    }).encode()
    return head + b"".join(data for _, _, data in inputs.values()), len(head)


class Client:
    """One connection. Not for several threads."""

    def __init__(self, port, timeout=60):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)

    def raw(self, method, path, body=None, headers=None):
        self.connection.request(method, path, body, headers or {})
        response = self.connection.getresponse()
        return response, response.read()

    def get(self, path):
        response, body = self.raw("GET", path)
        return response.status, body.decode("utf-8", "replace")

    def post(self, path, body="{}"):
        response, answer = self.raw("POST", path, body)
        return response.status, answer.decode("utf-8", "replace")

    def infer(self, model, inputs):
        body, head = inference(inputs)
        response, answer = self.raw("POST", "/v2/models/%s/infer" % model, body,
                                    {"Inference-Header-Content-Length": str(head),
                                     "Content-Type": "application/octet-stream"})
        ops = response.getheader("Opgraft-Ops", "")
        if response.status != 200:
            text = answer.decode("utf-8", "replace")
            try:
                text = json.loads(text).get("error", text)
            except ValueError:
                pass
            return Answer(response.status, {}, text, ops)
        length = int(response.getheader("Inference-Header-Content-Length", len(answer)))
        outputs, place = {}, length
        for output in json.loads(answer[:length])["outputs"]:
            size = output["parameters"]["binary_data_size"]
            outputs[output["name"]] = answer[place:place + size]
            place += size
        return Answer(200, outputs, "", ops)

    def close(self):
        self.connection.close()


class Shell:
    """A session of the server's shell over its socket."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(120)
        self.socket.connect(path)
        self._read()
        self._write(b"H", b"cwd=/")

    def run(self, line):
        """Output and exit status of one command line."""
        self._write(b"R", line.encode())
        text = b""
        while True:
            kind, payload = self._read()
            if kind == b"X":
                return text.decode("utf-8", "replace"), payload[0]
            text += payload

    def _write(self, kind, payload):
        self.socket.sendall(kind + struct.pack(">I", len(payload)) + payload)

    def _read(self):
        head = self._exactly(5)
        return head[:1], self._exactly(struct.unpack(">I", head[1:])[0])

    def _exactly(self, count):
        data = b""
        while len(data) < count:
            part = self.socket.recv(count - len(data))
            if not part:
                raise EOFError("the shell was closed")
            data += part
        return data

    def close(self):
        self.socket.close()


class Server:
    """opgraft serve with features http, metrics, shell and tensorrt, on free ports."""

    def __init__(self, home, data, models, log, options=(), environment=None, tensorrt=None):
        self.data = data
        self.deploy = os.path.join(data, "deploy")
        os.makedirs(self.deploy, exist_ok=True)
        self.log = log
        command = [os.path.join(home, "opgraft"), "serve", "--features", "http,metrics,shell,tensorrt",
                   "--http-port", "0", "--metrics-port", "0", "--data", data, "--model-repository", models]
        if tensorrt:
            command += ["--tensorrt-home", tensorrt]
        self.process = subprocess.Popen(command + list(options), stdout=subprocess.PIPE, stderr=open(log, "wb"),
                                        env=dict(os.environ, **(environment or {})), text=True)
        self.port = self.metrics_port = None
        timer = threading.Timer(120, self.process.kill)
        timer.start()
        for line in self.process.stdout:
            if line.startswith("Metrics ready on "):
                self.metrics_port = int(line.rsplit(":", 1)[1].split("/")[0])
            if line.startswith("HTTP ready on "):
                self.port = int(line.strip().rsplit(":", 1)[1].split("/")[0])
                break
        timer.cancel()
        if self.port is None:
            raise RuntimeError("the server did not start:\n" + self.tail())
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    def client(self, timeout=60):
        return Client(self.port, timeout)

    def shell(self):
        return Shell(os.path.join(self.data, "shell.sock"))

    def command(self, line):
        session = self.shell()
        try:
            return session.run(line)[0]
        finally:
            session.close()

    def alive(self):
        return self.process.poll() is None

    def tail(self, size=3000):
        with open(self.log, "rb") as log:
            return log.read()[-size:].decode("utf-8", "replace")

    def reason(self, model):
        """State and reason of a model in the repository index."""
        client = self.client()
        try:
            for entry in json.loads(client.post("/v2/repository/index")[1]):
                if entry["name"] == model:
                    return entry.get("state", ""), entry.get("reason", "")
        finally:
            client.close()
        return "", "not in the index"

    def infer(self, model, inputs):
        client = self.client()
        try:
            return client.infer(model, inputs)
        finally:
            client.close()

    def await_answer(self, model, inputs, wanted, seconds=60):
        """Asks until the answer is as wanted; the last answer."""
        deadline = time.monotonic() + seconds
        while True:
            answer = self.infer(model, inputs)
            hopeless = "no device" in answer.error
            if wanted(answer) or hopeless or time.monotonic() > deadline or not self.alive():
                return answer
            time.sleep(0.02)

    def await_settled(self, model, seconds=60):
        """Waits until a model is ready or says for good why not; state and reason."""
        deadline = time.monotonic() + seconds
        while True:
            state, reason = self.reason(model)
            if state == "READY" or time.monotonic() > deadline or not self.alive():
                return state, reason
            waits = ("trial load of its library", "is not started")
            if state == "UNAVAILABLE" and reason and not any(words in reason for words in waits):
                return state, reason
            time.sleep(0.1)

    def metrics(self):
        client = Client(self.metrics_port)
        try:
            return client.get("/metrics")[1]
        finally:
            client.close()

    def rss(self):
        """Resident memory of the server in KiB."""
        with open("/proc/%d/status" % self.process.pid) as status:
            for line in status:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1])
        return 0

    def close(self):
        if self.alive():
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        return self.process.returncode
