"""Trains the small convolutional net of the demo on scikit-learn's digits and writes it with 20 test images.

Input FP32 [8,8,1], brightness 0 to 16 as in the data set; output the probabilities of the ten digits.
The images in digits/test-images.json come from the test split, which training never sees.
"""

import json
import os
import pathlib
import shutil
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from sklearn.datasets import load_digits  # noqa: E402
from sklearn.model_selection import train_test_split  # noqa: E402

DEMO = pathlib.Path(__file__).resolve().parent.parent
SAVED_MODEL = DEMO / "models/digits/1/model.savedmodel"
IMAGES = DEMO / "digits/test-images.json"
SEED = 2026
EPOCHS = 40
BATCH = 32


class Digits(tf.Module):
    def __init__(self):
        super().__init__()
        glorot = tf.keras.initializers.GlorotUniform(SEED)
        self.filters1 = tf.Variable(glorot([3, 3, 1, 8]))
        self.bias1 = tf.Variable(tf.zeros([8]))
        self.filters2 = tf.Variable(glorot([3, 3, 8, 16]))
        self.bias2 = tf.Variable(tf.zeros([16]))
        self.weights = tf.Variable(glorot([4 * 4 * 16, 10]))
        self.bias3 = tf.Variable(tf.zeros([10]))

    def logits(self, images):
        hidden = tf.nn.relu(tf.nn.conv2d(images / 16.0, self.filters1, 1, "SAME") + self.bias1)
        hidden = tf.nn.relu(tf.nn.conv2d(hidden, self.filters2, 1, "SAME") + self.bias2)
        hidden = tf.nn.max_pool2d(hidden, 2, 2, "VALID")
        return tf.matmul(tf.reshape(hidden, [-1, 4 * 4 * 16]), self.weights) + self.bias3

    @tf.function(input_signature=[tf.TensorSpec([None, 8, 8, 1], tf.float32, "image")])
    def classify(self, image):
        return {"probabilities": tf.nn.softmax(self.logits(image))}


def train(net, images, labels):
    optimizer = tf.keras.optimizers.Adam(0.002)
    variables = list(net.trainable_variables)
    optimizer.build(variables)

    @tf.function
    def step(batch, wanted):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(
                tf.nn.sparse_softmax_cross_entropy_with_logits(labels=wanted, logits=net.logits(batch))
            )
        optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))

    order = np.random.default_rng(SEED)
    for _ in range(EPOCHS):
        shuffled = order.permutation(len(images))
        for start in range(0, len(images) - BATCH + 1, BATCH):
            chosen = shuffled[start : start + BATCH]
            step(images[chosen], labels[chosen])


def main():
    tf.keras.utils.set_random_seed(SEED)
    tf.config.experimental.enable_op_determinism()
    data = load_digits()
    images = data.images.astype(np.float32)[..., np.newaxis]
    labels = data.target.astype(np.int32)
    train_images, test_images, train_labels, test_labels = train_test_split(
        images, labels, test_size=0.25, random_state=SEED, stratify=labels
    )
    net = Digits()
    train(net, train_images, train_labels)

    shutil.rmtree(SAVED_MODEL.parent, ignore_errors=True)
    tf.saved_model.save(net, str(SAVED_MODEL), signatures=net.classify)

    loaded = tf.saved_model.load(str(SAVED_MODEL)).signatures["serving_default"]
    answers = loaded(image=tf.constant(test_images))["probabilities"].numpy().argmax(axis=1)
    accuracy = float((answers == test_labels).mean())

    # Two images of each digit, the first two of the test split, whatever the net makes of them.
    chosen = [i for digit in range(10) for i in np.flatnonzero(test_labels == digit)[:2]]
    right = int((answers[chosen] == test_labels[chosen]).sum())
    lines = [
        json.dumps({"label": int(test_labels[i]), "pixels": test_images[i].astype(int).ravel().tolist()})
        for i in chosen
    ]
    IMAGES.parent.mkdir(exist_ok=True)
    IMAGES.write_text("[\n" + ",\n".join(lines) + "\n]\n")
    print(f"digits: test accuracy {accuracy:.4f} of {len(test_labels)}, {right} of {len(chosen)} demo images right")
    if accuracy < 0.97:
        sys.exit("digits: the net did not learn")


if __name__ == "__main__":
    main()
