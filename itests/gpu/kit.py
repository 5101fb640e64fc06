"""Paths, op bundles, models and what is known of the device."""
import os
import shutil
import subprocess
import zipfile

PAIR = ("INPUT0", "INPUT1"), ("OUTPUT0", "OUTPUT1")
SINGLE = ("INPUT0",), ("OUTPUT0",)


class Kit:
    """Where the parts are: distribution, programs, plugin fixtures, plans, TensorRT, work folder."""

    def __init__(self, arguments):
        self.home = os.path.abspath(arguments.home)
        self.tensorrt = os.path.abspath(arguments.tensorrt_home) if arguments.tensorrt_home else None
        self.programs = os.path.abspath(arguments.programs)
        self.fixtures = os.path.abspath(arguments.fixtures)
        self.plans = os.path.abspath(arguments.plans)
        self.work = os.path.abspath(arguments.work)
        self.cycles = arguments.cycles
        self.seconds = arguments.seconds
        self.calls = arguments.calls
        self.classes = os.path.abspath(arguments.classes)
        os.makedirs(self.work, exist_ok=True)
        os.makedirs(self.plans, exist_ok=True)

    def example(self, name, version):
        return os.path.join(self.home, "examples", "ops", "%s-%s.jar" % (name, version))

    def fixture(self, folder):
        return os.path.join(self.fixtures, folder)

    def plan(self, name):
        return os.path.join(self.plans, name + ".plan")

    def has_plan(self, name):
        return os.path.exists(self.plan(name))

    def folder(self, *names):
        path = os.path.join(self.work, *names)
        shutil.rmtree(path, ignore_errors=True)
        os.makedirs(path)
        return path

    def library_path(self):
        """For programs that link TensorRT: its folder and its CUDA runtime beside it."""
        folders = []
        if self.tensorrt:
            folders = [os.path.join(self.tensorrt, "lib"), os.path.join(self.tensorrt, "lib64"), self.tensorrt]
        return ":".join(folders + [os.environ.get("LD_LIBRARY_PATH", "")])


def deploy(jar, folder, name):
    """Puts a jar into a deploy folder in one step, over what has that name."""
    part = os.path.join(os.path.dirname(os.path.abspath(folder)), name + ".part")
    shutil.copyfile(jar, part)
    os.replace(part, os.path.join(folder, name))


def bundle(target, name, version, folder, ops, library="libscale.so", suffix=b""):
    """An op bundle of a folder of libraries, as an op author's build would make it; suffix makes its digest its own."""
    entry = "native/linux-x86_64/" + library
    manifest = ["Manifest-Version: 1.0", "Bundle-ManifestVersion: 2", "Bundle-SymbolicName: " + name,
                "Bundle-Version: " + version]
    capability = 'Provide-Capability: opgraft.op;framework=tensorrt;ops:List<String>="%s";library="%s"' % (ops, entry)
    while capability:
        manifest.append(capability[:70])
        capability = " " + capability[70:] if len(capability) > 70 else ""
    with zipfile.ZipFile(target, "w") as jar:
        jar.writestr("META-INF/MANIFEST.MF", "\r\n".join(manifest) + "\r\n\r\n")
        for file in sorted(os.listdir(folder)):
            with open(os.path.join(folder, file), "rb") as content:
                data = content.read()
            jar.writestr("native/linux-x86_64/" + file, data + suffix if file == library else data)
    return target


def bench_bundle(target, classes):
    """The bundle with the command bench:calls, from the compiled classes of itests."""
    folder = "io/opgraft/itests/gpu"
    manifest = ["Manifest-Version: 1.0", "Bundle-ManifestVersion: 2", "Bundle-SymbolicName: io.opgraft.itests.gpu",
                "Bundle-Version: 1.0.0", "Bundle-Activator: io.opgraft.itests.gpu.InProcess",
                "Import-Package: org.osgi.framework,io.opgraft.backend,io.opgraft.models,",
                " io.opgraft.serving"]
    with zipfile.ZipFile(target, "w") as jar:
        jar.writestr("META-INF/MANIFEST.MF", "\r\n".join(manifest) + "\r\n\r\n")
        for file in sorted(os.listdir(os.path.join(classes, folder))):
            jar.write(os.path.join(classes, folder, file), folder + "/" + file)
    return target


def model(kit, repository, name, plan, datatype="INT32", dims=(16,), sides=PAIR, pins=(), extra="", content=None,
          max_batch=64):
    """A model of a plan in a repository, complete before the server can see it."""
    part = os.path.join(kit.folder("models.part"), name)
    os.makedirs(os.path.join(part, "1"))
    if content is None:
        shutil.copyfile(kit.plan(plan), os.path.join(part, "1", "model.plan"))
    else:
        with open(os.path.join(part, "1", "model.plan"), "wb") as file:
            file.write(content)

    def tensors(kind, names):
        return "".join('%s { name: "%s" data_type: TYPE_%s dims: [ %s ] }\n'
                       % (kind, each, datatype, ", ".join(map(str, dims if kind == "input" else out_dims)))
                       for each in names)

    out_dims = (10, 1, 1) if plan == "conv" else dims
    with open(os.path.join(part, "config.pbtxt"), "w") as config:
        config.write('name: "%s"\nplatform: "tensorrt_plan"\nmax_batch_size: %d\n' % (name, max_batch))
        config.write(tensors("input", sides[0]) + tensors("output", sides[1]))
        if pins:
            config.write("model_operations {%s }\n" % "".join(' op_library_filename: "%s"' % pin for pin in pins))
        config.write(extra)
    os.replace(part, os.path.join(repository, name))


def query(what, kind="gpu"):
    """A value from nvidia-smi, or an empty text."""
    try:
        answer = subprocess.run(["nvidia-smi", "--query-%s=%s" % (kind, what), "--format=csv,noheader,nounits"],
                                capture_output=True, text=True, timeout=30, check=True)
        return answer.stdout.strip().splitlines()[0]
    except (OSError, subprocess.SubprocessError, IndexError):
        return ""


def device_memory():
    """Used memory of the first GPU in MiB."""
    return int(query("memory.used") or 0)
