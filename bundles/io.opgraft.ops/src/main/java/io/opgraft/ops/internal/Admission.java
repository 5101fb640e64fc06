package io.opgraft.ops.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Copies op libraries and judges them by what holds for every framework: the part that is done at once. */
final class Admission {
    /** Where the copy of a folder comes from. */
    interface Source {
        StoredFolder take(CopyStore store) throws RefusedException, IOException;
    }

    private final CopyStore store;
    private final boolean logged;

    /**
     * Makes it.
     *
     * @param logged whether its results go to the log
     */
    Admission(CopyStore store, boolean logged) {
        this.store = store;
        this.logged = logged;
    }

    /**
     * Takes the op libraries of one folder.
     *
     * @param libraries valid ones, by their paths in the folder
     */
    List<Offer> admit(List<Declared> libraries, Source source) {
        try {
            StoredFolder folder = source.take(store);
            List<Offer> offers = new ArrayList<>();
            for (Declared declared : libraries) {
                Unit unit = folder.unit(declared.path());
                offers.add(
                        unit == null
                                ? Offer.refused(declared.candidate(), "library", declared.absent(), logged)
                                : Offer.of(
                                        declared.candidate(),
                                        folder,
                                        unit,
                                        ofOthers(declared, libraries, unit),
                                        logged));
            }
            return offers;
        } catch (RefusedException e) {
            return refuse(libraries, "files", e.getMessage());
        } catch (IOException e) {
            return refuse(
                    libraries,
                    "files",
                    "its files cannot be copied to " + store.root() + " (" + e
                            + "); put that right and start the bundle again");
        } catch (RuntimeException e) {
            // The library may be code of others, and the framework's copy of the bundle may be damaged.
            return refuse(libraries, "files", "its files cannot be read (" + e + "); install the bundle again");
        }
    }

    private List<Offer> refuse(List<Declared> libraries, String topic, String reason) {
        return libraries.stream()
                .map(declared -> Offer.refused(declared.candidate(), topic, reason, logged))
                .toList();
    }

    private static Set<String> ofOthers(Declared declared, List<Declared> all, Unit unit) {
        Set<String> ops = new HashSet<>();
        for (Declared other : all) {
            if (!other.equals(declared) && unit.members().contains(other.path())) {
                ops.addAll(other.candidate().ops());
            }
        }
        return ops;
    }
}
