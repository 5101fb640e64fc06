package io.opgraft.models.internal.resolve;

import io.opgraft.ops.OpProvider;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The bundles that models brought along, as one of these models sees them. Bundles are named by the locations that they
 * were installed with.
 *
 * @param files of the model itself: by location, the path below its folder, with {@code /}
 * @param owners of every model: by location, the names of the models that brought the bundle along
 */
public record OwnBundles(Map<String, String> files, Map<String, List<String>> owners) {
    /** No model brought anything along. */
    public static final OwnBundles NONE = new OwnBundles(Map.of(), Map.of());

    /** Takes copies. */
    public OwnBundles {
        files = Map.copyOf(files);
        Map<String, List<String>> copy = new HashMap<>();
        owners.forEach((location, models) -> copy.put(location, List.copyOf(models)));
        owners = Map.copyOf(copy);
    }

    /** Whether the model itself brought a provider along. */
    boolean has(OpProvider provider) {
        return files.containsKey(provider.origin().location());
    }

    /** Whether only other models may use a provider. */
    boolean isForOthers(OpProvider provider) {
        return provider.origin().isPrivate() && !has(provider);
    }

    /** The path of a provider's bundle or library; empty if it is not the model's own. */
    String file(OpProvider provider) {
        return files.getOrDefault(provider.origin().location(), "");
    }

    /** The models that brought a provider along. */
    List<String> owners(OpProvider provider) {
        return owners.getOrDefault(provider.origin().location(), List.of());
    }
}
