package io.opgraft.http.internal;

import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http2.server.AbstractHTTP2ServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SslConnectionFactory;

/** What the connector speaks: HTTP/1.1 and HTTP/2, both with TLS or both without. */
final class Protocols {
    private static final int H2_STREAM_WINDOW = 1 << 20;
    private static final int H2_SESSION_WINDOW = 8 << 20;

    private Protocols() {}

    /**
     * Makes the protocols.
     *
     * @param tls null for none
     */
    static ConnectionFactory[] of(HttpConfiguration http, Tls tls) {
        // A configuration of its own, since the factories of HTTP/2 set their buffer size in the one that they get.
        HttpConnectionFactory http1 = new HttpConnectionFactory(new HttpConfiguration(http));
        http1.setInputBufferSize(HttpEndpoint.INPUT_BUFFER);
        if (tls == null) {
            return new ConnectionFactory[] {http1, windows(new HTTP2CServerConnectionFactory(http))};
        }
        HTTP2ServerConnectionFactory http2 = windows(new HTTP2ServerConnectionFactory(http));
        Alpn alpn = new Alpn(http2.getProtocol(), HttpVersion.HTTP_1_1.asString());
        SslConnectionFactory ssl = new SslConnectionFactory(tls.context(), alpn.getProtocol());
        // It would refuse requests whose Host is not in the certificate, such as those by address.
        ssl.setEnsureSecureRequestCustomizer(false);
        return new ConnectionFactory[] {ssl, alpn, http2, http1};
    }

    private static <T extends AbstractHTTP2ServerConnectionFactory> T windows(T factory) {
        factory.setInitialStreamRecvWindow(H2_STREAM_WINDOW);
        factory.setInitialSessionRecvWindow(H2_SESSION_WINDOW);
        return factory;
    }
}
