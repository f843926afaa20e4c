using System.Buffers;
using System.Net.Http.Headers;
using OpenPresence.Server.Outgoing;

namespace OpenPresence.Server.Delivery;

/// <summary>Makes the body of a POST, encrypts what is to be encrypted, and posts it. On any thread.</summary>
internal sealed class Sender(ReceiverClient client, ValidationTokens tokens, ILogger log)
{
    private static readonly MediaTypeHeaderValue Json = new("application/json", "utf-8");

    /// <summary>What became of it; a fault of ours counts as one of the receiver's, and is logged.</summary>
    public async Task<ReceiverAnswer> SendAsync(
        Uri url,
        Guid requestId,
        Notice[] notices,
        CancellationToken cancel
    )
    {
        try
        {
            var body = new ArrayBufferWriter<byte>(512 * notices.Length);
            var validationTokens = await TokensAsync(notices, cancel);
            NotificationBody.Write(body, notices, validationTokens);
            return await client.PostAsync(
                new ReceiverCall
                {
                    Url = url,
                    Body = body.WrittenMemory,
                    ContentType = Json,
                    TimeLimit = DeliveryLimits.AnswerTimeout,
                    RequestId = requestId,
                },
                cancel
            );
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return new(ReceiverFault.Unreachable, 0, null, default, TimeSpan.Zero, "stopping");
        }
        catch (Exception failure)
        {
            log.LogError(failure, "Notifications to {Host} could not be made.", url.Host);
            return new(ReceiverFault.Malformed, 0, null, default, TimeSpan.Zero, failure.Message);
        }
    }

    private async ValueTask<string[]> TokensAsync(Notice[] notices, CancellationToken cancel)
    {
        List<(string Audience, Guid Tenant)> wanted = [];
        foreach (var notice in notices)
        {
            if (notice is { Kind: NoticeKind.Presence, Watch.Cipher: not null })
            {
                var subscription = notice.Watch.Subscription;
                var audience =
                    subscription.NotificationUrlAppId ?? subscription.ApplicationId.ToString();
                if (!wanted.Contains((audience, subscription.TenantId)))
                {
                    wanted.Add((audience, subscription.TenantId));
                }
            }
        }
        var made = new string[wanted.Count];
        for (var i = 0; i < made.Length; i++)
        {
            made[i] = await tokens.ForAsync(wanted[i].Audience, wanted[i].Tenant, cancel);
        }
        return made;
    }
}
