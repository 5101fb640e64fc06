"""Clients that ask all the time and compare every number."""
import threading
import time

import kit
import server

BUNDLE = "io.opgraft.example.trtaddsub"
OTHER = "com.example.trtaddsub"
LARGEST = 2**31 - 1

# The last element overflows: it shows which version computed.
FIRST = list(range(1, 16)) + [LARGEST]
SECOND = [1] * 16


def request(first=None, second=None):
    a, b = first or FIRST, second or SECOND
    shape = [len(a) // 16, 16]
    return {"INPUT0": ("INT32", shape, server.ints(*a)), "INPUT1": ("INT32", shape, server.ints(*b))}


def wrap(value):
    return (value + 2**31) % 2**32 - 2**31


def clamp(value):
    return max(-2**31, min(LARGEST, value))


def expected(bundle, version, first=None, second=None):
    """Sums and differences as a bundle computes them."""
    pairs = list(zip(first or FIRST, second or SECOND))
    if bundle == OTHER:
        return [int((a + b) / 2) for a, b in pairs], [min(abs(a - b), LARGEST) for a, b in pairs]
    rule = wrap if version == "1.0.0" else clamp
    return [rule(a + b) for a, b in pairs], [rule(a - b) for a, b in pairs]


def provider(answer):
    """Bundle and version that the header names, such as ("io.opgraft.example.trtaddsub", "1.0.0")."""
    name, _, version = answer.ops.partition("=")[2].split(",")[0].strip().partition("/")
    return name, version


def right(answer, bundle=None, version=None):
    """Whether an answer has the numbers of the bundle that it names, and names the wanted one."""
    if answer.status != 200:
        return False
    named = provider(answer)
    if (bundle is not None and named[0] != bundle) or (version is not None and named[1] != version):
        return False
    return (answer.ints("OUTPUT0"), answer.ints("OUTPUT1")) == expected(*named)


class Traffic:
    """Threads that ask one model each until told to stop; the models are shared out among them."""

    def __init__(self, port, models, threads, limit=None):
        self.port, self.limit = port, limit
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        self.answers, self.problems, self.failed, self.wrong, self.longest = {}, [], 0, 0, 0.0
        self.threads = [threading.Thread(target=self._ask, args=(models[i % len(models)],)) for i in range(threads)]
        for thread in self.threads:
            thread.start()

    def _ask(self, model):
        client, body, count, last = server.Client(self.port), request(), 0, time.monotonic()
        while not self.stopping.is_set() and (self.limit is None or count < self.limit):
            count += 1
            try:
                answer = client.infer(model[0], body)
            except OSError as problem:
                answer = server.Answer(0, {}, repr(problem), "")
                client = server.Client(self.port)
            now = time.monotonic()
            with self.lock:
                self.longest = max(self.longest, now - last)
                if answer.status != 200:
                    self.failed += 1
                    self._note("%s: %d %s" % (model[0], answer.status, answer.error))
                elif not right(answer, *model[1:]):
                    self.wrong += 1
                    self._note("%s by %s: %s" % (model[0], answer.ops, answer.ints("OUTPUT0")))
                else:
                    key = "/".join(provider(answer))
                    self.answers[key] = self.answers.get(key, 0) + 1
            last = now
        client.close()

    def _note(self, problem):
        if len(self.problems) < 5:
            self.problems.append(problem)

    def total(self):
        with self.lock:
            return sum(self.answers.values())

    def await_answers(self, key, count, seconds=60):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with self.lock:
                if self.answers.get(key, 0) >= count:
                    return True
            time.sleep(0.02)
        return False

    def stop(self):
        self.stopping.set()
        return self.join()

    def join(self):
        for thread in self.threads:
            thread.join()
        return self


def ask(results, running, name, bundle, version, note="", seconds=60):
    """One answer of a model, compared with what a bundle computes."""
    answer = running.await_answer(name, request(), lambda each: right(each, bundle, version), seconds)
    return results.check(right(answer, bundle, version), "%s answers by %s/%s%s" % (name, bundle, version, note),
                         answer.error or "sum %s ... %s by %s" % (answer.ints("OUTPUT0")[:2],
                                                                  answer.ints("OUTPUT0")[-1:], answer.ops))


def deploy_example(kitted, running, name, version, file):
    kit.deploy(kitted.example(name, version), running.deploy, file)
