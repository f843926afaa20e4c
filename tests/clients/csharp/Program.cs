// Presence with the Microsoft Graph SDK for .NET: what Graph's presence pages show, then each other operation once.
// One PASS or FAIL a check; the status is 1 when one failed. It wants the demo tenant, and leaves it as it was.
//
//   GRAPH_URL      https://localhost:5443   the server: Graph under /v1.0, tokens from the same origin
//   THROTTLED_URL                           a second one, started with a low --throttle-limit; without it that check is skipped
//   SIGN_IN                                 a program that signs a person in: SIGN_IN URL CODE; without it a person does
//   SSL_CERT_FILE                           the server's authority, data/tls/ca.pem

using Microsoft.Graph;
using OpenPresence.Clients;

var version = typeof(GraphServiceClient).Assembly.GetName().Version!.ToString(3);
(string Name, Func<Task> Check)[] checks =
[
    ("the presence of a person", PresenceChecks.OfAPersonAsync),
    ("the presence of the person who signed in", PresenceChecks.OfThePersonWhoSignedInAsync),
    ("the presence of several people", PresenceChecks.OfSeveralPeopleAsync),
    ("all presences, page by page", PresenceChecks.OfAllAsync),
    ("setPresence and clearPresence", PresenceChecks.SessionAsync),
    ("setUserPreferredPresence and clearUserPreferredPresence", PresenceChecks.PreferredAsync),
    ("setStatusMessage", PresenceChecks.StatusMessageAsync),
#if !WITHOUT_LOCATIONS
    ("work locations", LocationChecks.WorkLocationAsync),
#endif
    ("people by pages, $filter, $search, $count", DirectoryChecks.PeopleAsync),
    ("a person, the people around, the manager, the organization", DirectoryChecks.PersonAsync),
    ("photos", DirectoryChecks.PhotoAsync),
    ("automatic replies", DirectoryChecks.AutomaticRepliesAsync),
    ("a subscription and its notification", SubscriptionChecks.NotificationAsync),
    ("a notification with presence is opened, and its token confirmed", SubscriptionChecks.EncryptedAsync),
    ("a batch", ErrorChecks.BatchAsync),
    ("errors as the SDK shows them", ErrorChecks.AsShownAsync),
    ("a host that is not allowed gets no token, and the 401 says so", ErrorChecks.HostNotAllowedAsync),
    ("429 and Retry-After", ErrorChecks.ThrottledAsync),
];

var failed = 0;
foreach (var (name, check) in checks)
{
    try
    {
        await check();
        Console.WriteLine($"PASS {name} (Microsoft.Graph {version})");
    }
    catch (SkippedException skipped)
    {
        Console.WriteLine($"SKIP {name} (Microsoft.Graph {version}): {skipped.Message}");
    }
    catch (Exception exception)
    {
        failed++;
        var said = string.Join(' ', exception.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Console.WriteLine($"FAIL {name} (Microsoft.Graph {version}): {said[..Math.Min(said.Length, 800)]}");
    }
}

return failed == 0 ? 0 : 1;
