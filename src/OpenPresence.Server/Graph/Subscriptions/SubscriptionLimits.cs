using OpenPresence.Server.Settings;

namespace OpenPresence.Server.Graph.Subscriptions;

/// <summary>
/// The numbers of subscriptions to presence: Graph's, with the page that states them, and ours. How many a tenant
/// may have is a setting (<see cref="ServerOptions.SubscriptionsPerTenantMax"/>).
/// </summary>
public static class SubscriptionLimits
{
    /// <summary>A subscription lives no longer (changenotifications-for-presence, D).</summary>
    public static readonly TimeSpan LifetimeMax = TimeSpan.FromMinutes(60);

    /// <summary>And no shorter: less is raised to this (changenotifications-for-presence, D).</summary>
    public static readonly TimeSpan LifetimeMin = TimeSpan.FromMinutes(45);

    /// <summary>Of <c>clientState</c>, in characters (resources/subscription, D).</summary>
    public const int ClientStateCharsMax = 128;

    /// <summary>Of <c>encryptionCertificateId</c>, in characters (resources/subscription, D).</summary>
    public const int CertificateIdCharsMax = 128;

    /// <summary>Of the certificate's key (change-notifications-with-resource-data, D).</summary>
    public const int KeyBitsMin = 2048;

    /// <summary>The longest key (change-notifications-with-resource-data, D).</summary>
    public const int KeyBitsMax = 4096;

    /// <summary>Of an address; ours.</summary>
    public const int UrlCharsMax = 2048;

    /// <summary>Of <c>resource</c>; ours. A list of 650 ids takes 26,000.</summary>
    public const int ResourceCharsMax = 32 * 1024;

    /// <summary>Of a certificate in base64; ours. One with a key of 4,096 bits takes about 2,500.</summary>
    public const int CertificateCharsMax = 16 * 1024;

    /// <summary>Subscriptions in one page of a list; ours.</summary>
    public const int PageMax = 500;
}
