package openpresence.client;

import static openpresence.client.Demo.*;

import com.microsoft.graph.communications.getpresencesbyuserid.GetPresencesByUserIdPostRequestBody;
import com.microsoft.graph.core.content.BatchRequestContent;
import com.microsoft.graph.models.Presence;
import com.microsoft.graph.models.WorkLocationType;
import com.microsoft.graph.serviceclient.GraphServiceClient;
import com.microsoft.graph.users.item.presence.setmanuallocation.SetManualLocationPostRequestBody;
import com.microsoft.kiota.http.middleware.options.RetryHandlerOption;
import java.time.Duration;
import java.util.stream.IntStream;

/** Several requests in one, and what goes wrong, as the SDK shows it. */
final class ErrorChecks {
    private static final int REQUESTS_UNTIL_THROTTLED_MAX = 100;

    private ErrorChecks() {}

    static void batch() throws Exception {
        var batch = new BatchRequestContent(APP);
        var mara = batch.addBatchRequestStep(APP.users().byUserId(MARA).presence().toGetRequestInformation());
        var nobody = batch.addBatchRequestStep(APP.users().byUserId(NOBODY).presence().toGetRequestInformation());
        var set = batch.addBatchRequestStep(APP.users().byUserId(VIKTOR).presence().setPresence()
            .toPostRequestInformation(PresenceChecks.session("Busy", "InACall")));
        var answers = APP.getBatchRequestBuilder().post(batch, null);
        equal(200, answers.getResponsesStatusCode().get(set));
        equal(404, answers.getResponsesStatusCode().get(nobody));
        var presence = answers.getResponseById(mara, Presence::createFromDiscriminatorValue);
        equal("Busy/InAMeeting", PresenceChecks.pair(presence));
        equal("Busy/InACall", PresenceChecks.shown());
        PresenceChecks.clear();
    }

    static void asShown() throws Exception {
        var missing = errorOf(() -> APP.users().byUserId(NOBODY).presence().get());
        equal(404, missing.getResponseStatusCode());
        equal("Request_ResourceNotFound", missing.getError().getCode());
        isTrue(missing.getError().getInnerError().getRequestId() != null, "no request id");
        isTrue(missing.getError().getInnerError().getDate() != null, "no date");
        equal(400, errorOf(() -> PresenceChecks.set("Busy", "Available")).getResponseStatusCode());

        var many = new GetPresencesByUserIdPostRequestBody();
        many.setIds(IntStream.range(0, 651).mapToObj("00000000-0000-4000-8000-%012d"::formatted).toList());
        var error = errorOf(() -> APP.communications().getPresencesByUserId().post(many));
        isTrue(error.getMessage().contains("650"), error.getMessage());

        var place = new SetManualLocationPostRequestBody();
        place.setWorkLocationType(WorkLocationType.Office);
        var denied = errorOf(() -> APP.users().byUserId(VIKTOR).presence().setManualLocation().post(place));
        equal(403, denied.getResponseStatusCode());
        equal("Forbidden", denied.getError().getCode());

        var session = PresenceChecks.session("Busy", "InACall");
        session.setSessionId(PUBLIC_CLIENT);
        var other = errorOf(() -> PERSON.users().byUserId(MARA).presence().setPresence().post(session));
        equal(401, other.getResponseStatusCode());
        equal(400, errorOf(() -> APP.me().presence().get()).getResponseStatusCode());
    }

    static void hostNotAllowed() throws Exception {
        var graph = new GraphServiceClient(applicationAt(URL), SCOPE);
        graph.getRequestAdapter().setBaseUrl(URL + "/v1.0");
        var error = errorOf(() -> graph.users().byUserId(MARA).presence().get());
        equal(401, error.getResponseStatusCode());
        isTrue(error.getMessage().contains("allowed hosts"), error.getMessage());
    }

    static void throttled() throws Exception {
        var url = System.getenv("THROTTLED_URL");
        if (url == null || url.isEmpty()) {
            throw new Program.Skipped("no THROTTLED_URL");
        }

        var mara = graphAt(url, applicationAt(url)).users().byUserId(MARA).presence();
        var error = errorOf(() -> {
            for (var request = 0; request < REQUESTS_UNTIL_THROTTLED_MAX; request++) {
                mara.get(at -> at.options.add(new RetryHandlerOption(null, 0, 1)));
            }
        });
        equal(429, error.getResponseStatusCode());
        equal("TooManyRequests", error.getError().getCode());

        var wait = Long.parseLong(error.getResponseHeaders().get("Retry-After").iterator().next());
        var start = System.nanoTime();
        equal("Busy/InAMeeting", PresenceChecks.pair(mara.get()));
        var waited = Duration.ofNanos(System.nanoTime() - start);
        isTrue(waited.compareTo(Duration.ofMillis(wait * 1000 - 1500)) > 0, "the client waited " + waited);
    }
}
