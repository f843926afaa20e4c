package openpresence.client;

import com.azure.core.credential.TokenCredential;
import com.azure.identity.ClientSecretCredentialBuilder;
import com.azure.identity.DeviceCodeCredentialBuilder;
import com.azure.identity.DeviceCodeInfo;
import com.microsoft.graph.core.authentication.AzureIdentityAuthenticationProvider;
import com.microsoft.graph.core.requests.BaseGraphRequestAdapter;
import com.microsoft.graph.models.odataerrors.ODataError;
import com.microsoft.graph.serviceclient.GraphServiceClient;
import java.io.IOException;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The demo tenant, and the clients of the two who ask: an application, and Viktor, who signs in. */
final class Demo {
    static final String URL = Optional.ofNullable(System.getenv("GRAPH_URL")).orElse("https://localhost:5443");
    static final String SCOPE = "https://graph.microsoft.com/.default";

    static final String TENANT = "aaaabbbb-0000-cccc-1111-dddd2222eeee";
    static final String APPLICATION = "00001111-aaaa-2222-bbbb-3333cccc4444";
    static final String PUBLIC_CLIENT = "11112222-bbbb-3333-cccc-4444dddd5555";

    // The people of the examples in Graph's documentation.
    static final String MARA = "fa8bf3dc-eca7-46b7-bad1-db199b62afc3";
    static final String JONAS = "66825e03-7ef5-42da-9069-724602c31f6b";
    static final String PRIYA = "dc74d9bb-6afe-433d-8eaa-e39d80d3a647";

    static final String VIKTOR = "00a154d8-5ed8-4bcc-b5c7-19c2add9ca88";
    static final String VIKTORS_NAME = "viktor.novak@contoso.example";
    static final String NOBODY = "00000000-0000-4000-8000-000000000000";

    private static final long SIGN_IN_SECONDS_MAX = 60;

    static final GraphServiceClient APP = graphAt(URL, applicationAt(URL));
    static final GraphServiceClient PERSON = graphAt(URL, byDeviceCode());

    private Demo() {}

    static GraphServiceClient graphAt(String url, TokenCredential credential) {
        var hosts = new String[] {URI.create(url).getHost()};
        var authentication = new AzureIdentityAuthenticationProvider(credential, hosts, SCOPE);
        return new GraphServiceClient(new BaseGraphRequestAdapter(authentication, url + "/v1.0"));
    }

    static TokenCredential applicationAt(String url) {
        return new ClientSecretCredentialBuilder()
            .authorityHost(url)
            .disableInstanceDiscovery()
            .tenantId(TENANT)
            .clientId(APPLICATION)
            .clientSecret("demo-secret")
            .build();
    }

    private static TokenCredential byDeviceCode() {
        return new DeviceCodeCredentialBuilder()
            .authorityHost(URL)
            .disableInstanceDiscovery()
            .tenantId(TENANT)
            .clientId(PUBLIC_CLIENT)
            .challengeConsumer(Demo::signIn)
            .build();
    }

    private static void signIn(DeviceCodeInfo code) {
        var program = System.getenv("SIGN_IN");
        if (program == null) {
            System.err.println(code.getMessage() + " Choose Viktor Novák.");
            return;
        }

        try {
            var browser = new ProcessBuilder(program, code.getVerificationUrl(), code.getUserCode())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
            isTrue(browser.waitFor(SIGN_IN_SECONDS_MAX, TimeUnit.SECONDS), "the sign-in took too long");
            equal(0, browser.exitValue());
        } catch (IOException | InterruptedException error) {
            throw new IllegalStateException(error);
        }
    }

    static void equal(Object expected, Object actual) {
        isTrue(Objects.equals(expected, actual), actual + " and not " + expected);
    }

    static void isTrue(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }

    static ODataError errorOf(Program.Check request) throws Exception {
        try {
            request.run();
        } catch (ODataError error) {
            return error;
        }

        throw new AssertionError("there was no error");
    }
}
