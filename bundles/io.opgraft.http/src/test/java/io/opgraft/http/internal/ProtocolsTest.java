package io.opgraft.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.junit.jupiter.api.Test;

class ProtocolsTest {
    /** The factories of HTTP/2 must not change it. */
    @Test
    void muchIsReadFromAConnectionAtATime() {
        ConnectionFactory first = Protocols.of(new HttpConfiguration(), null)[0];
        HttpConnectionFactory http1 = assertInstanceOf(HttpConnectionFactory.class, first);
        assertEquals(HttpEndpoint.INPUT_BUFFER, http1.getInputBufferSize());
    }
}
