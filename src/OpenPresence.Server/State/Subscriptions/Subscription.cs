using System.Collections.Immutable;
using System.Text;
using OpenPresence.Engine;

namespace OpenPresence.Server.State.Subscriptions;

/// <summary>
/// A caller's wish to be told of changes of presence: Graph's subscription entity, and what delivery
/// needs beside it. A value; a change makes a new one.
/// </summary>
/// <remarks>Source: https://learn.microsoft.com/graph/api/resources/subscription</remarks>
public sealed record Subscription
{
    private readonly byte[] resource = [];

    /// <summary>Chosen by the node that took the request in.</summary>
    public required Guid Id { get; init; }

    /// <summary>No person of another tenant is ever matched.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>The application that created it.</summary>
    public required Guid ApplicationId { get; init; }

    /// <summary>The person on whose behalf it was created; null: the application's own.</summary>
    public required Guid? UserId { get; init; }

    /// <summary>
    /// The resource as the client spelled it; echoed in answers. Held in UTF-8, because one that lists 650 people
    /// would take 50 KB as a string, most of what its subscription takes.
    /// </summary>
    public required string Resource
    {
        get => Encoding.UTF8.GetString(resource);
        init => resource = Encoding.UTF8.GetBytes(value);
    }

    /// <summary>
    /// Whom it watches, in order and each once; default (not empty): everyone in the tenant.
    /// </summary>
    public required ImmutableArray<Guid> People { get; init; }

    /// <summary>Where notifications go.</summary>
    public required Uri NotificationUrl { get; init; }

    /// <summary>Where lifecycle notifications go; null: there are none.</summary>
    public Uri? LifecycleNotificationUrl { get; init; }

    /// <summary>What the client finds again in each notification; at most 128 characters.</summary>
    public string? ClientState { get; init; }

    /// <summary>When it ends unless renewed; by the node's clock.</summary>
    public required Instant ExpiresAt { get; init; }

    /// <summary>Until when the creator's token allows delivery; later than that it waits for reauthorisation.</summary>
    public required Instant AuthorizedUntil { get; init; }

    /// <summary>Whether notifications carry the presence, encrypted for the certificate.</summary>
    public bool IncludesResourceData { get; init; }

    /// <summary>The subscriber's X.509 certificate, DER; empty: none.</summary>
    public ImmutableArray<byte> EncryptionCertificate { get; init; } = [];

    /// <summary>The subscriber's name for the certificate; at most 128 characters.</summary>
    public string? EncryptionCertificateId { get; init; }

    /// <summary>As the client gave it, or Graph's default.</summary>
    public string LatestSupportedTlsVersion { get; init; } = "v1_2";

    /// <summary>
    /// The application that the tokens in notifications are made out for; null: the one that created it.
    /// </summary>
    public string? NotificationUrlAppId { get; init; }

    /// <summary>Every change up to this journal position was delivered, or is older than the subscription.</summary>
    public required long DeliveredTo { get; init; }

    /// <summary>Whether it watches everyone in its tenant.</summary>
    public bool WatchesEveryone => People.IsDefault;
}
