package openpresence.client;

import com.microsoft.graph.models.ChangeNotificationCollection;
import com.microsoft.kiota.serialization.ParseNodeFactoryRegistry;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A web server that confirms its address and keeps what comes. */
final class Receiver implements AutoCloseable {
    private static final String VALIDATION = "validationToken=";
    private static final long WAIT_SECONDS_MAX = 20;

    private final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    private final BlockingQueue<byte[]> received = new LinkedBlockingQueue<>();

    Receiver() throws IOException {
        server.createContext("/presence", this::take);
        server.start();
    }

    String url() {
        return "http://localhost:" + server.getAddress().getPort() + "/presence";
    }

    /** What came next, as the SDK reads it. */
    ChangeNotificationCollection next() throws InterruptedException {
        var body = received.poll(WAIT_SECONDS_MAX, TimeUnit.SECONDS);
        Demo.isTrue(body != null, "nothing came within " + WAIT_SECONDS_MAX + " s");
        return ParseNodeFactoryRegistry.defaultInstance
            .getParseNode("application/json", new ByteArrayInputStream(body))
            .getObjectValue(ChangeNotificationCollection::createFromDiscriminatorValue);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            var query = exchange.getRequestURI().getRawQuery();
            if (query == null || !query.startsWith(VALIDATION)) {
                received.add(exchange.getRequestBody().readAllBytes());
                exchange.sendResponseHeaders(202, -1);
                return;
            }

            var token = URLDecoder.decode(query.substring(VALIDATION.length()), StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(token.getBytes(StandardCharsets.UTF_8));
        }
    }
}
