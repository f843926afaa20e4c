using System.Buffers.Text;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.State.Subscriptions;

namespace OpenPresence.Server.Graph.Subscriptions;

/// <summary>Reads the caller's subscriptions, a page at a time.</summary>
/// <remarks>
/// <para>Route: GET /subscriptions</para>
/// <para>Permissions: Presence.Read.All for those that application and person made together, Subscription.Read.All for
/// all of the tenant; application: none in Graph, Presence.Read.All for its own as ours.</para>
/// <para>Body: none. Query: $skiptoken of an @odata.nextLink and nothing else.</para>
/// <para>Answers: 200 value[], clientState null, and @odata.nextLink while there are more; 400 another query
/// option; 401; 403; 429.</para>
/// <para>Source: https://learn.microsoft.com/graph/api/subscription-list</para>
/// </remarks>
public static class ListSubscriptions
{
    private const int IdBytes = 16;

    private static readonly string[] Supported = ["skiptoken"];

    public static ValueTask<Refusal?> Handle(GraphCall call)
    {
        if (QueryOptions.Parse(call, Supported, out var query) is { } refusal)
        {
            return new(refusal);
        }
        if (!TryRead(query.SkipToken, out var after))
        {
            return new(
                new Refusal(RefusalKind.BadRequest, "The $skiptoken is not one of ours.") { Target = "$skiptoken" }
            );
        }
        var page = call
            .Server.Node.State.Subscriptions.Of(call.Caller.TenantId, SubscriptionAccess.Visible(call), after)
            .Take(SubscriptionLimits.PageMax)
            .ToList();
        JsonAnswer.Write(
            call,
            SubscriptionJson.ListContext,
            json =>
            {
                json.WriteStartArray("value");
                foreach (var subscription in page)
                {
                    json.WriteStartObject();
                    SubscriptionJson.Write(json, call, subscription, showsClientState: false);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
                if (page.Count == SubscriptionLimits.PageMax)
                {
                    json.WriteString(
                        "@odata.nextLink",
                        $"{call.Root.Url}/subscriptions?$skiptoken={Write(OwnedKey.Of(page[^1]))}"
                    );
                }
            }
        );
        return default;
    }

    /// <summary>Where a page ended. What the caller sees is decided anew, so a forged one shows nothing more.</summary>
    private static string Write(OwnedKey last)
    {
        Span<byte> bytes = stackalloc byte[3 * IdBytes];
        last.ApplicationId.TryWriteBytes(bytes);
        last.UserId.TryWriteBytes(bytes[IdBytes..]);
        last.Id.TryWriteBytes(bytes[(2 * IdBytes)..]);
        return Base64Url.EncodeToString(bytes);
    }

    private static bool TryRead(string? token, out OwnedKey after)
    {
        after = default;
        if (token is null)
        {
            return true;
        }
        Span<byte> bytes = stackalloc byte[3 * IdBytes];
        if (
            !Base64Url.IsValid(token, out var length)
            || length != bytes.Length
            || !Base64Url.TryDecodeFromChars(token, bytes, out _)
        )
        {
            return false;
        }
        after = new OwnedKey(
            new Guid(bytes[..IdBytes]),
            new Guid(bytes[IdBytes..(2 * IdBytes)]),
            new Guid(bytes[(2 * IdBytes)..])
        );
        return true;
    }
}
