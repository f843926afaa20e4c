using System.Collections.Immutable;
using OpenPresence.Server.Serialization;

namespace OpenPresence.Server.State.Subscriptions;

/// <summary>
/// A subscription as bytes and back: the same in a journal entry and in a snapshot. A flag says which of the
/// optional parts follow, in the order of the flags. Flags are part of the file formats: append, never renumber.
/// </summary>
internal static class SubscriptionPacking
{
    [Flags]
    private enum Has : uint
    {
        Nothing = 0,
        User = 1 << 0,
        People = 1 << 1,
        LifecycleUrl = 1 << 2,
        ClientState = 1 << 3,
        ResourceData = 1 << 4,
        Certificate = 1 << 5,
        CertificateId = 1 << 6,
        UrlAppId = 1 << 7,
        AllKnown = (1 << 8) - 1,
    }

    public static void Write(PackedWriter output, Subscription subscription)
    {
        var has = FlagsOf(subscription);
        output.Number((uint)has);
        output.Id(subscription.Id);
        output.Id(subscription.TenantId);
        output.Id(subscription.ApplicationId);
        output.Text(subscription.Resource);
        output.Text(subscription.NotificationUrl.OriginalString);
        output.Long(subscription.ExpiresAt.Ticks);
        output.Long(subscription.AuthorizedUntil.Ticks);
        output.Text(subscription.LatestSupportedTlsVersion);
        output.Long(subscription.DeliveredTo);
        if (subscription.UserId is { } userId)
        {
            output.Id(userId);
        }
        if (!subscription.WatchesEveryone)
        {
            output.Number((uint)subscription.People.Length);
            foreach (var person in subscription.People)
            {
                output.Id(person);
            }
        }
        WriteIfAny(output, subscription.LifecycleNotificationUrl?.OriginalString);
        WriteIfAny(output, subscription.ClientState);
        if (has.HasFlag(Has.Certificate))
        {
            output.Bytes(subscription.EncryptionCertificate.AsSpan());
        }
        WriteIfAny(output, subscription.EncryptionCertificateId);
        WriteIfAny(output, subscription.NotificationUrlAppId);
    }

    public static Subscription Read(ref PackedReader input)
    {
        var has = (Has)input.Number();
        if ((has & ~Has.AllKnown) != Has.Nothing)
        {
            throw PackedReader.Broken();
        }
        return new Subscription
        {
            Id = input.Id(),
            TenantId = input.Id(),
            ApplicationId = input.Id(),
            Resource = input.Text(),
            NotificationUrl = ReadUrl(ref input),
            ExpiresAt = RecordCodec.ReadInstant(ref input),
            AuthorizedUntil = RecordCodec.ReadInstant(ref input),
            LatestSupportedTlsVersion = Shared(input.Text()),
            DeliveredTo = input.Long(),
            UserId = has.HasFlag(Has.User) ? input.Id() : null,
            People = has.HasFlag(Has.People) ? ReadPeople(ref input) : default,
            LifecycleNotificationUrl = has.HasFlag(Has.LifecycleUrl) ? ReadUrl(ref input) : null,
            ClientState = ReadIf(ref input, has, Has.ClientState),
            IncludesResourceData = has.HasFlag(Has.ResourceData),
            EncryptionCertificate = has.HasFlag(Has.Certificate) ? ReadBytes(ref input) : [],
            EncryptionCertificateId = ReadIf(ref input, has, Has.CertificateId),
            NotificationUrlAppId = ReadIf(ref input, has, Has.UrlAppId),
        };
    }

    public static Uri ReadUrl(ref PackedReader input) =>
        Uri.TryCreate(input.Text(), UriKind.Absolute, out var url) ? url : throw PackedReader.Broken();

    private static Has FlagsOf(Subscription subscription)
    {
        static Has If(bool condition, Has flag) => condition ? flag : Has.Nothing;
        return If(subscription.UserId is not null, Has.User)
            | If(!subscription.WatchesEveryone, Has.People)
            | If(subscription.LifecycleNotificationUrl is not null, Has.LifecycleUrl)
            | If(subscription.ClientState is not null, Has.ClientState)
            | If(subscription.IncludesResourceData, Has.ResourceData)
            | If(!subscription.EncryptionCertificate.IsDefaultOrEmpty, Has.Certificate)
            | If(subscription.EncryptionCertificateId is not null, Has.CertificateId)
            | If(subscription.NotificationUrlAppId is not null, Has.UrlAppId);
    }

    private static ImmutableArray<Guid> ReadPeople(ref PackedReader input)
    {
        const int IdBytes = 16;
        var count = input.Number();
        if (count == 0 || count > input.BytesLeft / IdBytes)
        {
            throw PackedReader.Broken();
        }
        var people = ImmutableArray.CreateBuilder<Guid>((int)count);
        for (var i = 0; i < count; i++)
        {
            people.Add(input.Id());
        }
        return people.DrainToImmutable();
    }

    public static ImmutableArray<byte> ReadBytes(ref PackedReader input)
    {
        var bytes = input.TextBytes();
        return bytes.IsEmpty ? throw PackedReader.Broken() : [.. bytes];
    }

    private static void WriteIfAny(PackedWriter output, string? text)
    {
        if (text is not null)
        {
            output.Text(text);
        }
    }

    private static string? ReadIf(ref PackedReader input, Has has, Has flag) => has.HasFlag(flag) ? input.Text() : null;

    /// <summary>One of four words: thousands of subscriptions share it.</summary>
    private static string Shared(string word) => string.IsInterned(word) ?? word;
}
