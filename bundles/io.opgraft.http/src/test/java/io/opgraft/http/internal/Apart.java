package io.opgraft.http.internal;

import java.util.AbstractQueue;
import java.util.Collections;
import java.util.Iterator;

/** A queue that runs each request at once on a thread of its own, for models that block. */
final class Apart extends AbstractQueue<Runnable> {
    @Override
    public boolean offer(Runnable request) {
        new Thread(request, "model").start();
        return true;
    }

    @Override
    public Runnable poll() {
        return null;
    }

    @Override
    public Runnable peek() {
        return null;
    }

    @Override
    public Iterator<Runnable> iterator() {
        return Collections.emptyIterator();
    }

    @Override
    public int size() {
        return 0;
    }
}
