using System.Buffers;
using System.Net.Http.Headers;

namespace OpenPresence.Server.Webhooks.Delivery;

/// <summary>Makes the body of a POST, encrypts what is to be encrypted, and posts it. On any thread.</summary>
internal sealed class Sender(ReceiverClient client, ValidationTokens tokens, DeliveryPayloads? payloads, ILogger log)
{
    private static readonly MediaTypeHeaderValue Json = new("application/json", "utf-8");

    /// <summary>Whoever sends does not notice what is lost behind a gateway that took it.</summary>
    private static readonly ReceiverAnswer Lost = new(
        ReceiverFault.None,
        StatusCodes.Status202Accepted,
        null,
        default,
        TimeSpan.Zero,
        "lost by a fault of the control API"
    );

    /// <summary>What became of it; a fault of ours counts as one of the receiver's, and is logged.</summary>
    public async Task<ReceiverAnswer> SendAsync(
        Uri url,
        Guid requestId,
        Notice[] notices,
        InjectedEffect? effect,
        CancellationToken cancel
    )
    {
        if (effect is { Drop: true })
        {
            return Lost;
        }
        using var span = DeliveryTraces.Begin(url, requestId, notices.Length);
        try
        {
            var body = new ArrayBufferWriter<byte>(512 * notices.Length);
            var validationTokens = await TokensAsync(notices, effect is { ExpiredTokens: true }, cancel);
            NotificationBody.Write(body, notices, validationTokens);
            payloads?.Keep(requestId, body.WrittenSpan);
            var call = new ReceiverCall
            {
                Url = url,
                Body = body.WrittenMemory,
                ContentType = Json,
                TimeLimit = DeliveryLimits.AnswerTimeout,
                RequestId = requestId,
            };
            var answer = await client.PostAsync(call, cancel);
            span?.End(answer);
            if (effect is { Duplicate: true } && answer.IsSuccess)
            {
                await client.PostAsync(call, cancel);
            }
            return answer;
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

    private async ValueTask<string[]> TokensAsync(Notice[] notices, bool areExpired, CancellationToken cancel)
    {
        List<(string Audience, Guid Tenant)> wanted = [];
        foreach (var notice in notices)
        {
            if (notice.HasTokens)
            {
                var subscription = notice.Watch.Subscription;
                var audience = subscription.NotificationUrlAppId ?? subscription.ApplicationId.ToString();
                if (!wanted.Contains((audience, subscription.TenantId)))
                {
                    wanted.Add((audience, subscription.TenantId));
                }
            }
        }
        var made = new string[wanted.Count];
        for (var i = 0; i < made.Length; i++)
        {
            var (audience, tenant) = wanted[i];
            made[i] = areExpired
                ? await tokens.ExpiredAsync(audience, tenant, cancel)
                : await tokens.ForAsync(audience, tenant, cancel);
        }
        return made;
    }
}
