"""What was checked, and the report of it."""
import json
import os
import time


class Results:
    """Checks and figures by phase; kept in a JSON file, so that phases run one by one add up to one report."""

    def __init__(self, folder):
        self.folder = os.path.abspath(folder)
        self.file = os.path.join(folder, "results.json")
        self.report = os.path.join(folder, "RESULTS.md")
        self.state = {"environment": {}, "phases": {}}
        if os.path.exists(self.file):
            with open(self.file) as file:
                self.state = json.load(file)
        self.phase = None
        self.started = time.monotonic()

    def begin(self, phase):
        self.phase = phase
        self.started = time.monotonic()
        self.state["phases"][phase] = {"checks": [], "figures": [], "seconds": 0}
        print("== %s" % phase, flush=True)

    def check(self, right, what, detail=""):
        """Notes whether something is as it must be."""
        detail = " ".join(str(detail).replace(self.folder, "WORK").split())[:600]
        self.state["phases"][self.phase]["checks"].append([bool(right), what, detail])
        print("  %s %s%s" % ("ok  " if right else "FAIL", what, ": " + detail if detail else ""), flush=True)
        self.save()
        return bool(right)

    def figure(self, what, value):
        self.state["phases"][self.phase]["figures"].append([what, str(value)])
        print("       %s: %s" % (what, value), flush=True)
        self.save()

    def end(self):
        self.state["phases"][self.phase]["seconds"] = round(time.monotonic() - self.started, 1)
        self.save()

    def failures(self):
        return sum(1 for phase in self.state["phases"].values() for check in phase["checks"] if not check[0])

    def save(self):
        with open(self.file, "w") as file:
            json.dump(self.state, file)
        with open(self.report, "w") as file:
            file.write(self.markdown())

    def markdown(self):
        checks = sum(len(phase["checks"]) for phase in self.state["phases"].values())
        lines = ["# Results on a GPU", "",
                 "Written by `itests/gpu/run.py`; see [README](README.md). %d checks, %d failed."
                 % (checks, self.failures()), "", "| | |", "|---|---|"]
        lines += ["| %s | %s |" % pair for pair in self.state["environment"].items()]
        for name, phase in self.state["phases"].items():
            lines += ["", "## %s (%.0f s)" % (name, phase["seconds"]), ""]
            if phase["figures"]:
                lines += ["| figure | value |", "|---|---|"]
                lines += ["| %s | %s |" % (what, value.replace("|", "\\|")) for what, value in phase["figures"]]
                lines += [""]
            lines += ["- %s %s%s" % ("ok:" if right else "**FAILED:**", what, ": " + detail if detail else "")
                      for right, what, detail in phase["checks"]]
        return "\n".join(lines) + "\n"
