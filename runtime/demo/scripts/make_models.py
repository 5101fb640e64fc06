"""Writes every model of the demo, then loads and checks each: python make_models.py

Needs requirements.txt and the example op bundles (mvn package -pl :io.opgraft.example.addsub,:com.example.addsub).
A process can hold one library of an op name only, so each model is made in a process of its own.
"""

import pathlib
import subprocess
import sys

SCRIPTS = pathlib.Path(__file__).resolve().parent


def main():
    for script, *arguments in [
        ("addsub.py", "addsub_v1"),
        ("addsub.py", "addsub_v2"),
        ("addsub.py", "addsub_other"),
        ("addsub.py", "addsub_missing"),
        ("digits.py",),
        ("simple.py",),
    ]:
        subprocess.run([sys.executable, SCRIPTS / script, *arguments], check=True)


if __name__ == "__main__":
    main()
