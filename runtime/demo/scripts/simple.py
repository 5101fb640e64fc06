"""Writes the models that Triton's own client examples expect, without custom ops, and checks each: python simple.py"""

import os
import pathlib
import shutil

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

MODELS = pathlib.Path(__file__).resolve().parent.parent / "models"


def placeholders(dtype):
    return (tf.compat.v1.placeholder(dtype, [None, 16], name) for name in ("INPUT0", "INPUT1"))


def simple():
    a, b = placeholders(tf.int32)
    tf.add(a, b, "OUTPUT0")
    tf.subtract(a, b, "OUTPUT1")


def simple_string():
    """Whole numbers as text, both ways."""
    a, b = (tf.strings.to_number(x, tf.int32) for x in placeholders(tf.string))
    tf.strings.as_string(a + b, name="OUTPUT0")
    tf.strings.as_string(a - b, name="OUTPUT1")


def simple_identity():
    tf.identity(tf.compat.v1.placeholder(tf.string, [None, None], "INPUT0"), "OUTPUT0")


def write(make):
    folder = MODELS / make.__name__ / "1"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with tf.Graph().as_default() as graph:
        make()
    (folder / "model.graphdef").write_bytes(graph.as_graph_def().SerializeToString(deterministic=True))
    return folder / "model.graphdef"


def run(file, feeds, outputs):
    graph_def = tf.compat.v1.GraphDef.FromString(file.read_bytes())
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        tf.import_graph_def(graph_def, name="")
        return session.run([f"{name}:0" for name in outputs], {f"{name}:0": value for name, value in feeds.items()})


def main():
    a, b = np.arange(16, dtype=np.int32)[None], np.full((1, 16), 3, np.int32)
    total, difference = run(write(simple), {"INPUT0": a, "INPUT1": b}, ["OUTPUT0", "OUTPUT1"])
    assert (total == a + b).all() and (difference == a - b).all()
    text = {"INPUT0": a.astype(str).astype(object), "INPUT1": b.astype(str).astype(object)}
    total, difference = run(write(simple_string), text, ["OUTPUT0", "OUTPUT1"])
    assert (total.astype(int) == a + b).all() and (difference.astype(int) == a - b).all()
    blobs = np.array([[b"a\0b", b"", bytes(range(256))]], dtype=object)
    (same,) = run(write(simple_identity), {"INPUT0": blobs}, ["OUTPUT0"])
    assert (same == blobs).all()
    print("simple, simple_string, simple_identity: right")


if __name__ == "__main__":
    main()
