package io.opgraft.tensorrt.internal;

import io.opgraft.backend.InstanceGroup;
import io.opgraft.backend.ModelLoadException;
import io.opgraft.backend.ModelSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which instances a model gets on which GPU, from its {@code instance_group}. */
final class InstancePlan {
    private InstancePlan() {}

    private static List<InstanceGroup> groups(ModelSource source) {
        return source.instanceGroups().isEmpty()
                ? List.of(new InstanceGroup(InstanceGroup.Kind.AUTO, 1, List.of(), List.of()))
                : source.instanceGroups();
    }

    /** The groups with the GPUs that each of them takes. */
    static List<InstanceGroup> settled(ModelSource source, List<Device> devices) {
        return groups(source).stream()
                .map(group -> group.settled(
                        InstanceGroup.Kind.GPU,
                        group.kind() == InstanceGroup.Kind.MODEL ? group.gpus() : gpus(group, devices)))
                .toList();
    }

    private static List<Integer> gpus(InstanceGroup group, List<Device> devices) {
        return group.gpus().isEmpty() ? devices.stream().map(Device::number).toList() : group.gpus();
    }

    /** For each GPU in use the profiles of each of its instances, none for all that the plan has. */
    static Map<Integer, List<List<Integer>>> of(ModelSource source, List<Device> devices) throws ModelLoadException {
        List<InstanceGroup> groups = groups(source);
        Map<Integer, List<List<Integer>>> byDevice = new TreeMap<>();
        for (InstanceGroup group : groups) {
            if (group.kind() == InstanceGroup.Kind.CPU) {
                throw new ModelLoadException("instance_group has kind KIND_CPU, but TensorRT runs on GPUs only;"
                        + " remove the field or use KIND_GPU");
            }
            List<Integer> profiles = profiles(group);
            for (int gpu : gpus(group, devices)) {
                if (gpu < 0 || gpu >= devices.size()) {
                    throw new ModelLoadException("instance_group names GPU " + gpu + ", but this machine has "
                            + (devices.size() == 1 ? "GPU 0 only" : "GPU 0 to " + (devices.size() - 1)));
                }
                for (int i = 0; i < group.count(); i++) {
                    byDevice.computeIfAbsent(gpu, number -> new ArrayList<>()).add(profiles);
                }
            }
        }
        return byDevice;
    }

    private static List<Integer> profiles(InstanceGroup group) throws ModelLoadException {
        List<Integer> numbers = new ArrayList<>();
        for (String name : group.profiles()) {
            try {
                numbers.add(Integer.parseInt(name.strip()));
            } catch (NumberFormatException e) {
                throw new ModelLoadException(
                        "instance_group names profile \"" + name + "\"; TensorRT's profiles are numbers from 0", e);
            }
        }
        return List.copyOf(numbers);
    }
}
