using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph.Subscriptions;

/// <summary>
/// The handshakes of a request, one address after the other: both are asked even if they are the same, as Graph
/// does. Before the journal, so an address that does not answer costs no other caller anything.
/// </summary>
internal static class SubscriptionHandshakes
{
    /// <summary>What a client is told to wait when too many others wait for their receivers.</summary>
    public const int BusyRetryAfterSeconds = 10;

    /// <summary>Asks each address that there is; the refusal names the member of the first that fails.</summary>
    public static async ValueTask<Refusal?> AskAsync(GraphCall call, params (string Member, Uri? Url)[] addresses)
    {
        var handshake = call.Server.Handshake;
        if (!handshake.TryEnter())
        {
            return new Refusal(RefusalKind.Throttled) { RetryAfterSeconds = BusyRetryAfterSeconds };
        }
        try
        {
            foreach (var (member, url) in addresses)
            {
                if (url is not null && await handshake.AskAsync(url, call.Http.RequestAborted) is { } failure)
                {
                    return new Refusal(RefusalKind.ReceiverNotValidated, failure) { Target = member };
                }
            }
            return null;
        }
        finally
        {
            handshake.Leave();
        }
    }
}
