package openpresence.client;

import static openpresence.client.Demo.*;

import com.microsoft.graph.core.tasks.PageIterator;
import com.microsoft.graph.models.AutomaticRepliesSetting;
import com.microsoft.graph.models.AutomaticRepliesStatus;
import com.microsoft.graph.models.MailboxSettings;
import com.microsoft.graph.models.User;
import com.microsoft.graph.models.UserCollectionResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;

/** People, their photos and their mailbox settings. */
final class DirectoryChecks {
    private static final String DOT =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    private DirectoryChecks() {}

    static void people() throws Exception {
        var first = APP.users().get(request -> {
            request.queryParameters.top = 5;
            request.queryParameters.select = new String[] {"id", "displayName"};
        });
        var names = new ArrayList<String>();
        new PageIterator.Builder<User, UserCollectionResponse>()
            .client(APP)
            .collectionPage(first)
            .collectionPageFactory(UserCollectionResponse::createFromDiscriminatorValue)
            .processPageItemCallback(user -> names.add(user.getDisplayName()))
            .build()
            .iterate();
        isTrue(names.contains("Mara Lindqvist") && names.size() > 10, names.toString());

        var engineers = APP.users().get(request ->
            request.queryParameters.filter = "department eq 'Engineering' and startswith(displayName,'V')");
        equal(VIKTOR, engineers.getValue().get(0).getId());

        var found = APP.users().get(request -> {
            request.queryParameters.search = "\"displayName:lindqvist\"";
            request.queryParameters.count = true;
            request.headers.add("ConsistencyLevel", "eventual");
        });
        equal(1L, found.getOdataCount());
        equal(MARA, found.getValue().get(0).getId());
        var count = APP.users().count().get(request -> request.headers.add("ConsistencyLevel", "eventual"));
        equal(names.size(), count);
    }

    static void person() throws Exception {
        var me = PERSON.me().get();
        equal(VIKTOR, me.getId());
        equal(VIKTOR, APP.users().byUserId(me.getUserPrincipalName()).get().getId());
        isTrue(!PERSON.me().people().get().getValue().isEmpty(), "nobody is near");
        equal(404, errorOf(() -> APP.users().byUserId(VIKTOR).manager().get()).getResponseStatusCode());
        var organization = APP.organization().get().getValue().get(0);
        equal(TENANT, organization.getId());
        equal("contoso.example", organization.getVerifiedDomains().get(0).getName());
    }

    static void photo() throws Exception {
        var mara = APP.users().byUserId(MARA);
        isTrue(mara.photo().get().getWidth() > 0, "no width");
        isTrue(bytes(mara.photo().content().get()).length > 1000, "no picture");
        var size = mara.photos().get().getValue().get(0).getId();
        isTrue(bytes(mara.photos().byProfilePhotoId(size).content().get()).length > 0, "nothing in " + size);

        var content = APP.users().byUserId(VIKTOR).photo().content();
        var dot = Base64.getDecoder().decode(DOT);
        content.put(new ByteArrayInputStream(dot));
        isTrue(Arrays.equals(dot, bytes(content.get())), "another picture");
        content.delete();
        equal("ImageNotFound", errorOf(content::get).getError().getCode());
    }

    static void automaticReplies() {
        reply(AutomaticRepliesStatus.AlwaysEnabled, "Back on Monday.");
        var replies = PERSON.me().mailboxSettings().get().getAutomaticRepliesSetting();
        equal("Back on Monday.", replies.getInternalReplyMessage());
        var presence = APP.users().byUserId(VIKTOR).presence();
        equal("Back on Monday.", presence.get().getOutOfOfficeSettings().getMessage());
        reply(AutomaticRepliesStatus.Disabled, null);
        equal(false, presence.get().getOutOfOfficeSettings().getIsOutOfOffice());
    }

    private static void reply(AutomaticRepliesStatus status, String text) {
        var replies = new AutomaticRepliesSetting();
        replies.setStatus(status);
        replies.setInternalReplyMessage(text);
        var settings = new MailboxSettings();
        settings.setAutomaticRepliesSetting(replies);
        PERSON.me().mailboxSettings().patch(settings);
    }

    private static byte[] bytes(InputStream content) throws IOException {
        try (content) {
            return content.readAllBytes();
        }
    }
}
