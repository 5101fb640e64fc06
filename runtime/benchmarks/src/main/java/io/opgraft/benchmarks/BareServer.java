package io.opgraft.benchmarks;

import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The other side of the HTTP rows: a Jetty core handler that does no more than answering an identity must cost. It has no
 * model, no limits and no statistics. Prints one line with its port.
 */
public final class BareServer {
    static final String PORT = "PORT ";

    private BareServer() {}

    /** Runs it until the process is ended. */
    public static void main(String[] arguments) throws Exception {
        // Jetty's own pool keeps no buffer beyond 64 KB; without this one the large rows would measure allocation.
        ByteBufferPool pool = new ArrayByteBufferPool.Quadratic(1024, 64 << 20, Integer.MAX_VALUE);
        Server server = new Server(new QueuedThreadPool(), null, pool);
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        connector.setPort(0);
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract.NonBlocking() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                new BareExchange(request, response, callback).run();
                return true;
            }
        });
        server.start();
        System.out.println(PORT + connector.getLocalPort());
        server.join();
    }
}
