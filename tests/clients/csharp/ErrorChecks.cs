using System.Net;
using Microsoft.Graph;
using Microsoft.Graph.Communications.GetPresencesByUserId;
using Microsoft.Kiota.Http.HttpClientLibrary.Middleware.Options;
using static OpenPresence.Clients.Demo;
using static OpenPresence.Clients.DirectoryChecks;

namespace OpenPresence.Clients;

/// <summary>Several requests in one, and what goes wrong, as the SDK shows it.</summary>
internal static class ErrorChecks
{
    private const int RequestsUntilThrottledMax = 100;

    public static async Task BatchAsync()
    {
        var batch = new BatchRequestContentCollection(App);
        var mara = await batch.AddBatchRequestStepAsync(App.Users[Mara].Presence.ToGetRequestInformation());
        var nobody = await batch.AddBatchRequestStepAsync(App.Users[Nobody].Presence.ToGetRequestInformation());
        var set = await batch.AddBatchRequestStepAsync(
            App.Users[Viktor].Presence.SetPresence.ToPostRequestInformation(PresenceChecks.Session("Busy", "InACall"))
        );
        var answers = await App.Batch.PostAsync(batch);
        var statuses = await answers.GetResponsesStatusCodesAsync();
        Equal(HttpStatusCode.OK, statuses[set]);
        Equal(HttpStatusCode.NotFound, statuses[nobody]);
        var presence = await answers.GetResponseByIdAsync<Microsoft.Graph.Models.Presence>(mara);
        Equal("Busy/InAMeeting", PresenceChecks.Pair(presence));
        Equal("Busy/InACall", await PresenceChecks.ShownAsync());
        await PresenceChecks.ClearAsync();
    }

    public static async Task AsShownAsync()
    {
        var missing = await ErrorOfAsync(() => App.Users[Nobody].Presence.GetAsync());
        Equal(404, missing.ResponseStatusCode);
        Equal("Request_ResourceNotFound", missing.Error?.Code);
        True(missing.Error?.InnerError?.RequestId is not null && missing.Error.InnerError.Date is not null);

        var wrong = await ErrorOfAsync(() => PresenceChecks.SetAsync("Busy", "Available"));
        Equal(400, wrong.ResponseStatusCode);

        var ids = Enumerable.Range(0, 651).Select(n => $"00000000-0000-4000-8000-{n:D12}").ToList();
        var many = await ErrorOfAsync(() =>
            App.Communications.GetPresencesByUserId.PostAsGetPresencesByUserIdPostResponseAsync(
                new GetPresencesByUserIdPostRequestBody { Ids = ids }
            )
        );
        True(many.Message.Contains("650", StringComparison.Ordinal));

        var session = PresenceChecks.Session("Busy", "InACall");
        session.SessionId = PublicClient;
        var other = await ErrorOfAsync(() => SignedIn.Users[Mara].Presence.SetPresence.PostAsync(session));
        Equal(401, other.ResponseStatusCode);
        Equal(400, (await ErrorOfAsync(() => App.Me.Presence.GetAsync())).ResponseStatusCode);
    }

    public static async Task HostNotAllowedAsync()
    {
        using var graph = new GraphServiceClient(
            ApplicationAt(Url),
            ["https://graph.microsoft.com/.default"],
            $"{Url}/v1.0"
        );
        var error = await ErrorOfAsync(() => graph.Users[Mara].Presence.GetAsync());
        Equal(401, error.ResponseStatusCode);
        True(error.Message.Contains("allowed hosts", StringComparison.Ordinal));
    }

    public static async Task ThrottledAsync()
    {
        var url = Environment.GetEnvironmentVariable("THROTTLED_URL") is { Length: > 0 } given
            ? given
            : throw new SkippedException("no THROTTLED_URL");
        using var graph = GraphAt(url, ApplicationAt(url));
        var error = await ErrorOfAsync(async () =>
        {
            for (var request = 0; request < RequestsUntilThrottledMax; request++)
            {
                await graph
                    .Users[Mara]
                    .Presence.GetAsync(at => at.Options.Add(new RetryHandlerOption { MaxRetry = 0 }));
            }
        });
        Equal(429, error.ResponseStatusCode);
        Equal("TooManyRequests", error.Error?.Code);

        var wait = TimeSpan.FromSeconds(int.Parse(error.ResponseHeaders["Retry-After"].Single()));
        var start = TimeProvider.System.GetTimestamp();
        Equal("Busy/InAMeeting", PresenceChecks.Pair(await graph.Users[Mara].Presence.GetAsync()));
        True(TimeProvider.System.GetElapsedTime(start) > wait - TimeSpan.FromSeconds(1.5), "the client did not wait");
    }
}
