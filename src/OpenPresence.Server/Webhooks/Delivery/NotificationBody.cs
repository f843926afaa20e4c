using System.Buffers;
using System.Buffers.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using OpenPresence.Engine;
using OpenPresence.Server.State.Subscriptions;

namespace OpenPresence.Server.Webhooks.Delivery;

/// <summary>
/// The JSON of notifications, members in the order of Graph's examples. Written straight as UTF-8: ids, instants and
/// base64 become no strings on the way.
/// </summary>
/// <remarks>
/// Source: https://learn.microsoft.com/graph/changenotifications-for-presence and, for those of the life of a
/// subscription, https://learn.microsoft.com/graph/change-notifications-lifecycle-events
/// </remarks>
internal static class NotificationBody
{
    private const int GuidChars = 36;
    private const int PlainBytesMax = 512;

    /// <summary>Base64 and time zones keep their plus signs; nobody puts this into a page.</summary>
    private static readonly JsonWriterOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>Writes the body of one POST.</summary>
    public static void Write(
        IBufferWriter<byte> output,
        ReadOnlySpan<Notice> notices,
        ReadOnlySpan<string> validationTokens
    )
    {
        using var json = new Utf8JsonWriter(output, Readable);
        json.WriteStartObject();
        json.WriteStartArray("value"u8);
        foreach (ref readonly var notice in notices)
        {
            json.WriteStartObject();
            if (notice.Kind == NoticeKind.Presence)
            {
                WritePresence(json, notice);
            }
            else
            {
                WriteLifecycle(json, notice);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (!validationTokens.IsEmpty)
        {
            json.WriteStartArray("validationTokens"u8);
            foreach (var token in validationTokens)
            {
                json.WriteStringValue(token);
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static void WritePresence(Utf8JsonWriter json, in Notice notice)
    {
        var subscription = notice.Watch.Subscription;
        json.WriteString("subscriptionId"u8, subscription.Id);
        json.WriteString("clientState"u8, subscription.ClientState);
        json.WriteString("changeType"u8, "updated"u8);
        json.WriteString("tenantId"u8, subscription.TenantId);
        json.WriteString("organizationId"u8, subscription.TenantId);
        WriteAround(json, "resource"u8, "communications/presences/"u8, notice.PersonId, ""u8);
        WriteExpiration(json, subscription);
        json.WriteStartObject("resourceData"u8);
        WriteIdentity(json, notice.PersonId);
        json.WriteEndObject();
        if (notice.Watch.Cipher is { } cipher)
        {
            WriteEncrypted(json, notice, cipher);
        }
    }

    private static void WriteEncrypted(Utf8JsonWriter json, in Notice notice, PresenceCipher cipher)
    {
        var plain = new ArrayBufferWriter<byte>(PlainBytesMax);
        WriteResource(plain, notice.PersonId, notice.Pair);
        var item = cipher.Encrypt(plain.WrittenSpan);
        json.WriteStartObject("encryptedContent"u8);
        json.WriteBase64String("data"u8, item.Data);
        json.WriteBase64String("dataSignature"u8, item.Signature);
        json.WriteBase64String("dataKey"u8, item.Key);
        json.WriteString("encryptionCertificateId"u8, cipher.CertificateId);
        json.WriteString("encryptionCertificateThumbprint"u8, cipher.Thumbprint);
        json.WriteEndObject();
    }

    /// <summary>What the recipient finds when it has decrypted an item.</summary>
    internal static void WriteResource(IBufferWriter<byte> output, Guid person, PresencePair pair)
    {
        using var json = new Utf8JsonWriter(output, Readable);
        json.WriteStartObject();
        WriteIdentity(json, person);
        json.WriteString("availability"u8, PairNames.Of(pair.Availability));
        json.WriteString("activity"u8, PairNames.Of(pair.Activity));
        json.WriteEndObject();
    }

    private static void WriteIdentity(Utf8JsonWriter json, Guid person)
    {
        WriteAround(json, "@odata.id"u8, "users/"u8, person, "/presence"u8);
        json.WriteString("@odata.type"u8, "#microsoft.graph.presence"u8);
        json.WriteString("id"u8, person);
    }

    private static void WriteLifecycle(Utf8JsonWriter json, in Notice notice)
    {
        var subscription = notice.Watch.Subscription;
        json.WriteString("subscriptionId"u8, subscription.Id);
        WriteExpiration(json, subscription);
        json.WriteString("tenantId"u8, subscription.TenantId);
        json.WriteString("clientState"u8, subscription.ClientState);
        json.WriteString(
            "lifecycleEvent"u8,
            notice.Kind switch
            {
                NoticeKind.ReauthorizationRequired => "reauthorizationRequired"u8,
                NoticeKind.SubscriptionRemoved => "subscriptionRemoved"u8,
                _ => "missed"u8,
            }
        );
    }

    private static void WriteExpiration(Utf8JsonWriter json, Subscription subscription) =>
        json.WriteString("subscriptionExpirationDateTime"u8, subscription.ExpiresAt.ToDateTimeOffset());

    private static void WriteAround(
        Utf8JsonWriter json,
        ReadOnlySpan<byte> name,
        ReadOnlySpan<byte> before,
        Guid id,
        ReadOnlySpan<byte> after
    )
    {
        Span<byte> text = stackalloc byte[before.Length + GuidChars + after.Length];
        before.CopyTo(text);
        Utf8Formatter.TryFormat(id, text[before.Length..], out _);
        after.CopyTo(text[(before.Length + GuidChars)..]);
        json.WriteString(name, text);
    }
}
