using System.Buffers;
using System.Collections.Immutable;
using OpenPresence.Server.Serialization;

namespace OpenPresence.Server.State.Subscriptions;

/// <summary>
/// Changes of subscriptions as bytes and back, for the journal. The first byte is the kind. Kinds are part of
/// the file format: append, never renumber; what this program does not know stops it, because skipping it
/// would make its state differ from the other nodes'.
/// </summary>
public static class SubscriptionChangeCodec
{
    private enum Kind : byte
    {
        Created = 1,
        Updated = 2,
        Reauthorized = 3,
        Deleted = 4,
        Delivered = 5,

        /// <summary>An update that brings a certificate; without one it keeps the bytes of older programs.</summary>
        Rekeyed = 6,
    }

    /// <summary>Appends the change's bytes.</summary>
    public static void Write(ArrayBufferWriter<byte> buffer, SubscriptionChange change)
    {
        var output = new PackedWriter(buffer);
        switch (change)
        {
            case SubscriptionCreated c:
                output.Byte((byte)Kind.Created);
                SubscriptionPacking.Write(output, c.Subscription);
                output.Number((uint)c.InTenantMax);
                output.Byte(c.IsOnlyOne ? (byte)1 : (byte)0);
                break;
            case SubscriptionUpdated c:
                output.Byte((byte)(c.EncryptionCertificate.IsEmpty ? Kind.Updated : Kind.Rekeyed));
                output.Id(c.Id);
                RecordCodec.WriteOptional(output, c.ExpiresAt);
                output.OptionalText(c.NotificationUrl?.OriginalString);
                output.Long(c.AuthorizedUntil.Ticks);
                if (!c.EncryptionCertificate.IsEmpty)
                {
                    output.Bytes(c.EncryptionCertificate.AsSpan());
                    output.Text(
                        c.EncryptionCertificateId
                            ?? throw new InvalidOperationException("A certificate without a name is refused before.")
                    );
                }
                break;
            case SubscriptionReauthorized c:
                output.Byte((byte)Kind.Reauthorized);
                output.Id(c.Id);
                output.Long(c.AuthorizedUntil.Ticks);
                break;
            case SubscriptionDeleted c:
                output.Byte((byte)Kind.Deleted);
                output.Id(c.Id);
                break;
            case SubscriptionsDelivered c:
                output.Byte((byte)Kind.Delivered);
                WritePositions(output, c.Positions);
                break;
            default:
                throw new NotSupportedException($"No bytes for {change.GetType().Name}.");
        }
    }

    /// <summary>The change that the bytes, all of them, say.</summary>
    /// <exception cref="InvalidDataException">Damaged, or written by a newer program.</exception>
    public static SubscriptionChange Read(ReadOnlySpan<byte> bytes)
    {
        var input = new PackedReader(bytes);
        SubscriptionChange change = (Kind)input.Byte() switch
        {
            Kind.Created => new SubscriptionCreated(
                SubscriptionPacking.Read(ref input),
                (int)input.Number(),
                ReadFlag(ref input)
            ),
            Kind.Updated => ReadUpdated(ref input),
            Kind.Rekeyed => ReadUpdated(ref input) with
            {
                EncryptionCertificate = SubscriptionPacking.ReadBytes(ref input),
                EncryptionCertificateId = input.Text(),
            },
            Kind.Reauthorized => new SubscriptionReauthorized(input.Id(), RecordCodec.ReadInstant(ref input)),
            Kind.Deleted => new SubscriptionDeleted(input.Id()),
            Kind.Delivered => new SubscriptionsDelivered(ReadPositions(ref input)),
            _ => throw PackedReader.Broken(),
        };
        return input.AtEnd ? change : throw PackedReader.Broken();
    }

    private static SubscriptionUpdated ReadUpdated(ref PackedReader input) =>
        new(
            input.Id(),
            RecordCodec.ReadOptional(ref input),
            ReadFlag(ref input) ? SubscriptionPacking.ReadUrl(ref input) : null,
            RecordCodec.ReadInstant(ref input)
        );

    private static bool ReadFlag(ref PackedReader input) =>
        input.Byte() switch
        {
            0 => false,
            1 => true,
            _ => throw PackedReader.Broken(),
        };

    private static void WritePositions(PackedWriter output, ImmutableArray<DeliveredPosition> positions)
    {
        if (positions.Length > SubscriptionsDelivered.PositionsMax)
        {
            throw new ArgumentException(
                $"More than {SubscriptionsDelivered.PositionsMax} positions.",
                nameof(positions)
            );
        }
        output.Number((uint)positions.Length);
        foreach (var (id, deliveredTo) in positions)
        {
            output.Id(id);
            output.Long(deliveredTo);
        }
    }

    private static ImmutableArray<DeliveredPosition> ReadPositions(ref PackedReader input)
    {
        var count = input.Number();
        if (count > SubscriptionsDelivered.PositionsMax)
        {
            throw PackedReader.Broken();
        }
        var positions = ImmutableArray.CreateBuilder<DeliveredPosition>((int)count);
        for (var i = 0; i < count; i++)
        {
            positions.Add(new(input.Id(), input.Long()));
        }
        return positions.DrainToImmutable();
    }
}
