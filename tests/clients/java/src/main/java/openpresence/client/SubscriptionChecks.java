package openpresence.client;

import static openpresence.client.Demo.*;

import com.microsoft.graph.core.models.DecryptableContent;
import com.microsoft.graph.core.models.TokenValidable;
import com.microsoft.graph.models.ChangeType;
import com.microsoft.graph.models.Presence;
import com.microsoft.graph.models.Subscription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/** The life of a subscription, and what comes to its receiver. */
final class SubscriptionChecks {
    private static final String PASSWORD = "changeit";

    private SubscriptionChecks() {}

    static void notification() throws Exception {
        try (var receiver = new Receiver()) {
            var made = PERSON.subscriptions().post(wanted(receiver));
            equal(VIKTOR, made.getCreatorId());
            equal(PUBLIC_CLIENT, made.getApplicationId());

            PresenceChecks.set("Busy", "InACall");
            var item = receiver.next().getValue().get(0);
            PresenceChecks.clear();
            equal(UUID.fromString(made.getId()), UUID.fromString(item.getSubscriptionId().toString()));
            equal("from Java", item.getClientState());
            equal(ChangeType.Updated, item.getChangeType());
            equal(VIKTOR, item.getResourceData().getAdditionalData().get("id"));

            var mine = PERSON.subscriptions().bySubscriptionId(made.getId());
            var all = PERSON.subscriptions().get().getValue();
            isTrue(all.stream().anyMatch(each -> each.getId().equals(made.getId())), "not in the list");
            var later = new Subscription();
            later.setExpirationDateTime(OffsetDateTime.now().plusMinutes(59));
            isTrue(mine.patch(later).getExpirationDateTime().isAfter(made.getExpirationDateTime()), "not renewed");
            mine.reauthorize().post();
            mine.delete();
            equal(404, errorOf(mine::get).getResponseStatusCode());
        }
    }

    static void encrypted() throws Exception {
        var store = selfSigned();
        try (var receiver = new Receiver()) {
            var wanted = wanted(receiver);
            wanted.setIncludeResourceData(true);
            wanted.setEncryptionCertificateId("of this run");
            wanted.setEncryptionCertificate(Base64.getEncoder().encodeToString(store.certificate().getEncoded()));
            var made = PERSON.subscriptions().post(wanted);
            PresenceChecks.set("DoNotDisturb", "Presenting");
            var told = receiver.next();
            PresenceChecks.clear();
            PERSON.subscriptions().bySubscriptionId(made.getId()).delete();

            var content = told.getValue().get(0).getEncryptedContent();
            equal("of this run", content.getEncryptionCertificateId());
            var presence = DecryptableContent.decrypt(
                content, (id, thumbprint) -> store.key(), Presence::createFromDiscriminatorValue);
            equal(VIKTOR, presence.getId());
            equal("Presenting", presence.getActivity());

            // The SDK reads tokens of version 2 (validationTokenVersion); of version 1 it finds no azp and fails.
            var areValid = TokenValidable.areTokensValid(
                told,
                List.of(UUID.fromString(TENANT)),
                List.of(UUID.fromString(PUBLIC_CLIENT)),
                URL + "/common/discovery/keys");
            isTrue(areValid, "the tokens are not valid");
        }
    }

    private static Subscription wanted(Receiver receiver) {
        var wanted = new Subscription();
        wanted.setChangeType("updated");
        wanted.setNotificationUrl(receiver.url());
        wanted.setResource("/communications/presences/" + VIKTOR);
        wanted.setExpirationDateTime(OffsetDateTime.now().plusMinutes(50));
        wanted.setClientState("from Java");
        return wanted;
    }

    private record KeyAndCertificate(Key key, Certificate certificate) {}

    /** By keytool: the JDK has no public way to make a certificate. */
    private static KeyAndCertificate selfSigned() throws Exception {
        var folder = Files.createTempDirectory("openpresence");
        var file = folder.resolve("own.p12");
        try {
            var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
            var made = new ProcessBuilder(
                    keytool, "-genkeypair", "-alias", "own", "-keyalg", "RSA", "-keysize", "2048", "-validity", "1",
                    "-dname", "CN=presence in notifications", "-keystore", file.toString(),
                    "-storetype", "PKCS12", "-storepass", PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
            equal(0, made);
            var store = KeyStore.getInstance("PKCS12");
            try (var stream = Files.newInputStream(file)) {
                store.load(stream, PASSWORD.toCharArray());
            }

            return new KeyAndCertificate(store.getKey("own", PASSWORD.toCharArray()), store.getCertificate("own"));
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }
}
