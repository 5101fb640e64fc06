package io.opgraft.http.internal;

import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.NegotiatingServerConnection;
import org.eclipse.jetty.server.NegotiatingServerConnection.CipherDiscriminator;
import org.eclipse.jetty.server.NegotiatingServerConnectionFactory;

/**
 * Lets client and server agree on HTTP/2 or HTTP/1.1 within the TLS handshake. Jetty's own factory finds its engine by a
 * service loader, which needs more bundles; since Java 9 the JDK has all that is needed.
 */
final class Alpn extends NegotiatingServerConnectionFactory {
    Alpn(String... protocols) {
        super("alpn", protocols);
        setDefaultProtocol(HttpVersion.HTTP_1_1.asString());
    }

    @Override
    protected AbstractConnection newServerConnection(
            Connector connector, EndPoint endPoint, SSLEngine engine, List<String> protocols, String defaultProtocol) {
        Negotiating connection = new Negotiating(connector, endPoint, engine, protocols, defaultProtocol);
        engine.setHandshakeApplicationProtocolSelector((same, offered) -> connection.select(offered));
        // A client that offers nothing is never asked; it has the default.
        ((SslConnection.SslEndPoint) endPoint).getSslConnection().addHandshakeListener(connection);
        return connection;
    }

    private static final class Negotiating extends NegotiatingServerConnection implements SslHandshakeListener {
        Negotiating(
                Connector connector,
                EndPoint endPoint,
                SSLEngine engine,
                List<String> protocols,
                String defaultProtocol) {
            super(connector, endPoint, engine, protocols, defaultProtocol);
        }

        /** The protocol that is best liked of those offered; empty for none, which the handshake goes on without. */
        private String select(List<String> offered) {
            for (String protocol : getProtocols()) {
                if (offered.contains(protocol) && acceptable(protocol)) {
                    setProtocol(protocol);
                    return protocol;
                }
            }
            return "";
        }

        @Override
        public void handshakeSucceeded(Event event) {
            if (getProtocol() == null) {
                setProtocol(getDefaultProtocol());
            }
        }

        /** HTTP/2 refuses weak ciphers. */
        private boolean acceptable(String protocol) {
            ConnectionFactory factory = getConnector().getConnectionFactory(protocol);
            SSLSession session = getSSLEngine().getHandshakeSession();
            return !(factory instanceof CipherDiscriminator ciphers)
                    || session == null
                    || ciphers.isAcceptable(protocol, session.getProtocol(), session.getCipherSuite());
        }
    }
}
