package openpresence.client;

import java.util.LinkedHashMap;
import java.util.logging.LogManager;

/**
 * Presence with the Microsoft Graph SDK for Java: what Graph's presence pages show, then each other operation once. One
 * PASS or FAIL a check; the status is 1 when one failed. It wants the demo tenant, and leaves it as it was.
 *
 * <pre>
 * GRAPH_URL      https://localhost:5443   the server: Graph under /v1.0, tokens from the same origin
 * THROTTLED_URL                           a second one, started with a low --throttle-limit; without it that check is skipped
 * SIGN_IN                                 a program that signs a person in: SIGN_IN URL CODE; without it a person does
 * -Djavax.net.ssl.trustStore              a store with the server's authority, data/tls/ca.pem
 * </pre>
 */
final class Program {
    @FunctionalInterface
    interface Check {
        void run() throws Exception;
    }

    /** A check that cannot be made, with the reason. */
    static final class Skipped extends Exception {
        Skipped(String reason) {
            super(reason);
        }
    }

    private Program() {}

    public static void main(String[] arguments) {
        // MSAL and Azure's libraries log what the checks show anyway.
        LogManager.getLogManager().reset();
        var checks = new LinkedHashMap<String, Check>();
        checks.put("the presence of a person", PresenceChecks::ofAPerson);
        checks.put("the presence of the person who signed in", PresenceChecks::ofThePersonWhoSignedIn);
        checks.put("the presence of several people", PresenceChecks::ofSeveralPeople);
        checks.put("all presences, page by page", PresenceChecks::ofAll);
        checks.put("setPresence and clearPresence", PresenceChecks::session);
        checks.put("setUserPreferredPresence and clearUserPreferredPresence", PresenceChecks::preferred);
        checks.put("setStatusMessage", PresenceChecks::statusMessage);
        checks.put("work locations", PresenceChecks::workLocation);
        checks.put("people by pages, $filter, $search, $count", DirectoryChecks::people);
        checks.put("a person, the people around, the manager, the organization", DirectoryChecks::person);
        checks.put("photos", DirectoryChecks::photo);
        checks.put("automatic replies", DirectoryChecks::automaticReplies);
        checks.put("a subscription and its notification", SubscriptionChecks::notification);
        checks.put("a notification with presence is opened, and its token confirmed", SubscriptionChecks::encrypted);
        checks.put("a batch", ErrorChecks::batch);
        checks.put("errors as the SDK shows them", ErrorChecks::asShown);
        checks.put("a host that is not allowed gets no token, and the 401 says so", ErrorChecks::hostNotAllowed);
        checks.put("429 and Retry-After", ErrorChecks::throttled);
        if (!Demo.URL.matches(".*:\\d+")) {
            checks.put("MSAL renews in silence", SilentCheck::renewal);
        }

        var failed = 0;
        for (var check : checks.entrySet()) {
            try {
                check.getValue().run();
                System.out.println("PASS " + check.getKey());
            } catch (Skipped skipped) {
                System.out.println("SKIP " + check.getKey() + ": " + skipped.getMessage());
            } catch (Exception | AssertionError | LinkageError error) {
                failed++;
                System.out.println("FAIL " + check.getKey() + ": " + said(error));
            }
        }

        System.exit(failed == 0 ? 0 : 1);
    }

    /** The error, its causes, and where in this program it was. */
    private static String said(Throwable error) {
        var text = new StringBuilder();
        for (var at = error; at != null; at = at.getCause()) {
            text.append(text.isEmpty() ? "" : " because of ").append(at);
        }

        for (var frame : error.getStackTrace()) {
            if (frame.getClassName().startsWith("openpresence.client.")) {
                text.append(" at ").append(frame.getFileName()).append(':').append(frame.getLineNumber());
            }
        }

        return text.toString().replaceAll("\\s+", " ");
    }
}
