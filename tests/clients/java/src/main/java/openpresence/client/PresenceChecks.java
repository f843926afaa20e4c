package openpresence.client;

import static openpresence.client.Demo.*;

import com.microsoft.graph.communications.getpresencesbyuserid.GetPresencesByUserIdPostRequestBody;
import com.microsoft.graph.core.tasks.PageIterator;
import com.microsoft.graph.models.BodyType;
import com.microsoft.graph.models.DateTimeTimeZone;
import com.microsoft.graph.models.ItemBody;
import com.microsoft.graph.models.Presence;
import com.microsoft.graph.models.PresenceCollectionResponse;
import com.microsoft.graph.models.PresenceStatusMessage;
import com.microsoft.graph.models.WorkLocationType;
import com.microsoft.graph.users.item.presence.clearpresence.ClearPresencePostRequestBody;
import com.microsoft.graph.users.item.presence.setautomaticlocation.SetAutomaticLocationPostRequestBody;
import com.microsoft.graph.users.item.presence.setmanuallocation.SetManualLocationPostRequestBody;
import com.microsoft.graph.users.item.presence.setpresence.SetPresencePostRequestBody;
import com.microsoft.graph.users.item.presence.setstatusmessage.SetStatusMessagePostRequestBody;
import com.microsoft.graph.users.item.presence.setuserpreferredpresence.SetUserPreferredPresencePostRequestBody;
import com.microsoft.kiota.PeriodAndDuration;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;

/** Presence, as Graph's pages show it. A body is made anew for each request: one that was sent sends changes only. */
final class PresenceChecks {
    private PresenceChecks() {}

    static void ofAPerson() {
        var presence = APP.users().byUserId(JONAS).presence().get();
        equal(JONAS, presence.getId());
        equal("DoNotDisturb/Presenting", pair(presence));
        equal(false, presence.getOutOfOfficeSettings().getIsOutOfOffice());
        isTrue(presence.getSequenceNumber() != null, "no sequence number");
        equal("Away/BeRightBack", pair(APP.communications().presences().byPresenceId(PRIYA).get()));
    }

    static void ofThePersonWhoSignedIn() {
        var presence = PERSON.me().presence().get();
        equal(VIKTOR, presence.getId());
        equal("Offline/Offline", pair(presence));
    }

    static void ofSeveralPeople() {
        var body = new GetPresencesByUserIdPostRequestBody();
        body.setIds(List.of(MARA, JONAS));
        var presences = APP.communications().getPresencesByUserId().post(body).getValue();
        equal(List.of(MARA, JONAS), presences.stream().map(Presence::getId).toList());
        equal(
            List.of("Busy/InAMeeting", "DoNotDisturb/Presenting"),
            presences.stream().map(PresenceChecks::pair).toList());
    }

    static void ofAll() throws Exception {
        var first = APP.communications().presences().get(request -> request.queryParameters.top = 5);
        var seen = new HashSet<String>();
        new PageIterator.Builder<Presence, PresenceCollectionResponse>()
            .client(APP)
            .collectionPage(first)
            .collectionPageFactory(PresenceCollectionResponse::createFromDiscriminatorValue)
            .processPageItemCallback(presence -> seen.add(presence.getId()))
            .build()
            .iterate();
        equal(APP.communications().presences().count().get(), seen.size());
        isTrue(seen.size() > 5, "one page only");
    }

    static void session() {
        set("Busy", "InACall");
        equal("Busy/InACall", shown());
        clear();
        equal("Offline/Offline", shown());

        var presence = APP.communications().presences().byPresenceId(VIKTOR);
        var set = new com.microsoft.graph.communications.presences.item.setpresence.SetPresencePostRequestBody();
        set.setSessionId(APPLICATION);
        set.setAvailability("Available");
        set.setActivity("Available");
        set.setExpirationDuration(PeriodAndDuration.ofDuration(Duration.ofMinutes(5)));
        presence.setPresence().post(set);
        equal("Available/Available", pair(presence.get()));
        var clear = new com.microsoft.graph.communications.presences.item.clearpresence.ClearPresencePostRequestBody();
        clear.setSessionId(APPLICATION);
        presence.clearPresence().post(clear);
    }

    static void preferred() {
        set("Available", "Available");
        var body = new SetUserPreferredPresencePostRequestBody();
        body.setAvailability("DoNotDisturb");
        body.setActivity("DoNotDisturb");
        body.setExpirationDuration(PeriodAndDuration.ofDuration(Duration.ofHours(8)));
        PERSON.me().presence().setUserPreferredPresence().post(body);
        equal("DoNotDisturb/DoNotDisturb", shown());
        PERSON.me().presence().clearUserPreferredPresence().post();
        equal("Available/Available", shown());
        clear();
    }

    static void statusMessage() {
        var text = "In a meeting until noon ☕";
        var end = LocalDateTime.now(ZoneOffset.UTC).plusHours(2).truncatedTo(ChronoUnit.SECONDS).toString();
        var until = new DateTimeTimeZone();
        until.setDateTime(end);
        until.setTimeZone("UTC");
        say(text, until);
        var own = PERSON.me().presence().get().getStatusMessage();
        var seen = APP.users().byUserId(VIKTOR).presence().get().getStatusMessage();
        equal(text, own.getMessage().getContent());
        equal(text, seen.getMessage().getContent());
        isTrue(own.getExpiryDateTime().getDateTime().startsWith(end), "another end");
        isTrue(own.getPublishedDateTime() != null, "not published");
        // Only the person sees when the message ends.
        equal(null, seen.getExpiryDateTime());

        say("", null);
        equal(null, PERSON.me().presence().get().getStatusMessage());
    }

    static void workLocation() {
        var mine = PERSON.me().presence();
        var manual = new SetManualLocationPostRequestBody();
        manual.setWorkLocationType(WorkLocationType.Office);
        manual.setPlaceId("brno-1-16");
        mine.setManualLocation().post(manual);
        equal("brno-1-16", mine.get().getWorkLocation().getPlaceId());

        var automatic = new SetAutomaticLocationPostRequestBody();
        automatic.setWorkLocationType(WorkLocationType.Remote);
        mine.setAutomaticLocation().post(automatic);
        // The choice of the person goes first.
        equal(WorkLocationType.Office, mine.get().getWorkLocation().getWorkLocationType());
        mine.clearAutomaticLocation().post();
        mine.clearLocation().post();
    }

    static String pair(Presence presence) {
        return presence.getAvailability() + "/" + presence.getActivity();
    }

    static String shown() {
        return pair(APP.users().byUserId(VIKTOR).presence().get());
    }

    static SetPresencePostRequestBody session(String availability, String activity) {
        var body = new SetPresencePostRequestBody();
        body.setSessionId(APPLICATION);
        body.setAvailability(availability);
        body.setActivity(activity);
        body.setExpirationDuration(PeriodAndDuration.ofDuration(Duration.ofHours(1)));
        return body;
    }

    static void set(String availability, String activity) {
        APP.users().byUserId(VIKTOR).presence().setPresence().post(session(availability, activity));
    }

    static void clear() {
        var body = new ClearPresencePostRequestBody();
        body.setSessionId(APPLICATION);
        APP.users().byUserId(VIKTOR).presence().clearPresence().post(body);
    }

    private static void say(String text, DateTimeTimeZone until) {
        var item = new ItemBody();
        item.setContent(text);
        item.setContentType(BodyType.Text);
        var message = new PresenceStatusMessage();
        message.setMessage(item);
        message.setExpiryDateTime(until);
        var body = new SetStatusMessagePostRequestBody();
        body.setStatusMessage(message);
        PERSON.me().presence().setStatusMessage().post(body);
    }
}
