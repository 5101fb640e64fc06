"""Writes one add-sub model and checks its numbers: python addsub.py addsub_v1"""

import os
import pathlib
import shutil
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import tensorflow as tf  # noqa: E402

DEMO = pathlib.Path(__file__).resolve().parent.parent
BUNDLES = DEMO.parent.parent / "bundles"
LIBRARIES = {
    "2.0.0": BUNDLES / "io.opgraft.example.addsub/target/native/2.0.0/libaddsub.so",
    "1.0.0": BUNDLES / "io.opgraft.example.addsub/target/native/1.0.0/libaddsub.so",
    "3.0.0": BUNDLES / "io.opgraft.example.addsub/target/native/3.0.0/libaddsub.so",
    "other": BUNDLES / "com.example.addsub/target/native/libaddsub.so",
}

# Model: library, form, attributes, and the expected sum and difference for a = 0..15 and b = 1.
MODELS = {
    "addsub_v1": ("1.0.0", "savedmodel", {}, lambda a: a + 1, lambda a: a - 1),
    "addsub_v2": ("2.0.0", "savedmodel", {"scale": 10.0}, lambda a: (a + 1) * 10, lambda a: (a - 1) * 10),
    "addsub_other": ("other", "graphdef", {}, lambda a: (a + 1) // 2, lambda a: abs(a - 1)),
    "addsub_missing": (
        "3.0.0",
        "graphdef",
        {"scale": 2.0, "bias": 1.0},
        lambda a: (a + 1) * 2 + 1,
        lambda a: (a - 1) * 2 + 1,
    ),
}


def write_graphdef(op, attributes, folder):
    """Inputs and outputs of a graphdef are the nodes of those names."""
    with tf.Graph().as_default() as graph:
        a, b = (tf.compat.v1.placeholder(tf.int32, [None, 16], name) for name in ("INPUT0", "INPUT1"))
        result = op(a=a, b=b, **attributes)
        tf.identity(result.sum, "OUTPUT0")
        tf.identity(result.difference, "OUTPUT1")
    folder.mkdir(parents=True)
    (folder / "model.graphdef").write_bytes(graph.as_graph_def().SerializeToString(deterministic=True))


def write_saved_model(op, attributes, folder):
    @tf.function(input_signature=[tf.TensorSpec([None, 16], tf.int32, name) for name in ("INPUT0", "INPUT1")])
    def add_sub(INPUT0, INPUT1):
        result = op(a=INPUT0, b=INPUT1, **attributes)
        return {"OUTPUT0": result.sum, "OUTPUT1": result.difference}

    module = tf.Module()
    module.add_sub = add_sub
    tf.saved_model.save(module, str(folder / "model.savedmodel"), signatures=add_sub)


def run(folder, a, b):
    if (folder / "model.savedmodel").exists():
        answer = tf.saved_model.load(str(folder / "model.savedmodel")).signatures["serving_default"](INPUT0=a, INPUT1=b)
        return answer["OUTPUT0"].numpy().tolist(), answer["OUTPUT1"].numpy().tolist()
    graph_def = tf.compat.v1.GraphDef.FromString((folder / "model.graphdef").read_bytes())
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        tf.import_graph_def(graph_def, name="")
        answer = session.run(["OUTPUT0:0", "OUTPUT1:0"], {"INPUT0:0": a.numpy(), "INPUT1:0": b.numpy()})
        return answer[0].tolist(), answer[1].tolist()


def main(name):
    library, form, attributes, expected_sum, expected_difference = MODELS[name]
    op = tf.load_op_library(str(LIBRARIES[library])).trtis_example_add_sub
    folder = DEMO / "models" / name / "1"
    shutil.rmtree(folder, ignore_errors=True)
    (write_graphdef if form == "graphdef" else write_saved_model)(op, attributes, folder)

    a = tf.reshape(tf.range(16), [1, 16])
    answer = run(folder, a, tf.ones([1, 16], tf.int32))
    expected = [[expected_sum(x) for x in range(16)]], [[expected_difference(x) for x in range(16)]]
    if answer != expected:
        sys.exit(f"{name}: expected {expected}, got {answer}")
    print(f"{name}: {form}, right")


if __name__ == "__main__":
    main(sys.argv[1])
