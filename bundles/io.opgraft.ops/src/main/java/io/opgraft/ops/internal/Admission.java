package io.opgraft.ops.internal;

import io.opgraft.op.OpLibrary;
import io.opgraft.ops.OpProvider;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns an op library into a record of the index: copied and accepted, or refused with the reason. */
final class Admission {
    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

    private final CopyStore store;

    Admission(CopyStore store) {
        this.store = store;
    }

    OpProvider admit(Candidate candidate, OpLibrary library) {
        try {
            StoredCopy copy = store.take(library.library(), library.helpers());
            LOG.info("Ops {} of {} from {}", candidate.ops(), candidate.framework(), candidate);
            copy.notes().forEach(note -> LOG.info("{}: {}", candidate, note));
            return candidate.active(copy);
        } catch (RefusedException e) {
            return refuse(candidate, e.getMessage());
        } catch (IOException e) {
            long id = candidate.bundleId();
            return refuse(
                    candidate,
                    "its files cannot be copied to " + store.root() + " (" + e
                            + "); put that right and start the bundle again with: stop " + id + "; start " + id);
        } catch (RuntimeException e) {
            // The library may be code of others.
            return refuse(candidate, "its OpLibrary service failed (" + e + "); see the bundle's author");
        }
    }

    OpProvider refuse(Candidate candidate, String reason) {
        LOG.warn("Ops {} of {} are refused: {}", candidate.ops(), candidate, reason);
        return candidate.refused(reason);
    }
}
