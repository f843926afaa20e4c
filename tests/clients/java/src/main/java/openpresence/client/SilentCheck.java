package openpresence.client;

import static openpresence.client.Demo.*;

import com.microsoft.aad.msal4j.PublicClientApplication;
import com.microsoft.aad.msal4j.SilentParameters;
import com.microsoft.aad.msal4j.UserNamePasswordParameters;
import java.util.Set;

/** What MSAL for Java does on port 443 only: elsewhere it leaves the port out of the addresses of its cache. */
final class SilentCheck {
    private SilentCheck() {}

    @SuppressWarnings("deprecation")
    static void renewal() throws Exception {
        var client = PublicClientApplication.builder(PUBLIC_CLIENT)
            .authority(URL + "/" + TENANT + "/")
            .instanceDiscovery(false)
            .build();
        var first = client
            .acquireToken(UserNamePasswordParameters
                .builder(Set.of(SCOPE), VIKTORS_NAME, "demo".toCharArray())
                .build())
            .get();
        var silent = SilentParameters.builder(Set.of(SCOPE), first.account());
        equal(first.accessToken(), client.acquireTokenSilently(silent.build()).get().accessToken());
        var renewed = client.acquireTokenSilently(silent.forceRefresh(true).build()).get();
        isTrue(!renewed.accessToken().equals(first.accessToken()), "not renewed");
    }
}
